"""Padding: the number of cells before and after an input along each axis, and what fills them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Literal, get_args

import numpy as np

from convviz.faults import LARGEST_INTEGER, counted, shown
from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole, is_several
from convviz.trace import Array

PaddingName = Literal["zeros", "reflect", "symmetric", "replicate", "circular"]
PaddingMode = PaddingName | float
"""What fills the cells around an input: a name, or the number itself. 0 becomes 'zeros'."""
Padding = int | str | Sequence[int | Sequence[int]]
"""Cells before and after each axis, or a name: see `convviz.conv_layer`."""

_NUMPYS = {"reflect": "reflect", "symmetric": "symmetric", "replicate": "edge", "circular": "wrap"}
"""The names that `numpy.pad` has for the modes that copy cells of the input."""
_COUNTS = "accepted: an integer from 0 on, or for each of the {} axes an integer or a pair (before, after)"
_ACCEPTED = _COUNTS + "; 'valid', 'same' or 'same_tf'"


def pad_axes(padding: Any, axes: Sequence[Axis]) -> Geometry:
    """Return a geometry of these axes, with padding before and after each of them.

    Parameters
    ----------
    padding : int, str or sequence
        The number of cells, or a name: see `convviz.conv_layer`.
    axes : sequence of Axis
        The axes without padding.

    Raises
    ------
    TypeError, ValueError
        If ``padding`` is not accepted.

    Examples
    --------
    >>> geometry = pad_axes("same_tf", [Axis(size=6, kernel=3, stride=2)])
    >>> geometry.before, geometry.after
    ((0,), (1,))
    """
    pairs = _named(padding, axes) if isinstance(padding, str) else padding_pairs(padding, len(axes), accepted=_ACCEPTED)
    return Geometry(tuple(replace(axis, before=b, after=a) for axis, (b, a) in zip(axes, pairs, strict=True)))


def _named(padding: str, axes: Sequence[Axis]) -> list[tuple[int, int]]:
    match padding:
        case "valid":
            return [(0, 0)] * len(axes)
        case "same":
            strides = tuple(axis.stride for axis in axes)
            if max(strides) > 1:
                raise ValueError(
                    f"stride is {strides} with padding 'same', which PyTorch defines only for stride 1; "
                    "accepted: stride 1, or padding 'same_tf'"
                )
            spare = [axis.extent - 1 for axis in axes]
        case "same_tf":
            spare = [max(0, axis.extent - 1 - (axis.size - 1) % axis.stride) for axis in axes]
        case _:
            raise ValueError(f"padding is {shown(padding)}; {_ACCEPTED.format(len(axes))}")
    return [(total // 2, total - total // 2) for total in spare]


def padding_pairs(padding: Any, axes: int, *, accepted: str = _COUNTS) -> list[tuple[int, int]]:
    """Return the number of cells before and after each axis.

    Parameters
    ----------
    padding : int or sequence
        One number for all axes, or for each axis one number or a pair.
    axes : int
        The number of axes.
    accepted : str
        What the error says is accepted, with ``{}`` for the number of axes.

    Raises
    ------
    TypeError, ValueError
        If ``padding`` is not accepted.

    Examples
    --------
    >>> padding_pairs(2, 1), padding_pairs((1, (0, 3)), 2)
    ([(2, 2)], [(1, 1), (0, 3)])
    """
    accepted = accepted.format(axes)
    if is_several(padding) and len(padding) > max(axes, 2):
        entries = f"{len(padding)} entries for {counted(axes, 'axis', 'axes')}"
        raise ValueError(f"padding is {shown(padding)}, with {entries}; {accepted}")
    parts = list(padding) if is_several(padding) else [padding] * axes
    if axes == 1 and len(parts) == 2 and not any(map(is_several, parts)):
        parts = [parts]
    if len(parts) != axes:
        entries = f"{counted(len(parts), 'entry', 'entries')} for {counted(axes, 'axis', 'axes')}"
        raise ValueError(f"padding is {shown(padding)}, with {entries}; {accepted}")
    pairs = [tuple(part) if is_several(part) else (part, part) for part in parts]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"padding is {shown(padding)}; {accepted}")
    counts = [(as_whole("padding", before, accepted), as_whole("padding", after, accepted)) for before, after in pairs]
    if min(map(min, counts)) < 0:
        raise ValueError(f"padding is {shown(padding)}; {accepted}")
    if max(map(max, counts)) > LARGEST_INTEGER:
        raise ValueError(f"padding is {shown(padding)}; accepted: integers up to {LARGEST_INTEGER}")
    return counts


def check_padding_mode(mode: Any, geometry: Geometry) -> PaddingMode:
    """Check that a padding mode is known, and that it can fill the border under PyTorch's rules.

    Raises
    ------
    ValueError
        If the mode is unknown, is a number that is not finite, or would have to mirror or wrap around more than once.

    Examples
    --------
    >>> check_padding_mode(0.0, Geometry(())), check_padding_mode(np.float32(0.5), Geometry(()))
    ('zeros', 0.5)
    """
    if isinstance(mode, int | float | np.number) and not isinstance(mode, bool):
        number: float = as_numbers("padding_mode", mode, dimensions=(0,)).item()
        return number or "zeros"
    if not isinstance(mode, str) or mode not in get_args(PaddingName):
        names = ", ".join(map(repr, get_args(PaddingName)))
        raise ValueError(f"padding_mode is {shown(mode)}; accepted: {names} or a number")
    for number, axis in enumerate(geometry.axes):
        most = {"reflect": axis.size - 1, "symmetric": axis.size, "circular": axis.size}.get(mode)
        if most is not None and max(axis.before, axis.after) > most:
            raise ValueError(
                f"padding is {axis.before} before and {axis.after} after spatial axis {number} of x, where "
                f"padding_mode {shown(mode)} finds no more than {most} cells to copy; accepted: at most {most}"
            )
    return mode  # type: ignore[return-value]


def origins(axis: Axis, mode: PaddingMode) -> Array:
    """Return, for each cell of a padded axis, the index of the input cell that it is copied from; −1 for a constant.

    Examples
    --------
    >>> origins(Axis(size=3, kernel=1, before=2, after=1), "reflect")
    array([2, 1, 0, 1, 2, 1])
    >>> origins(Axis(size=3, kernel=1, before=2, after=1), "symmetric")
    array([1, 0, 0, 1, 2, 2])
    """
    around, cells = (axis.before, axis.after), np.arange(axis.size)
    if _is_constant(mode):
        found = np.full(axis.padded, -1)
        found[axis.before : axis.before + axis.size] = cells
        return found
    return np.pad(cells, around, _NUMPYS[mode])  # type: ignore[index, call-overload, no-any-return]


def pad(x: Array, geometry: Geometry, mode: PaddingMode, dtype: Any) -> Array:
    """Return a new array: the input with its border. Channels come first, as in ``x``."""
    shape = (len(x), *geometry.padded_shape)
    if shape == x.shape:
        return x.astype(dtype, order="C")
    padded = np.zeros(shape, dtype=dtype)
    if not isinstance(mode, str):
        padded[...] = mode
    padded[(slice(None), *geometry.interior)] = x
    if _is_constant(mode):
        return padded
    for number, axis in enumerate(geometry.axes, start=1):
        lines = np.moveaxis(padded, number, 0)
        found = origins(axis, mode) + axis.before
        for side in (slice(0, axis.before), slice(axis.before + axis.size, None)):
            lines[side] = lines[found[side]]
    return padded


def _is_constant(mode: PaddingMode) -> bool:
    return mode == "zeros" or not isinstance(mode, str)


def unread(geometry: Geometry, sources: Sequence[Array]) -> Array:
    """Return which cells of an input no window reads. ``sources`` holds the `origins` of each axis."""
    read = []
    for axis, source in zip(geometry.axes, sources, strict=True):
        along = np.zeros(axis.size + 1, dtype=bool)  # index −1, for the zeros, is the last cell
        for offset in range(axis.kernel):
            along[source[axis.reads(offset)]] = True
        read.append(along[:-1])
    return ~reduce(np.logical_and.outer, read)
