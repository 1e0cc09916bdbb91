"""What operations must come out as, computed by dull loops in Python's own numbers, which have no end."""

import cmath
import math
from fractions import Fraction
from typing import Any

import numpy as np

Grid = list[list[Any]]


def convolve(x: Any, w: Any, mode: str) -> np.ndarray:
    """Convolve by the definition: each input cell spreads the kernel over the cells that follow it."""
    dimensions = np.ndim(x)
    a, b = lift(x), lift(w)
    full = [[a[0][0] * 0] * (len(a[0]) + len(b[0]) - 1) for _ in range(len(a) + len(b) - 1)]
    for i in range(len(a)):
        for j in range(len(a[0])):
            for k in range(len(b)):
                for m in range(len(b[0])):
                    full[i + k][j + m] += a[i][j] * b[k][m]
    rows = kept(len(a), len(b), mode)
    columns = kept(len(a[0]), len(b[0]), mode)
    cut = np.array([[full[i][j] for j in columns] for i in rows], dtype=object)
    return cut if dimensions == 2 else cut[0]


def correlate(x: Any, w: Any, mode: str) -> np.ndarray:
    """Cross-correlate: convolve with the flipped kernel."""
    return convolve(x, np.flip(np.asarray(w)), mode)


def kept(size: int, kernel: int, mode: str) -> range:
    """Return which cells of a full convolution a mode keeps, along one axis."""
    if mode == "full":
        return range(size + kernel - 1)
    if mode == "same":
        return range((kernel - 1) // 2, (kernel - 1) // 2 + size)
    return range(kernel - 1, size)


def lift(values: Any) -> Grid:
    """Write an array as rows of Python's integers, or of fractions that are exactly its floats."""
    array = np.atleast_2d(np.asarray(values))
    if array.dtype.kind == "f":
        return [[Fraction(float(value)) for value in row] for row in array]
    return [[int(value) for value in row] for row in array]


def rounding(x: np.ndarray, w: np.ndarray) -> float:
    """Bound how far the rounding of float64 can move a sum of products."""
    return 1e-14 * float(np.abs(x.astype(float)).max() * np.abs(w.astype(float)).sum())


# --- transposed convolutions, matrices and gradients of layers


def conv_transpose(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    stride: Any,
    padding: Any,
    more: Any,
    dilation: Any,
    groups: int,
) -> np.ndarray:
    """Stamp by the definition: every number of the input times every weight it meets, each added where it falls."""
    spatial = zip(x.shape[1:], weight.shape[2:], stride, padding, more, dilation, strict=True)
    sizes = [(n - 1) * s - 2 * p + d * (k - 1) + o + 1 for n, k, s, p, o, d in spatial]
    each, from_each = weight.shape[1], len(x) // groups
    output = np.empty((each * groups, *sizes), dtype=object)
    for number, added in enumerate(bias):
        output[number] = exactly(added)
    for channel, *at in np.ndindex(x.shape):
        for number, *offset in np.ndindex(weight.shape[1:]):
            along = zip(at, offset, stride, padding, dilation, strict=True)
            cell = tuple(a * s + o * d - p for a, o, s, p, d in along)
            if all(0 <= c < n for c, n in zip(cell, sizes, strict=True)):
                product = exactly(x[(channel, *at)]) * exactly(weight[(channel, number, *offset)])
                output[(channel // from_each * each + number, *cell)] += product
    return output


def exactly(number: Any) -> Any:
    """Write a number as Python's integer, or as the fraction that is exactly its float."""
    return Fraction(float(number)) if np.asarray(number).dtype.kind == "f" else int(number)


def layer_terms(
    x_shape: Any, weight_shape: Any, stride: Any, padding: Any, dilation: Any, groups: int, mode: str, flip: bool
) -> list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...] | None]]:
    """List every product of a layer: output cell, weight as given, and input cell, None where that is a zero.

    ``padding`` is a pair (before, after) for each axis.
    """
    axes = list(zip(x_shape[1:], weight_shape[2:], stride, padding, dilation, strict=True))
    out = [(n + sum(p) - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes]
    terms = []
    for filter_index, *cell in np.ndindex(weight_shape[0], *out):
        for channel, *offset in np.ndindex(weight_shape[1:]):
            cells = [
                source(at * s + o * d - p[0], n, mode)
                for at, o, (n, _, s, p, d) in zip(cell, offset, axes, strict=True)
            ]
            given = [k - 1 - o if flip else o for o, (_, k, *_) in zip(offset, axes, strict=True)]
            first = filter_index // (weight_shape[0] // groups) * weight_shape[1]
            met = None if None in cells else (first + channel, *cells)
            terms.append(((filter_index, *cell), (filter_index, channel, *given), met))
    return terms


def source(at: int, size: int, mode: str) -> int | None:
    """Return which cell of an axis a cell of its border is a copy of."""
    if 0 <= at < size:
        return at
    if mode == "replicate":
        return min(max(at, 0), size - 1)
    if mode == "reflect":
        return -at if at < 0 else 2 * (size - 1) - at
    if mode == "symmetric":
        return -at - 1 if at < 0 else 2 * size - 1 - at
    return at % size if mode == "circular" else None


# --- pooling


def pool(
    x: np.ndarray,
    size: Any,
    kind: str,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    count_include_pad: bool,
) -> tuple[np.ndarray, dict[tuple[int, ...], tuple[int, ...]]]:
    """Pool by the definition, and tell where in the input each maximum stands first; ``padding`` in pairs."""
    axes = list(zip(x.shape[1:], size, stride, padding, dilation, strict=True))
    output = np.empty((len(x), *(len(pool_windows(*axis, ceil_mode)) for axis in axes)), dtype=object)
    winners = {}
    for channel, *cell in np.ndindex(output.shape):
        starts = [at * axis[2] - axis[3][0] for at, axis in zip(cell, axes, strict=True)]
        inside, divisor = [], 0
        for offset in np.ndindex(*size):
            met = [at + o * axis[4] for at, o, axis in zip(starts, offset, axes, strict=True)]
            within = all(0 <= m < axis[0] for m, axis in zip(met, axes, strict=True))
            padded = all(m < axis[0] + axis[3][1] for m, axis in zip(met, axes, strict=True))
            divisor += within or (count_include_pad and padded)
            inside += [(channel, *met)] if within else []
        numbers = [exactly(x[met]) for met in inside]
        output[(channel, *cell)] = max(numbers) if kind == "max" else Fraction(sum(numbers)) / divisor
        winners[(channel, *cell)] = inside[numbers.index(max(numbers))]
    return output, winners


def pool_windows(
    size: int, kernel: int, stride: int, padding: tuple[int, int], dilation: int, ceil_mode: bool
) -> list[int]:
    """List where the windows along an axis start."""
    before, after = padding
    last = size + after - dilation * (kernel - 1) - 1
    starts = [at for at in range(-before, size + after, stride) if at <= last]
    following = -before + len(starts) * stride
    reaches_further = following - stride < last and following < size
    return [*starts, following] if ceil_mode and reaches_further else starts


# --- template matching, spectra, learning


def match_scores(image: np.ndarray, template: np.ndarray, metric: str) -> np.ndarray:
    """Compare a template with every window by the definition of the metric; a flat one of the two counts as 0."""
    places = [n - k + 1 for n, k in zip(image.shape, template.shape, strict=True)]
    scores = np.empty(places, dtype=object)
    wanted = [exactly(value) for value in template.flat]
    for place in np.ndindex(*places):
        window = tuple(slice(at, at + k) for at, k in zip(place, template.shape, strict=True))
        found = [exactly(value) for value in image[window].flat]
        scores[place] = match_score(found, wanted, metric)
    return scores


def match_score(found: list[Any], wanted: list[Any], metric: str) -> Any:
    """Compare one window, as numbers in a row."""
    if metric == "correlation":
        return sum(a * b for a, b in zip(found, wanted, strict=True))
    if metric in ("ssd", "mse"):
        squares = sum((a - b) ** 2 for a, b in zip(found, wanted, strict=True))
        return squares if metric == "ssd" else Fraction(squares) / len(wanted)
    means = [Fraction(sum(numbers)) / len(numbers) for numbers in (found, wanted)]
    pairs = [(a - means[0], b - means[1]) for a, b in zip(found, wanted, strict=True)]
    squares = sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)
    return float(sum(a * b for a, b in pairs)) / math.sqrt(squares) if squares else 0.0


def transform(array: np.ndarray, shape: Any) -> np.ndarray:
    """Sum up waves by the definition of the discrete Fourier transform, zero-padded."""
    found = np.zeros(shape, dtype=complex)
    for frequency in np.ndindex(*shape):
        for at, value in np.ndenumerate(array):
            turns = sum(Fraction(f * i, n) for f, i, n in zip(frequency, at, shape, strict=True)) % 1
            found[frequency] += value * cmath.exp(-2j * math.pi * float(turns))
    return found


def squared_error(x: np.ndarray, kernel: np.ndarray, target: np.ndarray, mode: str) -> tuple[Any, np.ndarray]:
    """Average the squared errors of a cross-correlation, and differentiate: each weight's, term by term."""
    errors = correlate(x, kernel, mode) - np.vectorize(exactly, otypes=[object])(target)
    loss = sum(error * error for error in errors.flat) / Fraction(target.size)
    gradient = np.empty(kernel.shape, dtype=object)
    for offset in np.ndindex(kernel.shape):
        only = np.zeros(kernel.shape, dtype=int)
        only[offset] = 1
        gradient[offset] = (errors * correlate(x, only, mode)).sum() * Fraction(2, target.size)
    return loss, gradient
