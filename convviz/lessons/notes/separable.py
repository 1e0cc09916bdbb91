"""An ordinary layer, counted next to the two small layers that can replace it: depthwise, then 1×1."""

from math import prod

from convviz.lessons.notes.comparing import more, product, several, shape
from convviz.lessons.notes.markup import note, paragraphs, table
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.parameters import (
    Count,
    conv_multiplications,
    conv_parameters,
    separable_multiplications,
    separable_parameters,
)

_WORK = (
    "The ordinary layer does two things at once: its filters look at neighbours in each channel, and they mix the "
    "channels. The two small layers do one thing each. The first, called depthwise, slides one kernel over each "
    "channel and mixes nothing. The second, the layer shown here, mixes the channels and looks at no neighbours. "
    "Both ways make feature maps of the same size: the padding is chosen so, and products with its zeros are counted."
)
_GROWTH = (
    "The ordinary layer always takes K·F / (K + F) times as many multiplications as the pair, whatever the channels: "
    "large kernels and many filters save most."
)
_PRICE = (
    "But the pair cannot do all that an ordinary layer can. In the pair, all filters see a channel through the same "
    "kernel, and differ only in how they mix the channels. An ordinary filter has a kernel of its own for each channel."
)


def separable_html(trace: LayerTrace, kernel: tuple[int, ...] = (3, 3)) -> str:
    """Compare an ordinary layer with a depthwise one followed by the 1×1 layer on the screen.

    Both make feature maps as large as those on the screen. Each filter of each layer is counted with a bias.

    Parameters
    ----------
    trace : LayerTrace
        As made by `convviz.conv_layer`, with kernels of a single cell, and one group.
    kernel : tuple of int
        The kernel's shape, in the ordinary layer and in the depthwise one.

    Raises
    ------
    TypeError, ValueError
        If the trace is of another layer, or ``kernel`` is not an integer from 1 on for each of its spatial axes.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> html = separable_html(conv_layer(np.ones((8, 6, 6)), np.ones((16, 8, 1, 1))))
    >>> "K = 3·3 = 9 weights" in html, "has ≈5.21 times as many parameters as the pair" in html
    (True, True)
    """
    if prod(trace.geometry.kernel_shape) > 1 or trace.groups > 1:
        given = f"weight of shape {trace.weight.shape} and groups {trace.groups}"
        raise ValueError(f"trace has {given}; accepted: kernels of a single cell, and groups 1")
    channels, filters, cells = len(trace.x), len(trace.weight), trace.output.shape[1:]
    parameters = conv_parameters(channels, filters, kernel), separable_parameters(channels, filters, kernel)
    if len(kernel) != len(cells):
        accepted = f"accepted: {len(cells)} integers, one for each spatial axis of trace"
        raise ValueError(f"kernel is {tuple(kernel)}; {accepted}")
    layer = channels, filters, kernel, cells
    multiplications = conv_multiplications(*layer), separable_multiplications(*layer)
    letters = (
        f"K = {product(kernel, 'weight')} in a kernel, C = {several(channels, 'channel')} in, "
        f"F = {several(filters, 'filter')}, P = {product(cells, 'cell')} in a feature map."
    )
    return note(
        "One layer, or two small ones",
        paragraphs(_WORK, letters),
        _table("parameters", kernel, ("K·C·F + F", "K·C + C + C·F + F"), parameters),
        _table("multiplications", kernel, ("K·C·F·P", "K·C·P + C·F·P"), multiplications),
        paragraphs(*_comparison(filters, prod(kernel), parameters, multiplications)),
    )


def _table(what: str, kernel: tuple[int, ...], letters: tuple[str, str], counts: tuple[Count, Count]) -> str:
    layers = f"Ordinary layer, kernel {shape(kernel)}", f"Depthwise, kernel {shape(kernel)}, then the layer shown"
    rows = [
        (layer, formula, count.formula, count.total)
        for layer, formula, count in zip(layers, letters, counts, strict=True)
    ]
    return table(what.capitalize(), ["layer", "in letters", "in numbers", what], rows)


def _comparison(
    filters: int, cells: int, parameters: tuple[Count, Count], multiplications: tuple[Count, Count]
) -> list[str]:
    saved = [one.number > two.number for one, two in (parameters, multiplications)]
    names = "the ordinary layer", "the pair"
    texts = [
        f"**{more(names, parameters, 'has', 'parameters')} {more(names, multiplications, 'takes', 'multiplications')}**"
    ]
    if not all(saved):
        texts.append(f"So here the pair saves {'little' if any(saved) else 'nothing'}: {_reason(filters, cells)}")
    return [*texts, _GROWTH, _PRICE] if filters > 1 and cells > 1 else [*texts, _GROWTH]


def _reason(filters: int, cells: int) -> str:
    if cells == 1:
        return "a kernel of a single cell looks at no neighbours, so the first layer has nothing to do."
    if filters == 1:
        return "a single filter has one kernel for each channel, as many as the depthwise layer has alone."
    return "kernel and filters are so small that a second layer costs about as much as it saves."
