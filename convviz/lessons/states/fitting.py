"""What an operation takes of a learner's own arrays, whatever shapes they have, and a sentence that says so."""

from typing import Any, NamedTuple

import numpy as np

from convviz.trace import Array


class Fitted(NamedTuple):
    """An array as an operation takes it.

    Parameters
    ----------
    array : ndarray
        The array itself where it can be taken as it is.
    said : str
        What has been done to it, as it continues "The input is …"; empty if nothing.
    """

    array: Array
    said: str = ""


def a_row(array: Array) -> Fitted:
    """Take a single row: of several the first, and a column as a row.

    Examples
    --------
    >>> a_row(np.array([[1, 2], [3, 4]]))
    Fitted(array=array([1, 2]), said='its first row')
    """
    if array.ndim == 1:
        return Fitted(array)
    grid = array.reshape(-1, *array.shape[-2:])[0]
    if grid.shape[1] == 1 < len(grid):
        return Fitted(grid[:, 0], "its first column, as a row")
    return Fitted(grid[0], "its first row" if array.size > grid[0].size else "")


def a_grid(array: Array) -> Fitted:
    """Take rows and columns, or a single row: of several channels the mean, as a grey picture has it.

    Examples
    --------
    >>> a_grid(np.array([[[0, 0]], [[0, 1]], [[0, 1]]]))
    Fitted(array=array([[0, 1]]), said='the mean of its 3 channels, rounded')
    """
    if array.ndim < 3:
        return Fitted(array)
    planes = array.reshape(-1, *array.shape[-2:])
    if len(planes) == 1:
        return Fitted(planes[0])
    mean = planes.mean(axis=0)
    if array.dtype.kind == "i":
        return Fitted(np.rint(mean).astype(np.int64), f"the mean of its {len(planes)} channels, rounded")
    return Fitted(mean, f"the mean of its {len(planes)} channels")


def one_plane(array: Array) -> Fitted:
    """Take rows and columns as a picture of one channel."""
    grid, said = a_grid(array)
    return Fitted(np.atleast_2d(grid)[None], said)


def planes(array: Array) -> Fitted:
    """Take all channels: a grid is one of them."""
    return Fitted(array if array.ndim == 3 else np.atleast_2d(array)[None])


def inputs(array: Array) -> Fitted:
    """Take all numbers, row by row, as the inputs of neurons.

    Examples
    --------
    >>> inputs(np.array([[1, 2], [3, 4]]))
    Fitted(array=array([1, 2, 3, 4]), said='its 4 numbers, row by row')
    """
    return Fitted(array.reshape(-1), "" if array.ndim == 1 else f"its {array.size} numbers, row by row")


def row_for(w: Array, x: Array) -> Fitted:
    """Take a row for a row."""
    return a_row(w)


def kernel_for(w: Array, x: Array) -> Fitted:
    """Take a kernel with as many axes as the input, and not larger than it.

    Examples
    --------
    >>> kernel_for(np.ones((3, 3)), np.ones((2, 5)))
    Fitted(array=array([[1., 1., 1.], [1., 1., 1.]]), said='cut to 2×3, as the input is no larger')
    """
    if x.ndim == 1:
        row, said = a_row(w)
        return _cut(row, x, said)
    first = w.reshape(-1, *w.shape[-2:])[0] if w.ndim > 1 else w[None]
    said = "its first kernel" if w.ndim > 2 and w.size > first.size else ""
    return _cut(first, x, said)


def one_kernel_for(w: Array, x: Array) -> Fitted:
    """Take a kernel for a picture of one channel."""
    kernel, said = kernel_for(w, x[0])
    return Fitted(kernel[None, None], said)


def filters_for(w: Array, x: Array) -> Fitted:
    """Take filters, each with a kernel for every channel: the same ones again where there are too few.

    Examples
    --------
    >>> filters_for(np.ones((2, 2)), np.ones((3, 4, 4)))[1]
    'the same kernel for each of the 3 channels'
    """
    kernels = w if w.ndim == 4 else np.atleast_2d(w)[None] if w.ndim == 3 else np.atleast_2d(w)[None, None]
    there, wanted = kernels.shape[1], len(x)
    said = ""
    if there != wanted:
        kernels = kernels[:, np.arange(wanted) % there]
        if there == 1:
            said = f"the same kernel for each of the {wanted} channels"
        else:
            said = (
                f"its {there} kernels again and again" if there < wanted else f"its first {wanted} of {there} kernels"
            )
            said += f": the input has {wanted} channel{'s' if wanted > 1 else ''}"
    return _cut(kernels, x, said)


def weights_for(w: Array, x: Array) -> Fitted:
    """Take a row of weights for each neuron: the same ones again where there are too few.

    Examples
    --------
    >>> weights_for(np.array([[1, 2]]), np.ones(3))
    Fitted(array=array([[1, 2, 1]]), said='each row again and again, as there are 3 inputs')
    """
    rows = w[None] if w.ndim == 1 else w.reshape(len(w), -1)
    there = rows.shape[1]
    if there == len(x):
        return Fitted(rows)
    said = f"each row again and again, as there are {len(x)} inputs"
    return Fitted(
        rows[:, np.arange(len(x)) % there],
        said if there < len(x) else f"the first {len(x)} weights of each row, one for each input",
    )


def as_it_is(w: Array, x: Array) -> Fitted:
    """Leave a kernel that is not used."""
    return Fitted(w)


def numbers_for(bias: Array, count: int) -> Array:
    """Take a bias for each filter: zeros where there are too few."""
    return bias[:count] if count <= len(bias) else np.pad(bias, (0, count - len(bias)))


def _cut(w: Array, x: Array, said: str) -> Fitted:
    """Cut a kernel that is larger than the input."""
    axes = min(2, x.ndim)
    sides = [min(pair) for pair in zip(w.shape[-axes:], x.shape[-axes:], strict=True)]
    if tuple(sides) == w.shape[-axes:]:
        return Fitted(w, said)
    cut = f"cut to {'×'.join(map(str, sides))}, as the input is no larger"
    inside: tuple[Any, ...] = (..., *map(slice, sides))
    return Fitted(w[inside], f"{said}, {cut}" if said else cut)
