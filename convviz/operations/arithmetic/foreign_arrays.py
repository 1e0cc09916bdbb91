"""Read arrays of other libraries without importing them: tensors with gradients, narrow floats, pandas' columns."""

from typing import Any

import numpy as np

from convviz.trace import Array


def readable(tensor: Any) -> Any:
    """Return a tensor of any library as something that NumPy can read: in memory, without gradients.

    Parameters
    ----------
    tensor : object
        The tensor. A list or tuple is returned with readable items, at any depth; other objects as they are.

    Examples
    --------
    >>> readable([1, (2, 3)])
    [1, [2, 3]]
    """
    if isinstance(tensor, list | tuple):
        return [readable(item) for item in tensor]
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        return np.asarray(tensor.double() if tensor.is_floating_point() else tensor)  # NumPy has no bfloat16
    return plain(np.asarray(tensor), tensor) if hasattr(tensor, "__array__") else tensor


def plain(array: Array, value: Any) -> Array:
    """Return an array in a dtype of NumPy's own, if its numbers only lack one; else the array as it is.

    Parameters
    ----------
    array : ndarray
        What NumPy reads from ``value``: of objects, or of a dtype that NumPy does not know.
    value : object
        What was read. The numbers of a pandas table whose columns differ in dtype arrive as objects.

    Examples
    --------
    >>> plain(np.zeros(2, "V8"), None).dtype
    dtype('V8')
    """
    if (
        array.dtype.kind == "V"
    ):  # the narrow floats and integers of ml_dtypes, JAX and TensorFlow can be cast; V8 cannot
        for dtype in (np.int64, np.float64):
            if np.can_cast(array.dtype, dtype):
                return array.astype(dtype)
        return array
    of_pandas = f"{type(value).__module__}.".startswith("pandas.")
    numbers = of_pandas and all(isinstance(item, int | float | np.number | np.bool_) for item in array.flat)
    return np.array(array.tolist()) if numbers else array
