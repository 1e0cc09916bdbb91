"""Operations on each cell, on each row, and on windows of uneven sizes, in index notation."""

from collections.abc import Sequence
from dataclasses import replace

from convviz.operations.arithmetic.index_notation import Coordinates, panel
from convviz.terms import Coordinate, Terms, View

_LAST = ("h", "i", "j")
"""The indices of the last three axes: plane, row and column. Axes before these are called 'axis 0', 'axis 1', …"""


def places(shape: Sequence[int]) -> Coordinates:
    """Return a coordinate for each axis of an array, with an index of its own.

    Examples
    --------
    >>> [list(coordinate.of) for coordinate in places((8, 3, 4, 5))]
    [['axis 0'], ['h'], ['i'], ['j']]
    """
    names = [f"axis {number}" for number in range(len(shape) - len(_LAST))]
    names += _LAST[max(0, len(_LAST) - len(shape)) :]
    return tuple(Coordinate(size=size, of={name: 1}) for size, name in zip(shape, names, strict=True))


def channels_and_places(shape: Sequence[int]) -> Coordinates:
    """Return the coordinates of an array with channels first: index ``g`` for the channels, as in depthwise layers."""
    return Coordinate(size=shape[0], of={"g": 1}), *places(shape[1:])


def each_cell(shape: Sequence[int], parameters: Sequence[str] = ()) -> Terms:
    """Declare ``output[g, i] = f(x[g, i], parameters[g])``, along all axes: each cell is computed separately.

    Parameters
    ----------
    shape : sequence of int
        The shape of input and output, channels first.
    parameters : sequence of str
        The names of operands with one number for each channel.

    Returns
    -------
    Terms
        A step is a cell. The views are ``input``, ``x`` and ``output``, which are alike; ``map``, the step's part of
        the output; ``value``, the step's own cell; and one for each parameter, with a row for each channel.

    Examples
    --------
    >>> terms = each_cell((2, 3), ["scale"])
    >>> terms.related(terms.views["scale"], terms.views["output"], (0, 1, 0), step=0)
    [Block(slices=(1,), rows=(0,), columns=(0, 1, 2))]
    """
    channel, *along = axes = channels_and_places(shape)
    cells, of_step = panel((channel,), tuple(along)), tuple(index for axis in axes for index in axis.of)
    views = {
        "input": cells,
        "x": cells,
        "output": cells,
        "map": panel((), tuple(along), ("g",)),
        "value": View(fixed=of_step),
    }
    return Terms(
        indices={index: axis.size for axis in axes for index in axis.of},
        operands={"x": axes} | dict.fromkeys(parameters, (channel,)),
        step=axes,
        views=views | {name: View(row=(channel,)) for name in parameters},
    )


def flattened_axes(shape: Sequence[int], first: int, last: int) -> Terms:
    """Declare an array of which the axes from ``first`` to ``last`` become one: every cell stays what it is.

    Returns
    -------
    Terms
        A step is a cell. The views are ``input`` and ``x``, which are alike; ``output``; and ``value``, the step's own
        cell.

    Examples
    --------
    >>> terms = flattened_axes((2, 3), 0, 1)
    >>> terms.related(terms.views["input"], terms.views["output"], (0, 1, 0), step=0)
    [Block(slices=(0,), rows=(0,), columns=(3,))]
    """
    axes = places(shape)
    output = [(axis,) for axis in axes[:first]] + [axes[first : last + 1]] + [(axis,) for axis in axes[last + 1 :]]
    before: Coordinates = sum(output[:-2], ())
    cells = View(slice=axes[:-2], row=axes[-2:-1], column=axes[-1:])
    of_step = tuple(index for axis in axes for index in axis.of)
    return Terms(
        indices={index: axis.size for axis in axes for index in axis.of},
        operands={"x": axes},
        step=axes,
        views={
            "input": cells,
            "x": cells,
            "output": View(slice=before, row=output[-2] if len(output) > 1 else (), column=output[-1]),
            "value": View(fixed=of_step),
        },
    )


def connected_rows(shape: Sequence[int], neurons: int) -> Terms:
    """Declare ``output[i, f] = Σ x[i, c] · w[f, c] + bias[f]``: neurons that read the last axis of an input.

    Parameters
    ----------
    shape : sequence of int
        The shape of the input; its last axis holds the inputs of the neurons.
    neurons : int
        The number of neurons.

    Returns
    -------
    Terms
        A step is an output cell. The views are ``input`` and ``x``, which are alike; ``output`` and ``weights``, with
        one row for each neuron; and for the step ``inputs`` and ``neurons`` (its row, as columns), ``products``,
        ``bias`` and ``total``.

    Examples
    --------
    >>> terms = connected_rows((2, 3), neurons=4)
    >>> terms.related(terms.views["output"], terms.views["input"], (0, 1, 2), step=0)
    [Block(slices=(0,), rows=(1,), columns=(0, 1, 2))]
    """
    rows = places((*shape[:-1], 1))[:-1]
    channel, neuron = Coordinate(size=shape[-1], of={"c": 1}), Coordinate(size=neurons, of={"f": 1})
    at = tuple(index for axis in rows for index in axis.of)
    x = View(slice=rows[:-1], row=rows[-1:], column=(channel,))
    return Terms(
        indices={index: axis.size for axis in (*rows, channel, neuron) for index in axis.of},
        operands={"x": (*rows, channel), "w": (neuron, channel), "bias": (neuron,)},
        step=(*rows, neuron),
        views={
            "input": x,
            "x": x,
            "output": replace(x, column=(neuron,)),
            "weights": View(row=(neuron,), column=(channel,)),
            "inputs": View(column=(channel,), fixed=at),
            "neurons": View(column=(neuron,), fixed=at),
            "products": View(column=(channel,), fixed=(*at, "f")),
            "bias": View(fixed=("f",)),
            "total": View(fixed=(*at, "f")),
        },
    )


def uneven_windows(shape: Sequence[int], windows: Sequence[Sequence[slice]]) -> Terms:
    """Declare windows that differ in size, in each channel separately.

    Each window is as wide as the widest along its axis, and has cells that hold nothing where it is narrower.

    Parameters
    ----------
    shape : sequence of int
        The shape of the input, channels first.
    windows : sequence of sequence of slice
        For each axis after the channels, the cells that its windows read.

    Returns
    -------
    Terms
        A step is an output cell. The views are ``input`` and ``x``, which are alike, ``output``, and ``total``, the
        step's cell.

    Examples
    --------
    >>> terms = uneven_windows((1, 5), [[slice(0, 2), slice(1, 4), slice(3, 5)]])
    >>> terms.related(terms.views["input"], terms.views["output"], (0, 0, 1), step=0)
    [Block(slices=(0,), rows=(0,), columns=(0, 1))]
    """
    channel, *outputs = step = channels_and_places((shape[0], *map(len, windows)))
    names = ("t", "u", "v")[len(("t", "u", "v")) - len(windows) :]
    cells = [_uneven(*axis) for axis in zip(shape[1:], windows, outputs, names, strict=True)]
    x = panel((channel,), tuple(cells))
    widest = {name: max(part.stop - part.start for part in along) for name, along in zip(names, windows, strict=True)}
    return Terms(
        indices={index: axis.size for axis in step for index in axis.of} | widest,
        operands={"x": (channel, *cells)},
        step=step,
        views={
            "input": x,
            "x": x,
            "output": panel((channel,), tuple(outputs)),
            "total": View(fixed=tuple(index for axis in step for index in axis.of)),
        },
    )


def _uneven(size: int, windows: Sequence[slice], place: Coordinate, cell: str) -> Coordinate:
    """Return the coordinate of an input axis.

    The cells of all windows stand in one row before the input, as copies of its cells: position −count + widest · place
    + cell. No term leads to the cells themselves.
    """
    widest = max(window.stop - window.start for window in windows)
    copies = [at if at < window.stop else -1 for window in windows for at in range(window.start, window.start + widest)]
    index, *_ = place.of
    return Coordinate(size=size, of={index: widest, cell: 1}, offset=-len(copies), copies=(*copies, *range(size)))
