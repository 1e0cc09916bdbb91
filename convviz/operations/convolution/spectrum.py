"""The convolution theorem: a convolution multiplies each wave of a signal or picture by a number."""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, SupportsIndex

import numpy as np

from convviz.faults import check_size, shown
from convviz.numerals import numeral, write_sum
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.waves import half_transform, mirror, shift, whole, written
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class FrequencyStep(Step):
    """One frequency: the wave of ``x`` times the kernel's number for this frequency. All three are complex numbers.

    Parameters
    ----------
    frequency : tuple of float
        One frequency for each axis, in cycles per sample, from −0.5 to 0.5.
    x, w : numpy.complex128
        The two factors: both spectra at this frequency (for a cross-correlation, that of ``w`` is conjugated).
        ``value`` is their product.
    """

    frequency: tuple[float, ...]
    x: Any
    w: Any

    def describe(self) -> str:
        """Describe in one plain sentence what happens to the wave.

        Examples
        --------
        >>> spectrum([1, 0, 0], [1, 1])[2].describe()
        'The wave with 0.5 cycles per sample and strength 1 is removed.'
        >>> spectrum([3, 0, 0], [0, 2])[1].describe()
        'The wave with 0.25 cycles per sample and strength 3 gets strength 3×2 = 6, and is shifted by -90°.'
        """
        product = write_sum([abs(self.x)], [abs(self.w)], abs(self.value))
        strength = numeral(abs(self.x), product.digits)
        wave = f"The wave with {written(self.frequency)} cycles per sample and strength {strength}"
        if not self.w:
            return f"{wave} is removed."
        return f"{wave} gets strength {product}, and is {shift(self.w)}."


class SpectrumTrace(Trace[FrequencyStep]):
    """Two spectra and their product, ``output``; made by `spectrum`. Each frequency is one step."""

    def __init__(self, x: Array, w: Array, *, conjugate: bool) -> None:
        shape = tuple(n + k - 1 for n, k in zip(x.shape, w.shape, strict=True))
        self._given = x.copy(), w.copy()
        self._halves = half_transform("x", x, shape), half_transform("w", w, shape)
        self._conjugate, self._shape = conjugate, shape
        with np.errstate(over="ignore", invalid="ignore"):
            if conjugate:
                np.conj(self._halves[1], out=self._halves[1])
            product = np.empty(shape, dtype=np.complex128)
            np.multiply(*self._halves, out=self._half(product))
            # No product is larger than the product of the spectra's lengths, and no part of the transform back much so.
            squares = prod(float(np.vdot(half, half).real) for half in self._halves)
        for array in self._given:
            array.setflags(write=False)
        super().__init__(mirror(product))
        if not (np.isfinite(squares) or (np.isfinite(product).all() and np.isfinite(self.back).all())):
            raise exact.too_large_for_floats("x and w")

    @property
    def x(self) -> Array:
        """The input."""
        return self._given[0]

    @property
    def w(self) -> Array:
        """The kernel."""
        return self._given[1]

    @cached_property
    def x_spectrum(self) -> Array:
        """The spectrum of ``x``, zero-padded to the full size; complex."""
        return self._whole(self._halves[0])

    @cached_property
    def w_spectrum(self) -> Array:
        """The spectrum of the kernel, zero-padded to the full size, conjugated if ``conjugate``; complex."""
        return self._whole(self._halves[1])

    def _half(self, spectrum: Array) -> Array:
        """Return the frequencies of a spectrum from which the others follow: the first half along the last axis."""
        return spectrum[..., : self._shape[-1] // 2 + 1]

    def _whole(self, half: Array) -> Array:
        spectrum = whole(half, self._shape[-1])
        spectrum.setflags(write=False)
        return spectrum

    @property
    def conjugate(self) -> bool:
        """Whether the kernel's spectrum is conjugated: true for a cross-correlation."""
        return self._conjugate

    @cached_property
    def frequencies(self) -> tuple[Array, ...]:
        """The frequencies along each axis, in cycles per sample, in the order of `numpy.fft.fftfreq`."""
        frequencies = tuple(np.fft.fftfreq(n) for n in self._shape)
        for along in frequencies:
            along.setflags(write=False)
        return frequencies

    @cached_property
    def back(self) -> Array:
        """The inverse transform of the product: the full convolution, or the full cross-correlation; float64."""
        axes = tuple(range(len(self._shape)))
        with np.errstate(over="ignore", invalid="ignore"):
            back = self._in_order(np.fft.irfftn(self._half(self._output), self._shape, axes=axes))
        back.setflags(write=False)
        return back

    def back_so_far(self, index: SupportsIndex) -> Array:
        """Return the sum of the waves up to step ``index``, shaped like ``back``: after the last step, it is ``back``.

        Two frequencies of opposite sign make one real wave. Until both are there, this is the real part of the sum.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.

        Examples
        --------
        >>> both = spectrum([1, 2, 3], [1, 1])
        >>> both.back_so_far(0), both.back_so_far(-1).round(3)
        (array([3., 3., 3., 3.]), array([1., 3., 5., 3.]))
        """
        if self._number(index) == len(self) - 1:
            return self.back
        return self._transformed_back(np.ma.filled(self.partial(index), 0))

    def _transformed_back(self, product: Array) -> Array:
        return self._in_order(np.fft.ifftn(product).real)

    def _in_order(self, back: Array) -> Array:
        if not self._conjugate:
            return back
        # The transform puts negative shifts at the end; they belong before the others.
        shifts = [k - 1 for k in self.w.shape]
        return np.roll(back, shifts, axis=tuple(range(len(shifts))))

    def _step(self, index: int) -> FrequencyStep:
        at = self._position(index)
        frequency = tuple(float(axis[i]) for axis, i in zip(self.frequencies, at, strict=True))
        return FrequencyStep(index, at, self._output[at], frequency, self.x_spectrum[at], self.w_spectrum[at])


def spectrum(x: Any, w: Any, *, conjugate: bool = False) -> SpectrumTrace:
    """Convolve by multiplying spectra: transform both, multiply frequency by frequency, and transform back.

    Parameters
    ----------
    x : array-like, shape (columns,) or (rows, columns)
        The input: integers, floats or booleans (which count as 0 and 1).
    w : array-like, as many dimensions as ``x``
        The kernel.
    conjugate : bool
        Whether to multiply by the conjugate of the kernel's spectrum. The result is then a cross-correlation instead of
        a convolution.

    Returns
    -------
    SpectrumTrace
        ``x_spectrum``, ``w_spectrum`` and their product ``output`` are complex, with the full size n + k − 1 along each
        axis. ``back``, the result of the convolution, is float64.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the two differ in dimensions; if
        an intermediate number does not fit float64.

    See Also
    --------
    frequency_response : what a kernel does to every wave.

    Notes
    -----
    ``back`` equals `scipy.signal.fftconvolve`, or `scipy.signal.correlate` if ``conjugate``, in mode 'full'. Both
    arrays are padded with zeros to the full size. Without them, the convolution would be circular: what leaves at one
    end would come in again at the other. Numbers that are not larger than their rounding error (4 × 2.2e-16 times the
    sum of the absolute values of the transformed numbers) are set to 0.

    Examples
    --------
    >>> both = spectrum([1, 2, 3], [1, 1])
    >>> np.abs(both.x_spectrum).round(3), np.abs(both.w_spectrum).round(3), np.abs(both.output).round(3)
    (array([6.   , 2.828, 2.   , 2.828]), array([2.   , 1.414, 0.   , 1.414]), array([12.,  4.,  0.,  4.]))
    >>> both.back.round(3)
    array([1., 3., 5., 3.])
    """
    x, w = as_numbers("x", x), as_numbers("w", w)
    if not isinstance(conjugate, bool | np.bool_):
        raise TypeError(f"conjugate is {shown(conjugate)} ({type(conjugate).__name__}); accepted: True or False")
    if x.ndim != w.ndim:
        raise ValueError(
            f"w has {w.ndim} dimensions (shape {w.shape}) but x has {x.ndim} (shape {x.shape}); "
            "accepted: the same number in w as in x"
        )
    sizes = (n + k - 1 for n, k in zip(x.shape, w.shape, strict=True))
    check_size(prod(sizes), f"x has shape {x.shape} and w has {w.shape}", "the spectrum")
    return SpectrumTrace(x, w, conjugate=bool(conjugate))
