"""Tiles: an input divided into overlapping parts of one size, whose Fourier transforms a processor's cache can hold.

A transform in floats has a rounding error. For one of size N, with the prime factors p of N, it is at most
K · 2⁻⁵³ times the length of the transformed vector, where K = 1.06 · Σ (2p)^1.5 (Gentleman and Sande, "Fast Fourier
Transforms: for Fun and Profit", 1966). A cross-correlation takes two transforms, a product, and a transform back. The
sizes of the numbers that are transformed back add up to at most N·‖x‖·‖w‖ (Cauchy and Schwarz), so that each of the
three transforms adds at most K · 2⁻⁵³ · ‖x‖ · ‖w‖ to the error of a cell. Together, no cell is off by more than

    (3·K + 8) · 2⁻⁵³ · ‖x‖ · ‖w‖,

where 8 is for the product, the scaling by 1/N, and terms of second order. This is `Tiling.error` · ‖x‖ · ‖w‖.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from math import ceil, prod
from typing import Any

import numpy as np

from convviz.trace import Array

NEAR = 0.25
"""How far the result of a transform may be from an integer, at most, to be rounded to it."""
_MOST = {1: 1 << 14, 2: 192}
"""The size of a tile along each axis, in 1D and in 2D: those of larger tiles do not fit in a processor's cache."""
_INTO = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
"""Whether NumPy's transforms can write into an array that is already there, which spares the time to get memory."""

Place = tuple[slice, ...]


class Tiling:
    """Tiles that cover an input; each of them makes the sums of the windows that lie within it.

    Parameters
    ----------
    shape, kernel : tuple of int
        The shapes of the input and of the kernel.

    Examples
    --------
    >>> [cells for cells, _ in Tiling((100_000,), (1000,))][:2]
    [(slice(0, 15360, None),), (slice(14361, 29721, None),)]
    """

    def __init__(self, shape: tuple[int, ...], kernel: tuple[int, ...]) -> None:
        self.kernel = kernel
        self.output = tuple(n - k + 1 for n, k in zip(shape, kernel, strict=True))
        self.tile = tuple(_tile(n, k, _MOST[len(shape)]) for n, k in zip(shape, kernel, strict=True))
        self.axes = tuple(range(len(shape)))
        self.error = _error(self.tile)

    def __iter__(self) -> Iterator[tuple[Place, Place]]:
        """Go through the tiles: the cells that each of them reads, and the place of its sums."""
        steps = [t - k + 1 for t, k in zip(self.tile, self.kernel, strict=True)]
        for corner in product(*(range(0, size, step) for size, step in zip(self.output, steps, strict=True))):
            ends = (min(at + step, size) for at, step, size in zip(corner, steps, self.output, strict=True))
            yield (
                tuple(slice(at, at + size) for at, size in zip(corner, self.tile, strict=True)),
                tuple(slice(at, end) for at, end in zip(corner, ends, strict=True)),
            )

    @property
    def tiles(self) -> int:
        """The number of tiles."""
        return prod(ceil(n / (t - k + 1)) for n, t, k in zip(self.output, self.tile, self.kernel, strict=True))

    @property
    def cells(self) -> int:
        """The number of cells of a tile."""
        return prod(self.tile)

    def numbers(self) -> Array:
        """Return room for a number for each cell."""
        return np.empty(self.tile)

    def spectrum(self) -> Array:
        """Return room for the spectrum of a tile."""
        return np.empty((*self.tile[:-1], self.tile[-1] // 2 + 1), dtype=np.complex128)

    def filled(self, cells: Array, into: Array) -> Array:
        """Put cells in a tile, and zeros where the input has ended."""
        if cells.shape != self.tile:
            into.fill(0)
        into[tuple(map(slice, cells.shape))] = cells
        return into

    def transformed(self, numbers: Array, into: Array) -> Array:
        """Return the spectrum of a tile."""
        room: dict[str, Any] = {"out": into} if _INTO else {}
        return np.asarray(np.fft.rfftn(numbers, self.tile, axes=self.axes, **room))

    def kernel_spectrum(self, weights: Array) -> Array:
        """Return the conjugate spectrum of a kernel, by which that of a tile is multiplied."""
        return self.transformed(self.filled(weights, self.numbers()), self.spectrum()).conj()

    def back(self, spectrum: Array, into: Array) -> Array:
        """Transform a spectrum back, which is used up."""
        rooms: list[dict[str, Any]] = [{"out": spectrum}, {"out": into}] if _INTO else [{}, {}]
        for axis in self.axes[:-1]:
            spectrum = np.fft.ifft(spectrum, axis=axis, **rooms[0])
        return np.asarray(np.fft.irfft(spectrum, self.tile[-1], axis=-1, **rooms[1]))

    def rounded(self, spectrum: Array, into: Array, room: Array) -> Array | None:
        """Transform a spectrum back to integers; return None if a number is not near one."""
        found = self.back(spectrum, room)
        integers = np.rint(found, out=into)
        found -= integers
        return None if max(found.max(), -found.min()) > NEAR else integers

    def of_place(self, sums: Array, place: Place) -> Array:
        """Return the sums of a tile that are windows of the input, without those of cells around its end."""
        return sums[tuple(slice(part.stop - part.start) for part in place)]


def _tile(size: int, kernel: int, most: int) -> int:
    """Return the size of tiles along an axis: about ``most``, but at least four times the kernel."""
    wanted, outputs = max(most, 4 * kernel), size - kernel + 1
    count = 1 if size <= 1.25 * wanted else ceil(outputs / (wanted - kernel + 1))
    return good_size(ceil(outputs / count) + kernel - 1)


@cache
def good_size(size: int) -> int:
    """Return the smallest product of powers of 2, 3 and 5 that is at least ``size``: fast for transforms.

    Examples
    --------
    >>> good_size(7), good_size(121), good_size(512)
    (8, 125, 512)
    """
    best = 1 << (size - 1).bit_length()
    for three, five in product(range(size.bit_length()), repeat=2):
        odd = 3**three * 5**five
        if odd < best:
            best = min(best, odd << max(0, (-(-size // odd) - 1).bit_length()))
    return best


@cache
def _error(tile: tuple[int, ...]) -> float:
    """Return the bound of the module's docstring, for ‖x‖ = ‖w‖ = 1; sizes have the prime factors 2, 3 and 5 only."""
    growth = 0.0
    for size in tile:
        for factor in (2, 3, 5):
            while size % factor == 0:
                size //= factor
                growth += 1.06 * (2 * factor) ** 1.5
    return (3 * growth + 8) * 2.0**-53
