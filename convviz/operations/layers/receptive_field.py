"""The receptive field of a stack of layers: what each output cell sees of the input, layer by layer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from convviz.faults import check_size, shown
from convviz.geometry import Axis, Geometry, ReceptiveField, layers_listed
from convviz.geometry import receptive_field as field_of
from convviz.operations.layers.index_notation import stacked
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

_AXES = ("planes", "rows", "columns")


@dataclass(frozen=True, eq=False, slots=True)
class SightStep(Step):
    """One output cell: what it sees of the input, and of each layer between. ``value`` is the number of input cells.

    Parameters
    ----------
    ways : tuple of ndarray
        For the input and for the output of each layer, in how many ways the output cell reads each of the cells: 0 if
        it does not see the cell.
    """

    ways: tuple[Array, ...]

    @property
    def seen(self) -> tuple[tuple[slice, ...], ...]:
        """The cells from the first to the last that the output cell sees, of the input and of each layer's output."""
        return tuple(tuple(slice(at.min(), at.max() + 1) for at in _spans(each)) for each in self.ways)

    def describe(self) -> str:
        """Describe in one plain sentence which input cells the output cell sees.

        Examples
        --------
        >>> three = Geometry((Axis(size=8, kernel=3, before=1, after=1),))
        >>> receptive_field([three, three])[1].describe()
        'Output [1] sees 4 of the 8 input cells: columns 0 to 3.'
        """
        whole, names = self.ways[0], _AXES[-self.ways[0].ndim :]
        subject = f"Output {list(self.position)} sees {self.value} of the {whole.size} input cells"
        if not self.value:
            return f"{subject}: its receptive field lies in the padding."
        ranges = ", ".join(_range(name, at) for name, at in zip(names, self.seen[0], strict=True))
        gaps = ", with gaps" if prod(at.stop - at.start for at in self.seen[0]) > self.value else ""
        return f"{subject}: {ranges}{gaps}."


class SightTrace(Trace[SightStep]):
    """The receptive fields of the output cells of a stack; made by `receptive_field`."""

    def __init__(self, layers: Iterable[Any]) -> None:
        layers = layers_listed(layers)
        self._field = field_of(layers)
        given: list[Any] = [getattr(layer, "geometry", layer) for layer in layers]
        chains = [_chained(axes) for axes in zip(*(each.axes for each in given), strict=True)]
        self._layers = tuple(Geometry(axes) for axes in zip(*chains, strict=True))
        ways = prod(axis.kernel for layer in self._layers for axis in layer.axes)
        self._dtype: Any = np.int64 if ways < 2**62 else object
        shape = self._layers[-1].output_shape
        for what, sizes in (("input", [axis.size for axis in self._layers[0].axes]), ("output", shape)):
            check_size(prod(sizes), f"layers make an {what} of {shown(tuple(sizes))} cells", f"the {what}")
        counts = [self._seen_along(number, size) for number, size in enumerate(shape)]
        super().__init__(reduce(np.multiply.outer, counts))

    @property
    def field(self) -> ReceptiveField:
        """The receptive field of an output cell in numbers, as if the input had no end."""
        return self._field

    @property
    def size(self) -> tuple[int, ...]:
        """The number of input cells that an output cell sees, along each axis."""
        return self._field.size

    @property
    def jump(self) -> tuple[int, ...]:
        """The number of input cells from one output cell's receptive field to the next one's, along each axis."""
        return self._field.jump

    @property
    def start(self) -> tuple[int, ...]:
        """The first input cell that output cell 0 sees, along each axis; negative if that cell lies in the padding."""
        return self._field.start

    @property
    def center(self) -> tuple[float, ...]:
        """The middle of the receptive field of output cell 0; 0 is the middle of the input's first cell."""
        return self._field.center

    @property
    def layers(self) -> tuple[Geometry, ...]:
        """The layers, each with the output of the one before it as its input."""
        return self._layers

    @property
    def terms(self) -> Terms:
        """The stack in index notation: see `stacked` for its views."""
        return stacked(self._layers)

    def cells(self, position: tuple[int, ...]) -> tuple[range, ...]:
        """Return the input cells that the output cell at ``position`` sees, including cells of the padding."""
        return self._field.cells(position)

    def _step(self, index: int) -> SightStep:
        position = self._position(index)
        along = [self._along(number, at) for number, at in enumerate(position)]
        ways = tuple(reduce(np.multiply.outer, each) for each in zip(*along, strict=True))
        for array in ways:
            array.setflags(write=False)
        return SightStep(index, position, self._output[position], ways)

    def _seen_along(self, number: int, size: int) -> Array:
        """Count, along one axis, the input cells that each output cell sees; where no layer ends, all see as many."""
        axes = [layer.axes[number] for layer in self._layers]
        first, last = 0, size - 1
        extent, jump, start = 1, 1, 0
        for axis in reversed(axes):
            extent, jump = (extent - 1) * axis.stride + axis.extent, jump * axis.stride
            start = start * axis.stride - axis.before
            first = max(first, -(start // jump))
            last = min(last, (axis.size - extent - start) // jump)
        first = min(first, size)
        middle = range(first, max(first, last + 1))
        counts = np.empty(size, dtype=np.int64)
        counts[middle.start : middle.stop] = _seen(axes, middle.start) if middle else 0
        for at in (*range(middle.start), *range(middle.stop, size)):
            counts[at] = _seen(axes, at)
        return counts

    def _along(self, number: int, position: int) -> list[Array]:
        """Count along one axis in how many ways an output cell reads each cell, from the input to the output."""
        ways = np.zeros(self._layers[-1].output_shape[number], dtype=self._dtype)
        ways[position] = 1
        found = [ways]
        for layer in reversed(self._layers):
            axis = layer.axes[number]
            below = np.zeros(axis.padded, dtype=self._dtype)
            for offset in range(axis.kernel):
                below[axis.reads(offset)] += found[0]
            found.insert(0, below[axis.before : axis.before + axis.size])
        return found


def receptive_field(layers: Iterable[Any]) -> SightTrace:
    """Compute which part of a stack's input each output cell of the stack of layers sees: as a trace to be shown.

    Parameters
    ----------
    layers : iterable
        The layers in order, from the input on: geometries, or traces that have one. A single one may stand alone.

    Returns
    -------
    SightTrace
        It has the receptive field's ``size``, ``jump``, ``start`` and ``center``, along each axis, which depend only on
        kernel size, dilation, stride and padding. Its steps are the output cells of the last layer, and its ``output``
        is how many input cells each of them sees. For these, the first layer's input has the size that it says (or as
        many cells as it takes for a single output cell), and each layer reads the output of the layer before it.

    Raises
    ------
    TypeError
        If a layer has no geometry.
    ValueError
        If there is no layer, or the layers differ in their number of axes.

    See Also
    --------
    convviz.geometry.receptive_field : the same numbers without the steps.

    Examples
    --------
    >>> three = Geometry((Axis(size=6, kernel=3, before=1, after=1),))
    >>> trace = receptive_field([three, three])
    >>> trace.size, trace.start, trace.output
    ((5,), (-2,), array([3, 4, 5, 5, 4, 3]))
    >>> trace[2].ways[0]
    array([1, 2, 3, 2, 1, 0])
    """
    return SightTrace(layers)


def _chained(axes: Sequence[Axis]) -> list[Axis]:
    """Let each layer read the output of the one before it, from an input that is large enough for one output cell."""
    least = 1
    for axis in reversed(axes):
        least = max(1, (least - 1) * axis.stride + axis.extent - axis.before - axis.after)
    size, chain = max(axes[0].size, least), []
    for axis in axes:
        chain.append(replace(axis, size=size))
        size = chain[-1].output
    return chain


def _seen(axes: Sequence[Axis], position: int) -> int:
    """Count the input cells that one output cell sees along an axis."""
    first, seen = position, np.ones(1, dtype=bool)
    for axis in reversed(axes):
        below = np.zeros((len(seen) - 1) * axis.stride + axis.extent, dtype=bool)
        for offset in range(0, axis.extent, axis.dilation):
            below[offset : offset + (len(seen) - 1) * axis.stride + 1 : axis.stride] |= seen
        start = first * axis.stride - axis.before
        first, seen = max(0, start), below[max(0, -start) : max(0, axis.size - start)]
        if not len(seen):
            return 0
    return int(np.count_nonzero(seen))


def _spans(ways: Array) -> list[Array]:
    """Return the numbers of the cells that are seen, along each axis; the first cell where none is."""
    return [at if at.size else np.zeros(1, dtype=np.int64) for at in ways.nonzero()]


def _range(name: str, cells: slice) -> str:
    first, last = cells.start, cells.stop - 1
    return f"{name} {first} to {last}" if first < last else f"{name.removesuffix('s')} {first}"
