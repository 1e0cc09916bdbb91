"""Kernels by name, to be laid on an input as they are (`convviz.correlate`)."""

from collections.abc import Callable

import numpy as np

from convviz.samples.sample import Array, Sample, by_name


def _grid(*rows: tuple[float, ...], over: int = 1) -> Callable[[], Array]:
    """Remember a kernel's numbers, and what all of them are divided by."""
    return lambda: np.array(rows) if over == 1 else np.array(rows) / over


def _binomial(*numbers: int) -> Callable[[], Array]:
    """Blur along both axes with a row of Pascal's triangle, which is close to Gauss's bell curve."""
    return lambda: np.outer(numbers, numbers) / sum(numbers) ** 2


NAMED_KERNELS = by_name(
    Sample(
        "classic",
        "Adds up a pixel and its four diagonal neighbours: the × of many a tutorial.",
        _grid((1, 0, 1), (0, 1, 0), (1, 0, 1)),
        "The classic ×",
    ),
    Sample(
        "counting",
        "The numbers 1 to 9: no two cells are alike, so that any turn of the kernel shows.",
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
        "Adds to each pixel what sets it apart from its neighbours.",
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
        "corner", "Four different numbers, the smallest kernel that shows every turn.", _grid((1, 2), (3, 4)), "Corner"
    ),
    Sample("gaussian_blur", "Blurs softly: the nearer a neighbour, the more it counts.", _binomial(1, 2, 1)),
    Sample("gaussian_blur_5", "Blurs softly over 5×5 pixels.", _binomial(1, 4, 6, 4, 1)),
    Sample(
        "sobel_y",
        "Large where it gets brighter downwards: horizontal edges.",
        _grid((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    ),
    Sample(
        "scharr_x",
        "As Sobel, left to right, and nearly the same for edges of any slant.",
        _grid((-3, 0, 3), (-10, 0, 10), (-3, 0, 3)),
    ),
    Sample(
        "scharr_y",
        "As Sobel, downwards, and nearly the same for edges of any slant.",
        _grid((-3, -10, -3), (0, 0, 0), (3, 10, 3)),
    ),
    Sample(
        "prewitt_x",
        "Large where it gets brighter to the right, all three rows counting the same.",
        _grid((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
    ),
    Sample(
        "prewitt_y",
        "Large where it gets brighter downwards, all three columns counting the same.",
        _grid((-1, -1, -1), (0, 0, 0), (1, 1, 1)),
    ),
    Sample(
        "laplacian",
        "How far the four neighbours together outshine a pixel: 0 on even ground and on even slopes.",
        _grid((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    ),
    Sample(
        "edge",
        "How far a pixel outshines its eight neighbours: edges of any direction, and specks.",
        _grid((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    ),
    Sample(
        "emboss",
        "Lights the picture from the upper left, as if it were stamped in metal.",
        _grid((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    ),
    Sample(
        "motion_blur",
        "Smears along the diagonal, as a camera does that moves down to the right.",
        _grid((1, 0, 0), (0, 1, 0), (0, 0, 1), over=3),
    ),
    Sample("moving_average", "1D: the mean of three neighbours.", lambda: np.full(3, 1 / 3)),
    Sample("difference", "1D: how much larger the next sample is than the one before.", lambda: np.array([-1, 0, 1])),
    Sample(
        "multipath",
        "1D: a signal and three echoes of it, each weaker than the one before.",
        lambda: np.array([1, 0.9, 0.8, 0.7]),
    ),
)
"""All kernels that have a name, in order; those of the lessons first."""
