"""The positions of sliding windows: padding, stride, dilation, output size, receptive field. Integers only."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

from convviz.faults import listed, shown


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of a sliding window.

    Parameters
    ----------
    size : int
        The number of input cells along this axis.
    kernel : int
        The number of kernel cells along this axis.
    before, after : int
        The number of cells of padding before the first and after the last input cell.
    stride : int
        The number of cells from one window to the next.
    dilation : int
        The number of cells from one kernel cell to the next within a window.

    Examples
    --------
    >>> Axis(size=5, kernel=3).output
    3
    >>> Axis(size=5, kernel=3, before=1, after=1, stride=2).window(2)
    slice(4, 7, 1)
    """

    size: int
    kernel: int
    before: int = 0
    after: int = 0
    stride: int = 1
    dilation: int = 1

    @property
    def padded(self) -> int:
        """The number of cells of the input with its padding."""
        return self.before + self.size + self.after

    @property
    def extent(self) -> int:
        """The number of cells that a window spans, from its first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output(self) -> int:
        """The number of windows that fit: the number of output cells along this axis."""
        return (self.padded - self.extent) // self.stride + 1

    def window(self, position: int) -> slice:
        """Return the cells of the padded input that the window at ``position`` reads."""
        start = position * self.stride
        return slice(start, start + self.extent, self.dilation)

    def reads(self, offset: int) -> slice:
        """Return the cells of the padded input that the kernel cell at ``offset`` meets, over all windows."""
        start = offset * self.dilation
        return slice(start, start + (self.output - 1) * self.stride + 1, self.stride)


@dataclass(frozen=True)
class Geometry:
    """A sliding window over one or more axes, rows before columns.

    Examples
    --------
    >>> geometry = Geometry((Axis(size=5, kernel=3), Axis(size=6, kernel=3)))
    >>> geometry.output_shape
    (3, 4)
    >>> geometry.window((1, 2))
    (slice(1, 4, 1), slice(2, 5, 1))
    """

    axes: tuple[Axis, ...]

    @property
    def before(self) -> tuple[int, ...]:
        """The number of padding cells before the input, along each axis."""
        return tuple(axis.before for axis in self.axes)

    @property
    def after(self) -> tuple[int, ...]:
        """The number of padding cells after the input, along each axis."""
        return tuple(axis.after for axis in self.axes)

    @property
    def stride(self) -> tuple[int, ...]:
        """The number of cells from one window to the next, along each axis."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def dilation(self) -> tuple[int, ...]:
        """The number of cells from one kernel cell to the next, along each axis."""
        return tuple(axis.dilation for axis in self.axes)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The number of windows along each axis."""
        return tuple(axis.output for axis in self.axes)

    @property
    def padded_shape(self) -> tuple[int, ...]:
        """The number of cells of the input with its padding, along each axis."""
        return tuple(axis.padded for axis in self.axes)

    @property
    def kernel_shape(self) -> tuple[int, ...]:
        """The number of kernel cells along each axis."""
        return tuple(axis.kernel for axis in self.axes)

    @property
    def interior(self) -> tuple[slice, ...]:
        """The place of the input itself within the padded input."""
        return tuple(slice(axis.before, axis.before + axis.size) for axis in self.axes)

    @property
    def windows(self) -> int:
        """The total number of windows."""
        return prod(self.output_shape)

    @property
    def receptive_field(self) -> "ReceptiveField":
        """The part of the input that one output cell sees."""
        return receptive_field([self])

    def window(self, position: tuple[int, ...]) -> tuple[slice, ...]:
        """Return the cells of the padded input that the window at ``position`` reads."""
        return tuple(axis.window(at) for axis, at in zip(self.axes, position, strict=True))

    def reads(self, offset: tuple[int, ...]) -> tuple[slice, ...]:
        """Return the cells of the padded input that the kernel cell at ``offset`` meets, over all windows.

        Examples
        --------
        >>> Geometry((Axis(size=5, kernel=3, stride=2),)).reads((1,))
        (slice(1, 4, 2),)
        """
        return tuple(axis.reads(at) for axis, at in zip(self.axes, offset, strict=True))


@dataclass(frozen=True, kw_only=True)
class ReceptiveField:
    """The part of a stack's input that one output cell of the stack of layers sees; made by `receptive_field`.

    Parameters
    ----------
    size : tuple of int
        The number of input cells that an output cell sees, along each axis.
    jump : tuple of int
        The number of input cells from the receptive field of one output cell to that of the next, along each axis.
    start : tuple of int
        The first input cell that output cell 0 sees, along each axis; negative if that cell lies in the padding.
    """

    size: tuple[int, ...]
    jump: tuple[int, ...]
    start: tuple[int, ...]

    @property
    def center(self) -> tuple[float, ...]:
        """The middle of the receptive field of output cell 0; 0 is the middle of the input's first cell."""
        return tuple(first + (cells - 1) / 2 for first, cells in zip(self.start, self.size, strict=True))

    def cells(self, position: tuple[int, ...]) -> tuple[range, ...]:
        """Return the input cells that the output cell at ``position`` sees, including cells of the padding.

        Examples
        --------
        >>> ReceptiveField(size=(3,), jump=(2,), start=(-1,)).cells((4,))
        (range(7, 10),)
        """
        first = (start + at * jump for start, at, jump in zip(self.start, position, self.jump, strict=True))
        return tuple(range(cell, cell + cells) for cell, cells in zip(first, self.size, strict=True))


def receptive_field(layers: Iterable[Any]) -> ReceptiveField:
    """Compute which part of a stack's input one output cell of the stack of layers sees.

    Only kernel size, dilation, stride and padding matter: the input sizes of the layers need not fit together.

    Parameters
    ----------
    layers : iterable
        The layers in order, from the input on: geometries, or traces that have one. A single one may stand alone.

    Returns
    -------
    ReceptiveField
        The receptive field's size, jump and start, along each axis.

    Raises
    ------
    TypeError
        If a layer has no geometry.
    ValueError
        If there is no layer, or the layers differ in their number of axes.

    Notes
    -----
    The recurrences of Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
    Distill 2019: at each layer, ``size`` grows by (extent - 1) * jump, ``start`` decreases by before * jump, and then
    ``jump`` is multiplied by the stride.

    Examples
    --------
    >>> three = Geometry((Axis(size=32, kernel=3, before=1, after=1),))
    >>> halving = Geometry((Axis(size=32, kernel=2, stride=2),))
    >>> receptive_field([three, three, halving, three])
    ReceptiveField(size=(10,), jump=(2,), start=(-4,))
    """
    geometries = [_geometry(number, layer) for number, layer in enumerate(layers_listed(layers))]
    if not geometries:
        raise ValueError("layers is empty; accepted: at least one layer")
    if not geometries[0].axes:
        raise ValueError("layers[0] has no axes; accepted: layers with one, two or three axes")
    counts = sorted({len(geometry.axes) for geometry in geometries})
    if len(counts) > 1:
        raise ValueError(f"layers have {' and '.join(map(str, counts))} axes; accepted: the same number in each layer")
    fields = [_along(axes) for axes in zip(*(geometry.axes for geometry in geometries), strict=True)]
    size, jump, start = zip(*fields, strict=True)
    return ReceptiveField(size=size, jump=jump, start=start)


def layers_listed(layers: Any) -> list[Any]:
    """Return the layers of a stack as a list; one that is not in a list is the only one.

    Examples
    --------
    >>> layer = Geometry((Axis(size=3, kernel=2),))
    >>> layers_listed(layer) == layers_listed((layer,)) == [layer]
    True
    """
    if isinstance(layers, Geometry) or hasattr(layers, "geometry"):
        return [layers]
    return listed("layers", layers, "accepted: several layers, each a Geometry or a trace that has one")


def _along(axes: Iterable[Axis]) -> tuple[int, int, int]:
    size, jump, start = 1, 1, 0
    for axis in axes:
        size += (axis.extent - 1) * jump
        start -= axis.before * jump
        jump *= axis.stride
    return size, jump, start


def _geometry(number: int, layer: Any) -> Geometry:
    geometry = getattr(layer, "geometry", layer)
    if not isinstance(geometry, Geometry):
        raise TypeError(
            f"layers[{number}] is {shown(layer)} ({type(layer).__name__}); "
            "accepted: a Geometry, or a trace that has one"
        )
    sizes = tuple(axis.size for axis in geometry.axes)
    x = getattr(layer, "x", None)
    if layer is not geometry and (x is None or x.shape[-len(sizes) :] != sizes):
        raise TypeError(
            f"layers[{number}] is a {type(layer).__name__}; accepted: layers whose windows read their input"
        )
    return geometry
