"""The mean squared error of a kernel, as a function of its weights. The input is read only once."""

from math import prod, sqrt

import numpy as np

from convviz.geometry import Geometry
from convviz.trace import Array

_BLOCK = 1 << 18
"""How many numbers are copied from windows at a time."""


class SquaredError:
    """The mean squared difference between a kernel's output and a target.

    Let W be the matrix of all windows and t the target. An orthogonal matrix reduces both to at most one row more than
    the kernel has weights. This does not change the length of W·kernel − t, on which the error depends. So errors and
    gradients take the same time for every size of picture, and are as exact as sums over the whole picture.

    Parameters
    ----------
    padded : ndarray
        The input with its border.
    target : ndarray
        The output that the kernel should make.
    geometry : Geometry
        The positions of the windows in ``padded``.

    Notes
    -----
    This is the sequential QR factorization of tall matrices: see Demmel et al., "Communication-optimal Parallel and
    Sequential QR and LU Factorizations", 2012.

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
        # It is scaled so that the error is half of a squared length; its gradient then needs no factor.
        triangle *= sqrt(2 / target.size)
        self._matrix, self._goal = triangle[:, :weights].copy(), triangle[:, weights].copy()

    def of(self, kernels: Array) -> Array:
        """Return the error of each kernel in an array of shape (kernels, weights)."""
        left = kernels @ self._matrix.T - self._goal
        return np.asarray(np.einsum("ij,ij->i", left, left) / 2)

    def gradient(self, kernel: Array) -> Array:
        """Return the gradient of the error with respect to the weights, at a kernel of shape (weights,)."""
        gradient: Array = (self._matrix @ kernel - self._goal) @ self._matrix
        return gradient

    def curvatures(self) -> Array:
        """Return the second derivatives of the error along its principal axes, the largest first.

        If one of them is 0, the error does not depend on the weights along that axis.
        """
        return np.asarray(np.linalg.svd(self._matrix, compute_uv=False) ** 2)
