"""What a kernel keeps and what it drops: its effect on waves of every frequency."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis
from convviz.operations.convolution.spectrum import transform, written
from convviz.trace import Array


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FrequencyResponse:
    """What a kernel multiplies each wave by; made by `frequency_response`.

    Parameters
    ----------
    frequencies : tuple of ndarray
        Along each axis, in cycles per sample; 0.5, up and down from one sample to the next, is the fastest there is.
    response : ndarray
        A complex number for each frequency.
    """

    frequencies: tuple[Array, ...]
    response: Array

    @property
    def magnitude(self) -> Array:
        """What the strength of each wave is multiplied by: 1 keeps it, 0 drops it."""
        return _read_only(np.abs(self.response))

    @property
    def phase(self) -> Array:
        """The angle that each wave is shifted by, in radians, seen from the kernel's first cell; 0 for dropped ones."""
        return _read_only(np.angle(self.response))

    @property
    def centred(self) -> "FrequencyResponse":
        """The same with frequency 0 in the middle, as pictures of spectra show it."""
        frequencies = tuple(_read_only(np.fft.fftshift(axis)) for axis in self.frequencies)
        return replace(self, frequencies=frequencies, response=_read_only(np.fft.fftshift(self.response)))

    def describe(self) -> str:
        """Say in one plain sentence what is kept and what is dropped.

        Examples
        --------
        >>> frequency_response([0.25, 0.5, 0.25], 8).describe()
        'Frequency 0 is multiplied by 1; frequency 0 (times 1) is kept most and frequency 0.5 (times 0) least.'
        """
        magnitude = self.magnitude
        still = magnitude[tuple(int(np.flatnonzero(axis == 0)[0]) for axis in self.frequencies)]
        most, least = (self._say(int(flat)) for flat in (magnitude.argmax(), magnitude.argmin()))
        zero = written((0.0,) * magnitude.ndim)
        return f"Frequency {zero} is multiplied by {numeral(still)}; {most} is kept most and {least} least."

    def _say(self, flat: int) -> str:
        at = np.unravel_index(flat, self.response.shape)
        frequency = tuple(float(axis[i]) for axis, i in zip(self.frequencies, at, strict=True))
        return f"frequency {written(frequency)} (times {numeral(abs(self.response[at]))})"


def frequency_response(w: Any, n: PerAxis = 64) -> FrequencyResponse:
    """Compute what a kernel does to waves of every frequency: what a blur drops, and what an edge finder keeps.

    Parameters
    ----------
    w : array-like, shape (columns,) or (rows, columns)
        The kernel: integers, floats or booleans (which count as 0 and 1).
    n : int or tuple of int
        How many frequencies along each axis: at least as many as the kernel has cells there.

    Returns
    -------
    FrequencyResponse
        ``magnitude`` and ``phase``, shape (n,) or (n, n), float64, and their ``frequencies``, from 0 on, in the order
        of `numpy.fft.fftfreq`.

    Raises
    ------
    TypeError
        If ``w`` does not hold real numbers, or ``n`` integers.
    ValueError
        If ``w`` is empty, ragged, not 1D or 2D, holds NaN or infinity, or numbers too large to add up; if ``n`` is
        smaller than the kernel.

    See Also
    --------
    spectrum : the same for one input.

    Notes
    -----
    Equal to `numpy.fft.fftn` of the zero-padded kernel, and in 1D to `scipy.signal.freqz` (``whole=True``). It is
    the response of a convolution; a cross-correlation has the same magnitude and the opposite phase. A number
    below its own rounding, 4 × 2.2e-16 of the sum of the weights' sizes, is 0.

    Examples
    --------
    A blur keeps slow waves and weakens fast ones; differences do the opposite:

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
        raise ValueError(f"n is {n!r}, fewer than the cells of w, whose shape is {w.shape}; accepted: at least as many")
    frequencies = tuple(_read_only(np.fft.fftfreq(count)) for count in shape)
    return FrequencyResponse(frequencies=frequencies, response=_read_only(transform("w", w, shape)))


def _read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array
