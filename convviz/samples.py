"""Named kernels, signals and pictures to try things on; each a new array at every call."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

INPUTS: dict[str, Callable[[], Array]] = {
    "The classic 5×5": lambda: np.array(
        [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    ),
    "Impulse: a single one": lambda: _impulse(5),
    "Step edge": lambda: np.array([[0, 0, 9, 9, 9]] * 5),
    "Checkerboard": lambda: np.indices((6, 6)).sum(axis=0) % 2,
    "Counting 1 to 25": lambda: np.arange(1, 26).reshape(5, 5),
}
"""Small inputs by name: functions that make them."""

KERNELS: dict[str, Callable[[], Array]] = {
    "The classic ×": lambda: np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]),
    "Counting 1 to 9": lambda: np.arange(1, 10).reshape(3, 3),
    "Identity": lambda: _impulse(3),
    "Box blur": lambda: np.full((3, 3), 1 / 9),
    "Sharpen": lambda: np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "Sobel, left to right": lambda: np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "Corner": lambda: np.array([[1, 2], [3, 4]]),
}
"""Small kernels by name: functions that make them."""


def _impulse(size: int) -> Array:
    impulse = np.zeros((size, size), dtype=np.int64)
    impulse[size // 2, size // 2] = 1
    return impulse
