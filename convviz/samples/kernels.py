"""Kernels by name. They are meant to be used unflipped, with `convviz.correlate`."""

from collections.abc import Callable

import numpy as np

from convviz.samples.sample import Array, Sample, by_name


def _grid(*rows: tuple[float, ...], over: int = 1) -> Callable[[], Array]:
    """Return a function that makes a kernel of these numbers, all divided by ``over``."""
    return lambda: np.array(rows) if over == 1 else np.array(rows) / over


def _binomial(*numbers: int) -> Callable[[], Array]:
    """Return a function that makes a blur along both axes: a row of Pascal's triangle, close to Gauss's bell curve."""
    return lambda: np.outer(numbers, numbers) / sum(numbers) ** 2


NAMED_KERNELS = by_name(
    Sample(
        "classic",
        "Adds up a pixel and its four diagonal neighbours: the × of many tutorials.",
        _grid((1, 0, 1), (0, 1, 0), (1, 0, 1)),
        "The classic ×",
    ),
    Sample(
        "counting",
        "The numbers 1 to 9: no two cells are alike, so that a flip of the kernel is easy to see.",
        _grid((1, 2, 3), (4, 5, 6), (7, 8, 9)),
        "Counting 1 to 9",
    ),
    Sample("identity", "Changes nothing.", _grid((0, 0, 0), (0, 1, 0), (0, 0, 0)), "Identity"),
    Sample(
        "box_blur",
        "Each pixel becomes the mean of its 3×3 neighbourhood: noise and detail fade.",
        lambda: np.full((3, 3), 1 / 9),
        "Box blur",
    ),
    Sample(
        "sharpen",
        "Adds to each pixel its differences from its four neighbours.",
        _grid((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        "Sharpen",
    ),
    Sample(
        "sobel_x",
        "Large where it gets brighter to the right: vertical edges.",
        _grid((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        "Sobel, left to right",
    ),
    Sample(
        "corner", "Four different numbers: the smallest kernel that shows every flip.", _grid((1, 2), (3, 4)), "Corner"
    ),
    Sample(
        "gaussian_blur",
        "Blurs softly: the nearer a neighbour, the more it counts.",
        _binomial(1, 2, 1),
        "Gaussian blur",
    ),
    Sample("gaussian_blur_5", "Blurs softly over 5×5 pixels.", _binomial(1, 4, 6, 4, 1)),
    Sample(
        "sobel_y",
        "Large where it gets brighter downwards: horizontal edges.",
        _grid((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        "Sobel, top to bottom",
    ),
    Sample(
        "scharr_x",
        "Like Sobel, left to right, but nearly equally strong for edges of any slant.",
        _grid((-3, 0, 3), (-10, 0, 10), (-3, 0, 3)),
        "Scharr, left to right",
    ),
    Sample(
        "scharr_y",
        "Like Sobel, downwards, but nearly equally strong for edges of any slant.",
        _grid((-3, -10, -3), (0, 0, 0), (3, 10, 3)),
        "Scharr, top to bottom",
    ),
    Sample(
        "prewitt_x",
        "Large where it gets brighter to the right; all three rows count equally.",
        _grid((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
        "Prewitt, left to right",
    ),
    Sample(
        "prewitt_y",
        "Large where it gets brighter downwards; all three columns count equally.",
        _grid((-1, -1, -1), (0, 0, 0), (1, 1, 1)),
        "Prewitt, top to bottom",
    ),
    Sample(
        "laplacian",
        "How much brighter the four neighbours are than the pixel: 0 on even areas and on even slopes.",
        _grid((0, 1, 0), (1, -4, 1), (0, 1, 0)),
        "Laplacian",
    ),
    Sample(
        "edge",
        "How much brighter a pixel is than its eight neighbours: finds edges of any direction, and specks.",
        _grid((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        "Edges of any direction",
    ),
    Sample(
        "emboss",
        "Lights the picture from the upper left, as if it were pressed into metal.",
        _grid((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
        "Emboss",
    ),
    Sample(
        "motion_blur",
        "Smears along the diagonal, like a camera that moves down and to the right.",
        _grid((1, 0, 0), (0, 1, 0), (0, 0, 1), over=3),
        "Motion blur",
    ),
    Sample("moving_average", "1D: the mean of three neighbours.", lambda: np.full(3, 1 / 3)),
    Sample("difference", "1D: the next sample minus the previous one.", lambda: np.array([-1, 0, 1])),
    Sample(
        "multipath",
        "1D: a signal and three echoes of it, each weaker than the last.",
        lambda: np.array([1, 0.9, 0.8, 0.7]),
    ),
)
"""All named kernels; those that the lessons offer come first."""
