"""Frequency response: which waves a kernel keeps, weakens or removes."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.numerals import numeral
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis
from convviz.operations.convolution.waves import shift, transform, written
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class ResponseStep(Step):
    """What a kernel does to the waves of one frequency: it multiplies them by ``value``, a complex number.

    Parameters
    ----------
    frequency : tuple of float
        One frequency for each axis, in cycles per sample, from −0.5 to 0.5.
    """

    frequency: tuple[float, ...]

    def describe(self) -> str:
        """Describe in one plain sentence what happens to the wave.

        Examples
        --------
        >>> frequency_response([0.5, 0.5], 4)[0].describe()
        'The wave with 0 cycles per sample is multiplied by 1, and is not shifted.'
        """
        wave = f"The wave with {written(self.frequency)} cycles per sample"
        if not self.value:
            return f"{wave} is removed."
        return f"{wave} is multiplied by {numeral(abs(self.value))}, and is {shift(self.value)}."


class FrequencyResponse(Trace[ResponseStep]):
    """The numbers by which a kernel multiplies waves; made by `frequency_response`. Each frequency is one step.

    Parameters
    ----------
    kernel : ndarray
        The kernel.
    frequencies : tuple of ndarray
        The frequencies along each axis, in cycles per sample. The fastest wave has frequency 0.5: it changes direction
        at every sample.
    response : ndarray
        One complex number for each frequency.
    """

    def __init__(self, *, kernel: Array, frequencies: tuple[Array, ...], response: Array) -> None:
        self._kernel, self._frequencies = kernel, frequencies
        super().__init__(response)

    @property
    def kernel(self) -> Array:
        """The kernel."""
        return self._kernel

    @property
    def frequencies(self) -> tuple[Array, ...]:
        """The frequencies along each axis, in cycles per sample."""
        return self._frequencies

    @property
    def response(self) -> Array:
        """One complex number for each frequency: the trace's ``output``."""
        return self._output

    @property
    def magnitude(self) -> Array:
        """The number by which the strength of each wave is multiplied: 1 keeps the wave, 0 removes it."""
        return _read_only(np.abs(self.response))

    @property
    def phase(self) -> Array:
        """The angle by which each wave is shifted, in radians, counted from the kernel's first cell; 0 if removed."""
        return _read_only(np.angle(self.response))

    @property
    def centred(self) -> "FrequencyResponse":
        """The same with frequency 0 in the middle, as pictures of spectra show it."""
        frequencies = tuple(_read_only(np.fft.fftshift(axis)) for axis in self.frequencies)
        response = np.fft.fftshift(self.response)
        return FrequencyResponse(kernel=self._kernel, frequencies=frequencies, response=response)

    def describe(self) -> str:
        """Describe in one plain sentence which waves are kept most and least.

        Examples
        --------
        >>> frequency_response([0.25, 0.5, 0.25], 8).describe()
        'Frequency 0 is multiplied by 1; the kernel keeps frequency 0 (times 1) most and frequency 0.5 (times 0) least.'
        """
        magnitude = self.magnitude
        still = magnitude[tuple(int(np.flatnonzero(axis == 0)[0]) for axis in self.frequencies)]
        most, least = (self._describe_one(int(flat)) for flat in (magnitude.argmax(), magnitude.argmin()))
        zero = written((0.0,) * magnitude.ndim)
        return f"Frequency {zero} is multiplied by {numeral(still)}; the kernel keeps {most} most and {least} least."

    def _step(self, index: int) -> ResponseStep:
        at = self._position(index)
        frequency = tuple(float(axis[i]) for axis, i in zip(self._frequencies, at, strict=True))
        return ResponseStep(index, at, self._output[at], frequency)

    def _describe_one(self, flat: int) -> str:
        at = np.unravel_index(flat, self.response.shape)
        frequency = tuple(float(axis[i]) for axis, i in zip(self.frequencies, at, strict=True))
        return f"frequency {written(frequency)} (times {numeral(abs(self.response[at]))})"


def frequency_response(w: Any, n: PerAxis = 64) -> FrequencyResponse:
    """Compute what a kernel does to waves of every frequency: which a blur removes, and which an edge filter keeps.

    Parameters
    ----------
    w : array-like, shape (columns,) or (rows, columns)
        The kernel: integers, floats or booleans (which count as 0 and 1).
    n : int or tuple of int
        The number of frequencies along each axis: at least the number of kernel cells along that axis.

    Returns
    -------
    FrequencyResponse
        A trace of one step for each frequency. ``magnitude`` and ``phase``, shape (n,) or (n, n), are float64. Their
        ``frequencies`` are in the order of `numpy.fft.fftfreq`: from 0 upwards, then the negative ones.

    Raises
    ------
    TypeError
        If ``w`` does not hold real numbers, or ``n`` does not hold integers.
    ValueError
        If ``w`` is empty, ragged, not 1D or 2D, or holds NaN, infinity or numbers that are too large to add up; if
        ``n`` is smaller than the kernel.

    See Also
    --------
    spectrum : the same for one input.

    Notes
    -----
    Equal to `numpy.fft.fftn` of the zero-padded kernel, and in 1D to `scipy.signal.freqz` (``whole=True``). It is
    the response of a convolution; a cross-correlation has the same magnitude and the opposite phase. Numbers that
    are not larger than their rounding error (4 × 2.2e-16 times the sum of the weights' absolute values) are set to 0.

    Examples
    --------
    A blur keeps slow waves and weakens fast ones; a kernel of differences does the opposite:

    >>> frequency_response([0.25, 0.5, 0.25], 4).magnitude.round(3)
    array([1. , 0.5, 0. , 0.5])
    >>> frequency_response([-0.5, 1, -0.5], 4).magnitude.round(3)
    array([0., 1., 2., 1.])
    >>> frequency_response([-0.5, 1, -0.5], 4).frequencies
    (array([ 0.  ,  0.25, -0.5 , -0.25]),)
    """
    w = as_numbers("w", w)
    shape = as_per_axis("n", n, w.ndim, least=1)
    if any(count < k for count, k in zip(shape, w.shape, strict=True)):
        raise ValueError(
            f"n is {shown(n)}, fewer than the cells of w, whose shape is {w.shape}; accepted: at least as many"
        )
    check_size(prod(shape), f"n is {shown(n)}", "the response")
    frequencies = tuple(_read_only(np.fft.fftfreq(count)) for count in shape)
    return FrequencyResponse(kernel=_read_only(w.copy()), frequencies=frequencies, response=transform("w", w, shape))


def _read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array
