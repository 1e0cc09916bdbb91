"""Distances between two pictures of the same size."""

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

import numpy as np

from convviz.numerals import enough_digits, numeral, read_back, result_of
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.trace import Array

_DIGITS = 3


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ImageDistance:
    """The distance between two pictures, in several measures; made by `image_distance`.

    Parameters
    ----------
    differences : ndarray
        ``a - b``, cell by cell.
    ssd : int or float
        The sum of squared differences; an exact integer if both pictures hold integers.
    mse : float
        The mean squared error: ``ssd`` divided by the number of cells.
    mae : float
        The mean absolute error: the sum of the differences' absolute values, divided by the number of cells.
    length : float
        The Euclidean distance: the square root of ``ssd``.
    length_per_cell : float
        ``length`` divided by the number of cells.
    """

    differences: Array
    ssd: int | float
    mse: float
    mae: float
    length: float
    length_per_cell: float

    def describe(self) -> str:
        """Describe in one plain sentence how far apart the two pictures are.

        Examples
        --------
        >>> image_distance([[1, 20], [0, 5]], [[2, 20], [0, 5]]).describe()
        '1 of 4 cells differs; the squared differences add up to 1, which is 0.25 per cell (the mean squared error).'
        """
        differ, cells = np.count_nonzero(self.differences), self.differences.size
        mean = result_of(self.mse, _DIGITS)
        enough = enough_digits(lambda digits: mean.agrees(read_back(self.ssd, digits) / cells))
        return (
            f"{differ} of {cells} cells {'differs' if differ == 1 else 'differ'}; the squared differences add up to "
            f"{numeral(self.ssd, enough or _DIGITS)}, which is {numeral(self.mse)} per cell (the mean squared error)."
        )


def image_distance(a: Any, b: Any) -> ImageDistance:
    """Measure the distance between two pictures of the same size, in the usual ways.

    Parameters
    ----------
    a, b : array-like, both of shape (columns,), (rows, columns) or (channels, rows, columns)
        Integers, floats or booleans (which count as 0 and 1).

    Returns
    -------
    ImageDistance
        The differences, and five measures: ``ssd``, ``mse``, ``mae``, ``length`` and ``length_per_cell``.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D to 3D, or holds NaN or infinity; if the shapes differ; if a
        difference or a sum does not fit.

    See Also
    --------
    match_template : the distance to every window of a larger picture.

    Notes
    -----
    ``mse`` equals `skimage.metrics.mean_squared_error`. Some explanations of template matching compare
    [[1, 20], [0, 5]] with [[2, 20], [0, 5]] and get 0.25. Three measures have this result: only one cell of four
    differs, and it differs by 1, which equals its own square and root. So ``mse``, ``mae`` and ``length_per_cell``
    are all 0.25 there. They are different as soon as a cell differs by more:

    >>> [image_distance([[1, 20], [0, 5]], [[2, 20], [0, 5]]).mse, image_distance([[0, 0]], [[3, 4]]).mse]
    [0.25, 12.5]

    Examples
    --------
    >>> distance = image_distance([[0, 0]], [[3, 4]])
    >>> distance.ssd, distance.mse, distance.mae, distance.length, distance.length_per_cell
    (25, 12.5, 3.5, 5.0, 2.5)
    """
    a, b = as_numbers("a", a, (1, 2, 3)), as_numbers("b", b, (1, 2, 3))
    if a.shape != b.shape:
        raise ValueError(f"b has shape {b.shape} but a has {a.shape}; accepted: the same shape in b as in a")
    dtype = np.result_type(a, b)
    span = exact.magnitude(a) + exact.magnitude(b)
    arithmetic = exact.working_dtype(dtype, span * span * a.size)
    with np.errstate(over="ignore", invalid="ignore"):
        differences = a.astype(arithmetic) - b.astype(arithmetic)
        squares, sizes = np.square(differences).sum(), np.abs(differences).sum()
    if not isfinite(squares):
        raise exact.too_large_for_floats("a and b")
    ssd = float(squares) if dtype.kind == "f" else int(squares)
    differences = exact.narrowed(differences, dtype)
    differences.setflags(write=False)
    return ImageDistance(
        differences=differences,
        ssd=ssd,
        mse=ssd / a.size,
        mae=float(sizes / a.size),
        length=sqrt(ssd),
        length_per_cell=sqrt(ssd) / a.size,
    )
