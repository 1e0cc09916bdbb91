"""The scores of 'normalized' for large templates, from sums over windows, whatever the size of the template.

The scores need three sums over each window: of its numbers, of their squares, and of their products with the template.
The first two are differences of running sums, the third is a cross-correlation. Floats would lose digits there: where
the contrast of a window is low, almost equal numbers are subtracted. So every number is written as (h + r)·2ᵉ with
integers h and r·2ᵇ, whose sums are exact, and windows of low contrast are computed one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, frexp, fsum, log2, prod
from typing import Any

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.correlation import correlated
from convviz.operations.arithmetic.transforms import correlate_by_transforms
from convviz.operations.matching.flatness import centred, flat_length, is_flat
from convviz.trace import Array

_LEAST = {"i": 30, "f": 80}
"""The number of cells of a template from which on sums over windows are faster; measured."""
_STRIP = 1 << 16
"""How many windows are compared at a time, so that little extra memory is needed."""
_GATHERED = 1 << 19
"""How many numbers of windows of low contrast are computed at a time."""
_LOW_CONTRAST = 2.0**-7
"""The least standard deviation of a window, as a fraction of the largest number, for which sums are accurate."""
_MANY = 0.25
"""The fraction of windows of low contrast from which on all are computed in another way."""
_SAFE = 2.0**300
"""Numbers between this and its reciprocal have squares that are far from the ends of floats."""


def normalized_by_sums(image: Array, template: Array) -> Array | None:
    """Compute the score 'normalized' of every window.

    Parameters
    ----------
    image, template : ndarray
        Of int64 or float64, with as many dimensions, the template not larger.

    Returns
    -------
    ndarray or None
        The scores; 0 where the window or the template is flat. None if computing them window by window is faster, or
        the numbers are very large or very small.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> image = random.integers(0, 256, (50, 50))
    >>> round(float(normalized_by_sums(image, image[10:20, 30:40])[10, 30]), 12)
    1.0
    """
    shape = tuple(n - k + 1 for n, k in zip(image.shape, template.shape, strict=True))
    largest, least = exact.magnitude(image), _LEAST[np.result_type(image, template).kind]
    sizes = (size for size in (largest, exact.magnitude(template)) if size)
    if template.size < least or is_flat(template) or not all(1 / _SAFE < size < _SAFE for size in sizes):
        return None
    sums = _exact_sums(image, template) or _Floats.of(image, template, largest)
    products = sums.products(image)
    if products is None:
        return None
    scores = np.empty(shape) if products.dtype.kind == "i" else products
    for rows in _strips(shape):
        scores[rows] = sums.scores(image[rows.start : rows.stop + len(template) - 1], products[rows])
    return np.asarray(np.clip(scores, -1, 1, out=scores))  # rounding may make a score slightly larger than 1


def window_by_window(image: Array, template: Array, *, integers: bool = False) -> Array:
    """Compute the score 'normalized' of every window, one cell of the template after the other.

    Scores that do not fit float64 are infinite. ``integers`` says that the image's numbers were not rounded, so that
    windows are flat only if all their numbers are equal.

    Examples
    --------
    >>> window_by_window(np.array([1.0, 2, 4]), np.array([3.0, 5]))
    array([1., 1.])
    """
    pattern = centred(template)
    # The window's first cell is subtracted, so that a flat window is exactly 0 in spite of rounding.
    first, _ = next(cells_met(image, pattern))
    mean = sum(cells - first for cells, _ in cells_met(image, pattern)) / pattern.size
    products, squares = np.zeros(first.shape), np.zeros(first.shape)
    for cells, weight in cells_met(image, pattern):
        found = cells - first - mean
        products += found * weight
        squares += found * found
    own = np.sqrt(squares)
    lengths = own * np.sqrt(np.square(pattern).sum())
    has_pattern = own > (0 if integers else flat_length(first, template.size))
    scores: Array = np.divide(products, lengths, out=np.zeros(first.shape), where=has_pattern & (lengths > 0))
    np.clip(scores, -1, 1, out=scores)  # rounding may make a score slightly larger than 1
    scores[~np.isfinite(products + lengths)] = np.inf  # these are refused later, not taken for flat
    return scores


def cells_met(image: Array, template: Array) -> Iterator[tuple[Array, Any]]:
    """Go through the template's cells: for each, the image cells that it meets, one for each window, and its number."""
    axes = (Axis(size=n, kernel=k) for n, k in zip(image.shape, template.shape, strict=True))
    geometry = Geometry(tuple(axes))
    return ((image[geometry.reads(offset)], weight) for offset, weight in np.ndenumerate(template))


def _strips(shape: tuple[int, ...]) -> Iterator[slice]:
    rows = max(1, _STRIP // prod(shape[1:]))
    return (slice(start, min(start + rows, shape[0])) for start in range(0, shape[0], rows))


def window_sums(numbers: Array, shape: tuple[int, ...]) -> Array:
    """Add up the numbers in each window. Integers may overflow on the way, but not in their sums.

    Examples
    --------
    >>> window_sums(np.array([[1, 2, 3], [4, 5, 6]]), (2, 2))
    array([[12, 16]])
    """
    size = shape[-1]
    running = np.cumsum(numbers, axis=-1)
    sums = running[..., size - 1 :]
    sums[..., 1:] -= running[..., :-size].copy()
    return sums if len(shape) == 1 else _sums_of_rows(sums, shape[0])


def _sums_of_rows(numbers: Array, size: int) -> Array:
    """Add up each ``size`` rows that follow each other: `numpy.cumsum` along columns takes ten times as long."""
    sums = np.empty((len(numbers) - size + 1, numbers.shape[1]), dtype=numbers.dtype)
    numbers[:size].sum(axis=0, out=sums[0])
    for row, (before, after) in enumerate(zip(numbers, numbers[size:], strict=False)):
        np.add(sums[row], after, out=sums[row + 1])
        sums[row + 1] -= before
    return sums


def _exact_sums(image: Array, template: Array) -> "_Integers | None":
    """Return the sums for integers, if they fit int64 and can be turned into floats without rounding twice."""
    if image.dtype.kind != "i" or template.dtype.kind != "i":
        return None
    ends = [(int(array.min()), int(array.max())) for array in (image, template)]
    middles = [(low + high) // 2 for low, high in ends]
    ranges = [high - middle + 1 for (_, high), middle in zip(ends, middles, strict=True)]
    if template.size**2 * max(ranges) ** 2 >= 2**62:
        return None
    return _Integers(middles[0], template - middles[1], ranges[0] * ranges[1] * template.size)


@dataclass(frozen=True)
class _Integers:
    """Scores of integers. All sums are exact; n times them are compared, so that means are integers as well."""

    middle: int
    template: Array
    limit: float

    def products(self, image: Array) -> Array | None:
        return correlated(image - self.middle, self.template, self.limit)

    def scores(self, image: Array, products: Array) -> Array:
        count, template = self.template.size, self.template
        numbers = image - self.middle
        sums = window_sums(numbers, template.shape)
        total = int(template.sum())
        variation = (count * window_sums(numbers * numbers, template.shape) - sums * sums).astype(float)
        own = float(count * int((template * template).sum()) - total * total)
        products = (count * products - total * sums).astype(float)
        lengths = np.sqrt(variation * own)
        return np.asarray(np.divide(products, lengths, out=np.zeros(lengths.shape), where=lengths > 0))


@dataclass(frozen=True)
class _Floats:
    """Scores of floats, which are written as (h + middle + r)·2^exponent."""

    template: Array
    pattern: Array
    exponent: int
    middle: int
    bits: tuple[int, int]

    @classmethod
    def of(cls, image: Array, template: Array, largest: float) -> "_Floats":
        bits = floor(31 - log2(template.size))
        more = floor(61 - log2(template.size)) - bits
        exponent = frexp(largest)[1] - bits
        middle = round((float(image.max()) / 2 + float(image.min()) / 2) * 2.0**-exponent)
        return cls(template.astype(float), centred(template), exponent, middle, (bits, more))

    def products(self, image: Array) -> Array | None:
        # These are accurate even if the products are much larger than their sum.
        return correlate_by_transforms(image.astype(float, copy=False), self.pattern)

    def scores(self, image: Array, products: Array) -> Array:
        image, count = image.astype(float, copy=False), self.pattern.size
        mean, variation = self._mean_and_variation(image)
        own = float(np.square(self.pattern).sum())
        squares = variation * own
        # The pattern adds up to 0 but for the rounding of its numbers.
        products = products - mean * fsum(self.pattern.flat)
        lengths = np.sqrt(squares)
        low = variation < count * (_LOW_CONTRAST * 2.0 ** (self.bits[0] + self.exponent)) ** 2
        scores: Array = np.divide(products, lengths, out=np.zeros(lengths.shape), where=~low & (lengths > 0))
        if low.any():
            low &= ~_flat_windows(image, self.pattern.shape)
            if np.count_nonzero(low) > _MANY * low.size:
                return window_by_window(image, self.template)
            self._compute_one_by_one(image, low, scores)
        return scores

    def _mean_and_variation(self, image: Array) -> tuple[Array, Array]:
        """Return the mean of each window, and the sum of the squared differences from it."""
        shape, count = self.pattern.shape, self.pattern.size
        rest = image * 2.0**-self.exponent
        coarse = np.rint(rest)
        rest -= coarse
        coarse -= self.middle
        whole = coarse.astype(np.int64)
        sums = window_sums(whole, shape)
        variation = (count * window_sums(whole * whole, shape) - sums * sums).astype(float)
        mean = sums.astype(float)
        if rest.any():
            units = 2.0 ** self.bits[1]
            parts = np.rint(np.multiply(rest, units, out=coarse), out=coarse).astype(np.int64)
            rests = window_sums(parts, shape) / units
            # The products of h and r are exact; in the small squares of r, rounding does not matter.
            whole *= 2 * parts
            rest *= rest
            whole += np.rint(np.multiply(rest, units, out=rest), out=rest).astype(np.int64)
            variation += count * (window_sums(whole, shape) / units) - (2 * mean + rests) * rests
            mean += rests
        mean /= count
        mean += self.middle
        mean *= 2.0**self.exponent
        variation *= 4.0**self.exponent / count
        return mean, np.maximum(variation, 0, out=variation)

    def _compute_one_by_one(self, image: Array, chosen: Array, scores: Array) -> None:
        windows = np.lib.stride_tricks.sliding_window_view(image, self.pattern.shape)
        places = np.nonzero(chosen)
        many = max(1, _GATHERED // self.pattern.size)
        pattern = self.pattern.reshape(-1)
        own = float(np.square(pattern).sum())
        for start in range(0, len(places[0]), many):
            at = tuple(place[start : start + many] for place in places)
            cells = windows[at].reshape(len(at[0]), -1)
            first = cells[:, 0]
            cells = cells - cells[:, :1]
            cells -= cells.mean(axis=1, keepdims=True)
            squares = np.einsum("ij,ij->i", cells, cells)
            has_pattern = np.sqrt(squares) > flat_length(first, pattern.size)
            found = np.divide(cells @ pattern, np.sqrt(squares * own), out=np.zeros(len(cells)), where=has_pattern)
            scores[at] = found


def _flat_windows(image: Array, shape: tuple[int, ...]) -> Array:
    """Return which windows hold one number only: those within which no cell differs from the next."""
    flat = np.ones([n - k + 1 for n, k in zip(image.shape, shape, strict=True)], dtype=bool)
    for axis in range(image.ndim):
        if shape[axis] > 1:
            differs = np.diff(image, axis=axis) != 0
            within = tuple(k - (a == axis) for a, k in enumerate(shape))
            flat &= window_sums(differs.astype(np.int64), within) == 0
    return flat
