"""The convolution theorem: a convolution multiplies each wave of a signal or picture by a number."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import numeral, sum_of_products
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array, Step, Trace

_ROUNDING = 4 * float(np.finfo(np.float64).eps)
"""How much rounding may change a Fourier transform, as a fraction of the sum of its numbers' absolute values."""


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
        wave = f"The wave with {written(self.frequency)} cycles per sample and strength {numeral(abs(self.x))}"
        if not self.w:
            return f"{wave} is removed."
        strength = sum_of_products([abs(self.x)], [abs(self.w)], abs(self.value))
        angle = float(np.degrees(np.angle(self.w)))
        shift = f"shifted by {numeral(round(angle, 1))}°" if abs(angle) >= 0.05 else "not shifted"
        return f"{wave} gets strength {strength}, and is {shift}."


class SpectrumTrace(Trace[FrequencyStep]):
    """Two spectra and their product, ``output``; made by `spectrum`. Each frequency is one step."""

    def __init__(self, x: Array, w: Array, *, conjugate: bool) -> None:
        shape = tuple(n + k - 1 for n, k in zip(x.shape, w.shape, strict=True))
        self._x, self._w = transform("x", x, shape), transform("w", w, shape)
        with np.errstate(over="ignore", invalid="ignore"):
            if conjugate:
                self._w = self._w.conj()
            product = self._x * self._w
            back = np.fft.ifftn(product).real
        if conjugate:
            # The transform puts negative shifts at the end; they belong before the others.
            back = np.roll(back, [k - 1 for k in w.shape], axis=tuple(range(w.ndim)))
        if not (np.isfinite(product).all() and np.isfinite(back).all()):
            raise exact.too_large_for_floats("x and w")
        self._back, self._conjugate = back, conjugate
        self._frequencies = tuple(np.fft.fftfreq(n) for n in shape)
        for array in (self._x, self._w, back, *self._frequencies):
            array.setflags(write=False)
        super().__init__(product)

    @property
    def x_spectrum(self) -> Array:
        """The spectrum of ``x``, zero-padded to the full size; complex."""
        return self._x

    @property
    def w_spectrum(self) -> Array:
        """The spectrum of the kernel, zero-padded to the full size, conjugated if ``conjugate``; complex."""
        return self._w

    @property
    def conjugate(self) -> bool:
        """Whether the kernel's spectrum is conjugated: true for a cross-correlation."""
        return self._conjugate

    @property
    def frequencies(self) -> tuple[Array, ...]:
        """The frequencies along each axis, in cycles per sample, in the order of `numpy.fft.fftfreq`."""
        return self._frequencies

    @property
    def back(self) -> Array:
        """The inverse transform of the product: the full convolution, or the full cross-correlation; float64."""
        return self._back

    def _step(self, index: int) -> FrequencyStep:
        at = self._position(index)
        frequency = tuple(float(axis[i]) for axis, i in zip(self._frequencies, at, strict=True))
        return FrequencyStep(index, at, self._output[at], frequency, self._x[at], self._w[at])


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
        raise TypeError(f"conjugate is {conjugate!r:.60} ({type(conjugate).__name__}); accepted: True or False")
    if x.ndim != w.ndim:
        raise ValueError(
            f"w has {w.ndim} dimensions (shape {w.shape}) but x has {x.ndim} (shape {x.shape}); "
            "accepted: the same number in w as in x"
        )
    return SpectrumTrace(x, w, conjugate=bool(conjugate))


def transform(name: str, array: Array, shape: tuple[int, ...]) -> Array:
    """Compute the spectrum of an array, zero-padded to ``shape``; numbers within their rounding error become 0.

    Raises
    ------
    ValueError
        If the sum of the absolute values does not fit float64; the error calls the array ``name``.

    Examples
    --------
    >>> transform("x", np.array([0.1, 0.1, 0.1]), (3,)).round(3)
    array([0.3+0.j, 0. +0.j, 0. +0.j])
    """
    with np.errstate(over="ignore"):
        total = np.abs(array.astype(np.float64)).sum()
    if not np.isfinite(total):
        raise ValueError(f"{name} is too large: its sums do not fit float64; accepted: sums below 1.8e308")
    found = np.fft.fftn(array, shape, axes=tuple(range(array.ndim)))
    found[np.abs(found) <= _ROUNDING * total] = 0
    return np.asarray(found)


def written(frequency: tuple[float, ...]) -> str:
    """Write a frequency, in brackets if it has several axes. −0.5 is written 0.5, which is the same wave.

    Examples
    --------
    >>> written((0.25,)), written((0.0, -0.5))
    ('0.25', '(0, 0.5)')
    """
    numbers = ", ".join(numeral(0.5 if each == -0.5 else each) for each in frequency)
    return numbers if len(frequency) == 1 else f"({numbers})"
