"""Associativity: one operation on three arrays, with the brackets in both places."""

from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.groupings import Groupings


def associativity(a: Any, b: Any, c: Any, *, flip: bool = True) -> Groupings:
    """Convolve or cross-correlate three arrays, with the brackets in both places, and compare the two results.

    Parameters
    ----------
    a, b, c : array-like, all of shape (columns,) or all of shape (rows, columns)
        Integers, floats or booleans (which count as 0 and 1).
    flip : bool
        True for convolution, which is what is computed if it is left out; False for cross-correlation.

    Returns
    -------
    Groupings
        A trace that can be shown, with one step for each cell. It has both results in mode 'full' (int64 if all three
        arrays are integers or booleans, else float64), their ``difference``, and whether associativity ``holds``.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or ``flip`` is not True or False.
    ValueError
        If an array is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the three differ in dimensions; if a
        result does not fit.

    Notes
    -----
    Equal to `scipy.signal.convolve` or `scipy.signal.correlate` in mode 'full', applied twice.

    Convolution is associative. Cross-correlation is convolution with a flipped kernel. In (a ⋆ b) ⋆ c, the array c is
    flipped once. In a ⋆ (b ⋆ c), it is flipped twice, the second time as a part of b ⋆ c. So cross-correlation is
    associative only if c is symmetric (equal to itself flipped), or one of the three is all zeros. In general,
    (a ⋆ b) ⋆ c = a ⋆ (b ∗ c).

    Examples
    --------
    >>> associativity([1, 2, 3], [1, 0, 2], [1, 3]).holds
    True
    >>> both = associativity([1, 2, 3], [1, 0, 2], [1, 3], flip=False)
    >>> both.left, both.right
    (array([ 6, 14, 25, 13, 11,  3]), array([ 2, 10, 19, 23,  9,  9]))
    >>> both.difference, both.holds
    (array([  4,   4,   6, -10,   2,  -6]), False)
    """
    a, b, c = as_numbers("a", a), as_numbers("b", b), as_numbers("c", c)
    if not isinstance(flip, bool | np.bool_):
        raise TypeError(f"flip is {shown(flip)} ({type(flip).__name__}); accepted: True or False")
    for name, array in (("b", b), ("c", c)):
        if array.ndim != a.ndim:
            raise ValueError(
                f"{name} has {array.ndim} dimensions (shape {array.shape}) but a has {a.ndim} (shape {a.shape}); "
                "accepted: the same number in all three"
            )
    return Groupings(a, b, c, bool(flip))
