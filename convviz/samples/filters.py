"""Filters for colour pictures by name, and invented ones of any size. A filter has one kernel for each channel."""

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.samples.sample import Array, Sample, as_count, by_name

_LARGEST = 2
_DRAWN = 16
"""So many kernels are drawn at once."""

_RIGHTWARDS = ((-1, 0, 1),) * 3
"""Large where it gets brighter to the right."""
_CENTRE = ((0, 0, 0), (0, 1, 0), (0, 0, 0))
_PLUS = ((0, 1, 0), (1, 1, 1), (0, 1, 0))


def _filters(*filters: Any) -> Array:
    return np.array(filters)


def _three_kernels() -> Array:
    """Make the lesson's first filter: no two kernels are alike, and none is another one rotated or flipped."""
    red = ((0, 0, -1), (0, 0, 0), (0, 0, 2))
    green = ((1, 0, 0), (2, 0, -1), (0, 0, -1))
    blue = ((2, 0, 0), (0, 0, 0), (0, 2, 0))
    return _filters((red, green, blue))


def _in_each_colour(kernel: Any) -> Array:
    """Make four filters that apply a kernel to red only, to green only, to blue only, and to all three."""
    choices = np.vstack([np.eye(3, dtype=np.int64), np.ones((1, 3), np.int64)])
    filters: Array = np.einsum("fc,ij->fcij", choices, kernel)
    return filters


def _four() -> Array:
    """Make four filters, each of which finds something in the apple."""
    rightwards, plus, centre = np.array(_RIGHTWARDS), np.array(_PLUS), np.array(_CENTRE)
    nothing = np.zeros_like(plus)
    return _filters(
        (rightwards, -rightwards, nothing),
        (rightwards.T, -rightwards.T, nothing),
        (-centre, plus, nothing),
        (plus, -plus, nothing),
    )


def _yellow_spot() -> Array:
    """Make one filter of 75 weights: positive for red and green in the middle, and for blue around it."""
    middle = np.pad(np.ones((3, 3), np.int64), 1)
    plus = np.pad(np.array(_PLUS), 1)
    return _filters((middle, 2 * plus, 1 - 2 * middle))


NAMED_FILTERS = by_name(
    Sample(
        "three_kernels",
        "One filter with three different kernels: one for red, one for green, one for blue.",
        _three_kernels,
        "One 3×3 filter, three kernels",
    ),
    Sample(
        "four_filters",
        "Four filters: two for edges between red and green, one for green, one for red without green.",
        _four,
        "Four filters: edges and colours",
    ),
    Sample(
        "colour_edges",
        "Four filters: edges of red, of green, of blue, and of all three together.",
        lambda: _in_each_colour(_RIGHTWARDS),
        "Edges in each colour",
    ),
    Sample(
        "grey",
        "The mean of the three channels: the picture in grey.",
        lambda: _filters((_CENTRE,) * 3) / 3,
        "Grey: the mean of the channels",
    ),
    Sample(
        "red_against_green",
        "Positive where there is more red than green, negative where there is more green, 0 on grey.",
        lambda: np.array((1, -1, 0)).reshape(1, 3, 1, 1) * np.array(_PLUS),
        "Red against green",
    ),
    Sample(
        "yellow_spot",
        "One filter of 5×5×3 = 75 weights: a yellow spot with blue around it.",
        _yellow_spot,
        "One 5×5 filter",
    ),
    Sample(
        "four_mixers",
        "Four 1×1 filters: usual mistakes with their weights lead to different sums.",
        lambda: _filters((2, 3, 1), (-2, -1, -3), (-2, 1, 3), (2, -1, -3)).reshape(4, 3, 1, 1),
        "Four 1×1 filters",
    ),
    Sample(
        "colour_mixers",
        "Four 1×1 filters: red only, red with green, blue against red, and the sum of all three.",
        lambda: _filters((1, 0, 0), (1, 1, 0), (-1, 0, 1), (1, 1, 1)).reshape(4, 3, 1, 1),
        "1×1 colour mixers",
    ),
)
"""All named filters, with shape (filters, 3, rows, columns); the one that the lesson begins with is first."""


def filter_bank(filters: int, channels: int, rows: int = 3, columns: int | None = None) -> Array:
    """Invent the filters of a layer, with small whole numbers as weights.

    Parameters
    ----------
    filters, channels : int
        The number of filters, and the number of kernels in each. A kernel does not depend on how many others there are.
    rows, columns : int
        The size of each kernel; without ``columns``, it has as many columns as rows.

    Returns
    -------
    ndarray, shape (filters, channels, rows, columns)
        int64, from -2 to 2, the same numbers at every call. No kernel is all zeros.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer from 1 on.

    Examples
    --------
    >>> filter_bank(2, 3, 1).squeeze()
    array([[ 2,  2,  2],
           [ 1, -1,  1]])
    """
    counts = (as_count("filters", filters), as_count("channels", channels))
    height = as_count("rows", rows)
    size = (height, height if columns is None else as_count("columns", columns))
    named = zip(("filters is", "channels", "rows", "columns"), (*counts, *size), strict=True)
    given = ", ".join(f"{name} {shown(number)}" for name, number in named)
    check_size(max(prod(counts), _DRAWN) * prod(size), given, "the filters")
    kernels = [_kernel(place, size) for place in np.ndindex(*counts)]
    return np.array(kernels).reshape(*counts, *size)


@lru_cache(maxsize=16384)
def _kernel(place: tuple[int, ...], size: tuple[int, int]) -> Array:
    """Draw kernels until one has weights that nearly cancel out, so that relu leaves something of every map."""
    random = np.random.default_rng(place)
    while True:
        kernels = random.integers(-_LARGEST, _LARGEST, (_DRAWN, *size), endpoint=True)
        sums = kernels.sum(axis=(1, 2))
        fitting = kernels.any(axis=(1, 2)) & ((sums == 0) | (sums == 1) | (kernels[0].size == 1))
        if fitting.any():
            kernel: Array = kernels[fitting.argmax()]
            return kernel
