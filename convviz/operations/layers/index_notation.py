"""Pooling, dense layers, transposed convolutions and stacks of layers in index notation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.index_notation import along, grouped, panel, sliding_window
from convviz.terms import Coordinate, Terms, View


def pooled_windows(geometry: Geometry, channels: int) -> Terms:
    """Declare the windows of pooling: a sliding window without weights, in each channel separately.

    Returns
    -------
    Terms
        A step is an output cell. The views are ``input``, ``x``, ``window``, ``products``, ``total``, ``output`` and
        ``map``.

    Examples
    --------
    >>> from convviz.geometry import Axis
    >>> terms = pooled_windows(Geometry((Axis(size=4, kernel=2, stride=2),)), channels=3)
    >>> terms.step_of(terms.views["input"], (1, 0, 3), step=0)
    3
    """
    terms = sliding_window(geometry, groups=channels)
    window = replace(terms.views["window"], slice=terms.views["window"].slice[1:])
    names = ("input", "x", "total", "output", "map")
    views = {name: terms.views[name] for name in names} | {"window": window, "products": window}
    return replace(terms, operands={"x": terms.operands["x"]}, views=views)


def connected(geometry: Geometry, neurons: int, channels: int) -> Terms:
    """Declare neurons that read all channels, separately at each place: ``output[f, i] = Σ x[c, i] · w[f, c]``.

    Parameters
    ----------
    geometry : Geometry
        The places: windows of a single cell, or a geometry without axes.
    neurons, channels : int
        The number of neurons, and the number of channels.

    Returns
    -------
    Terms
        The terms of `sliding_window`, with two more views of the step's place: ``inputs``, with one row for each
        channel, and ``neurons``, with one row for each neuron.

    Examples
    --------
    >>> terms = connected(Geometry(()), neurons=2, channels=3)
    >>> terms.related(terms.views["neurons"], terms.views["weights"], (0, 1, 0), step=0)
    [Block(slices=(0,), rows=(1,), columns=(0, 1, 2))]
    """
    terms = sliding_window(geometry, filters=neurons, channels=channels)
    filter_, own = terms.operands["w"][:2]
    places = along(geometry).places
    inputs, outputs = View(row=terms.operands["x"][:1], fixed=places), View(row=(filter_,), fixed=places)
    operands = {**terms.operands, "w": (filter_, own)}
    return replace(terms, operands=operands, views={**terms.views, "inputs": inputs, "neurons": outputs})


def stamping(
    geometry: Geometry, crop: Sequence[slice], full: Sequence[int], weights: Sequence[int], groups: int
) -> Terms:
    """Declare ``output[f, i·stride + u·dilation − crop] += x[c, i] · w[c, f, u]``, along all axes.

    Parameters
    ----------
    geometry : Geometry
        The positions of the stamps.
    crop : sequence of slice
        For each axis, the part that the output keeps.
    full : sequence of int
        The number of cells along each axis before anything is cut off.
    weights : sequence of int
        The shape of the weights: the number of input channels, then the number of output channels in each group. The
        rest is ignored.
    groups : int
        The number of groups.

    Returns
    -------
    Terms
        A step is an input cell. The views are ``input``; for the step, ``value``, ``kernel`` and ``stamp``;
        ``filters``, with one slice for each kernel; ``full`` and ``output``, before and after cells are cut off; and
        ``bias``, with one row for each output channel.

    Examples
    --------
    >>> from convviz.geometry import Axis
    >>> geometry = Geometry((Axis(size=5, kernel=3, stride=2),))
    >>> terms = stamping(geometry, crop=[slice(1, 4)], full=[5], weights=(1, 1, 3), groups=1)
    >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 1), step=0)
    [Block(slices=(0,), rows=(0,), columns=(0, 1))]
    """
    channels, filters = weights[0] // groups, weights[1]
    channel, made = grouped("c", channels, groups), grouped("f", filters, groups)
    own = Coordinate(size=filters, of={"f": 1})
    axes = along(geometry)
    uncropped = tuple(replace(axis, size=size) for axis, size in zip(axes.padded, full, strict=True))
    output = tuple(
        replace(axis, size=kept.stop - kept.start, offset=-kept.start)
        for axis, kept in zip(uncropped, crop, strict=True)
    )
    of_channel = ("g", "c")
    of_step = (*of_channel, *axes.places)
    views = {
        "input": panel((channel,), axes.place),
        "value": View(fixed=of_step),
        "kernel": panel((made,), axes.cell, of_channel),
        "stamp": panel((made,), axes.cell, of_step),
        "filters": panel((channel, own), axes.cell),
        "full": panel((made,), uncropped),
        "output": panel((made,), output),
        "bias": View(row=(made,)),
    }
    return Terms(
        indices={"g": groups, "f": filters, "c": channels, **axes.ranges},
        operands={"x": (channel, *axes.place), "w": (channel, own, *axes.cell), "bias": (made,)},
        step=(channel, *axes.place),
        views=views,
    )


def stacked(layers: Sequence[Geometry]) -> Terms:
    """Declare which cells an output cell of a stack reads, through all layers, along all axes.

    A term is a way from an output cell down to the input, with one index for the kernel cell of each layer. A way that
    leads through the padding of a layer in the middle is none: nothing is read there.

    Parameters
    ----------
    layers : sequence of Geometry
        The layers from the input on; each reads the output of the layer before it.

    Returns
    -------
    Terms
        A step is an output cell. The views are ``layer 0`` (the input), ``layer 1`` and so on: the output of each.

    Examples
    --------
    >>> from convviz.geometry import Axis
    >>> terms = stacked([Geometry((Axis(size=5, kernel=3),)), Geometry((Axis(size=3, kernel=2),))])
    >>> terms.related(terms.views["layer 2"], terms.views["layer 0"], (0, 0, 1), step=0)
    [Block(slices=(0,), rows=(0,), columns=(1, 2, 3, 4))]
    """
    count = len(layers[0].axes)
    chains = [_ways([layer.axes[number] for layer in layers], "hij"[number - count]) for number in range(count)]
    ranges = {index: axis.output for index, axis in zip("hij"[-count:], layers[-1].axes, strict=True)}
    for number, layer in enumerate(layers, start=1):
        ranges |= {f"{index}{number}": axis.kernel for index, axis in zip("tuv"[-count:], layer.axes, strict=True)}
    views = {}
    for level, axes in enumerate(zip(*chains, strict=True)):
        above = [chain[higher] for higher in range(level + 1, len(layers)) for chain in chains]
        views[f"layer {level}"] = panel(tuple(_within(axis, ranges) for axis in above), axes)
    operands = {"x": tuple(chain[0] for chain in chains)}
    return Terms(indices=ranges, operands=operands, step=tuple(chain[-1] for chain in chains), views=views)


def _ways(axes: Sequence[Axis], place: str) -> list[Coordinate]:
    """Return the coordinates along one axis, from that of the input to that of the output."""
    cell = dict(zip("hij", "tuv", strict=True))[place]
    found = [Coordinate(size=axes[-1].output, of={place: 1})]
    for number, axis in reversed(list(enumerate(axes, start=1))):
        of = {index: by * axis.stride for index, by in found[0].of.items()} | {f"{cell}{number}": axis.dilation}
        found.insert(0, Coordinate(size=axis.size, of=of, offset=found[0].offset * axis.stride - axis.before))
    return found


def _within(axis: Coordinate, ranges: Mapping[str, int]) -> Coordinate:
    """Return a coordinate of a single cell, at which all positions show that are on the axis, and no others."""
    end = axis.offset + sum(by * (ranges[index] - 1) for index, by in axis.of.items())
    return replace(axis, size=1, copies=tuple(0 if 0 <= at < axis.size else -1 for at in range(axis.offset, end + 1)))
