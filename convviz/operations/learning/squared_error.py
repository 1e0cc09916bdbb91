"""The mean squared error of a kernel, as a function of its weights: the input itself is looked at only once."""

from math import prod, sqrt

import numpy as np

from convviz.geometry import Geometry
from convviz.trace import Array

_BLOCK = 1 << 18
"""Numbers copied out of windows at a time."""


class SquaredError:
    """How far a kernel's output is from a target, on average over the squares of the differences.

    All windows W and the target t are turned, by an orthogonal matrix, into no more rows than the kernel has weights,
    and one: the length of W·kernel − t, which is all that the error is made of, stays the same. So errors and
    gradients cost the same whatever the picture's size, and are as exact as if they were added up over all of it.

    Parameters
    ----------
    padded : ndarray
        The input with its border.
    target : ndarray
        What the output should be.
    geometry : Geometry
        Where the windows land in ``padded``.

    Notes
    -----
    The sequential QR factorization of tall matrices: Demmel et al., "Communication-optimal Parallel and Sequential
    QR and LU Factorizations", 2012.

    Examples
    --------
    >>> from convviz.geometry import Axis
    >>> error = SquaredError(np.array([1.0, 0, 0]), np.array([2.0, 0]), Geometry((Axis(size=3, kernel=2),)))
    >>> error.of(np.array([[0.0, 0], [1, 0], [2, 0]])).round(6)
    array([2. , 0.5, 0. ])
    >>> error.gradient(np.array([1.0, 0])).round(6)
    array([-1.,  0.])
    """

    def __init__(self, padded: Array, target: Array, geometry: Geometry) -> None:
        windows = np.lib.stride_tricks.sliding_window_view(padded, geometry.kernel_shape)
        weights = prod(geometry.kernel_shape)
        rows = max(1, _BLOCK // (weights * prod(target.shape[1:])), 4 * weights // prod(target.shape[1:]))
        triangle: Array = np.empty((0, weights + 1))
        for start in range(0, len(target), rows):
            part = slice(start, start + rows)
            block = np.column_stack([windows[part].reshape(-1, weights), target[part].reshape(-1)])
            triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
        # Scaled so that the error is half of a squared length, and its gradient needs no factor.
        triangle *= sqrt(2 / target.size)
        self._matrix, self._goal = triangle[:, :weights].copy(), triangle[:, weights].copy()

    def of(self, kernels: Array) -> Array:
        """Give the error of each kernel of an array of shape (kernels, weights)."""
        left = kernels @ self._matrix.T - self._goal
        return np.asarray(np.einsum("ij,ij->i", left, left) / 2)

    def gradient(self, kernel: Array) -> Array:
        """Give the change of the error with each weight, at a kernel of shape (weights,)."""
        gradient: Array = (self._matrix @ kernel - self._goal) @ self._matrix
        return gradient

    def curvatures(self) -> Array:
        """Give the second derivatives of the error along its principal axes, largest first.

        Where one is 0 the input says nothing about the weights along that axis.
        """
        return np.asarray(np.linalg.svd(self._matrix, compute_uv=False) ** 2)
