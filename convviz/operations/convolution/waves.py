"""Waves: the spectrum of an array, and how frequencies and shifts are written."""

import numpy as np

from convviz.numerals import numeral
from convviz.trace import Array

_ROUNDING = 4 * float(np.finfo(np.float64).eps)
"""How much rounding may change a Fourier transform, as a fraction of the sum of its numbers' absolute values."""


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


def shift(number: complex) -> str:
    """Describe how a wave is shifted that is multiplied by a complex number.

    Examples
    --------
    >>> shift(2), shift(-1j)
    ('not shifted', 'shifted by -90°')
    """
    angle = float(np.degrees(np.angle(number)))
    return f"shifted by {numeral(round(angle, 1))}°" if abs(angle) >= 0.05 else "not shifted"
