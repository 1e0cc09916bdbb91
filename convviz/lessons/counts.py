"""How many numbers a layer learns, set against the layers that could stand in its place."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from pathlib import Path

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.parameters import (
    Count,
    conv_multiplications,
    conv_parameters,
    dense_parameters,
    grouped,
    separable_multiplications,
    separable_parameters,
)

_CSS = (Path(__file__).parent / "counts.css").read_text(encoding="utf-8")
_KERNEL_SIDES = {1: "length", 2: "height · kernel width", 3: "depth · kernel height · kernel width"}
_DIGITS = 3
"""Significant digits of a ratio that is no short number."""


def parameters_html(trace: LayerTrace) -> str:
    """Count a layer's parameters, and set them against those of a dense layer, as HTML in the page's own colours.

    Each filter is counted with a bias, be it zero.

    Parameters
    ----------
    trace : LayerTrace
        As made by `convviz.conv_layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> html = parameters_html(conv_layer(np.ones((3, 6, 6)), np.ones((8, 3, 3, 3))))
    >>> "3×6×6 → 8×4×4" in html, "3·3·3·8 + 8 = 224" in html
    (True, True)
    """
    channels, filters, kernel = len(trace.x), len(trace.weight), trace.geometry.kernel_shape
    count = conv_parameters(channels, filters, kernel, groups=trace.groups)
    dense = dense_parameters(trace.x.size, trace.output.size)
    rows, said = [("This layer", count), ("A dense layer in its place", dense)], [_against_dense(trace, count, dense)]
    if trace.groups > 1:
        ungrouped = conv_parameters(channels, filters, kernel)
        rows.insert(1, ("The same with groups = 1", ungrouped))
        said.append(_against_ungrouped(trace, count, ungrouped))
    table = _table("parameters", ["how they are counted"], [(name, each.formula, each.total) for name, each in rows])
    words = f"kernel {_KERNEL_SIDES[len(kernel)]} · channels a filter reads · filters + one bias a filter"
    paragraphs = [
        _shapes(trace),
        "Parameters are the numbers that a layer learns: the weights in its kernels, and its biases. "
        f"This layer has<br><b>{words}</b>,<br>here <b>{count}</b>.",
    ]
    return _section("Parameters", _paragraphs(paragraphs) + table + _paragraphs(said))


def separable_html(trace: LayerTrace, kernel: tuple[int, ...] = (3, 3)) -> str:
    """Set an ordinary layer against a depthwise one followed by the 1×1 layer on the screen, as HTML.

    Both make feature maps as large as those on the screen. Each filter of each layer is counted with a bias.

    Parameters
    ----------
    trace : LayerTrace
        As made by `convviz.conv_layer`, with kernels of a single cell, and one group.
    kernel : tuple of int
        The kernel's shape, in the ordinary layer as in the depthwise one.

    Raises
    ------
    TypeError, ValueError
        If the trace is of another layer, or ``kernel`` is not an integer from 1 on for each of its spatial axes.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> html = separable_html(conv_layer(np.ones((8, 6, 6)), np.ones((16, 8, 1, 1))))
    >>> "3·3·8·16 + 16" in html, "3·3·8 + 8 + 8·16 + 16" in html
    (True, True)
    """
    if prod(trace.geometry.kernel_shape) > 1 or trace.groups > 1:
        given = f"weight of shape {trace.weight.shape} and groups {trace.groups}"
        raise ValueError(f"trace has {given}; accepted: kernels of a single cell, and groups 1")
    channels, filters, cells = len(trace.x), len(trace.weight), trace.output.shape[1:]
    parameters = conv_parameters(channels, filters, kernel), separable_parameters(channels, filters, kernel)
    if len(kernel) != len(cells):
        raise ValueError(
            f"kernel is {tuple(kernel)}; accepted: {len(cells)} integers, one for each spatial axis of trace"
        )
    products = (
        conv_multiplications(channels, filters, kernel, cells),
        separable_multiplications(channels, filters, kernel, cells),
    )
    names = f"Ordinary layer, kernel {_shape(kernel)}", f"Depthwise, kernel {_shape(kernel)}, then the layer shown"
    tables = _both("parameters", names, ("K·C·F + F", "K·C + C + C·F + F"), parameters)
    tables += _both("multiplications", names, ("K·C·F·P", "K·C·P + C·F·P"), products)
    before, after = _letters(trace, kernel), _savings(filters, prod(kernel), parameters, products)
    return _section("One layer, or two small ones", _paragraphs(before) + tables + _paragraphs(after))


def _shapes(trace: LayerTrace) -> str:
    (channels, *cells), (maps, *places) = trace.x.shape, trace.output.shape
    return (
        f"<b>{_shape(trace.x.shape)} → {_shape(trace.output.shape)}</b>: {_several(channels, 'channel')} of "
        f"{_size(cells)} in, {_several(maps, 'feature map')} of {_size(places)} out."
    )


def _against_dense(trace: LayerTrace, count: Count, dense: Count) -> str:
    return (
        f"A dense layer from the same {_several(trace.x.size, 'number')} to the same "
        f"{_several(trace.output.size, 'number')} has a weight for each pair of them, and a bias for each output. "
        f"<b>{_more('the dense layer has', dense, 'this layer has', count, 'parameters')}</b>"
    )


def _against_ungrouped(trace: LayerTrace, count: Count, ungrouped: Count) -> str:
    read, channels, times = int(trace.weight.shape[1]), len(trace.x), _times(ungrouped.number, count.number)
    return (
        f"With groups = {trace.groups}, a filter reads {read} of the {channels} channels. With groups = 1 it would "
        f"read all of them: {trace.groups} times as many weights, and {times} times as many parameters, since the "
        "biases stay as they are."
    )


def _letters(trace: LayerTrace, kernel: Sequence[int]) -> list[str]:
    cells = trace.output.shape[1:]
    same = " (padding 'same' keeps the size; products with its zeros are counted)" if cells == trace.x.shape[1:] else ""
    return [
        "The ordinary layer does two things at once: its filters look around in each channel, and mix the channels. "
        "The two small layers take turns. The first, called depthwise, slides one kernel over each channel and mixes "
        "nothing. The second, the layer shown here, mixes the channels and looks at nothing around. Both ways make "
        f"{_several(len(trace.weight), 'feature map')} of {_size(cells)}{same}.",
        f"K = {_product(kernel)} in a kernel, C = {_several(len(trace.x), 'channel')} in, "
        f"F = {_several(len(trace.weight), 'filter')}, P = {_product(cells)} in a feature map.",
    ]


def _savings(filters: int, cells: int, parameters: tuple[Count, Count], products: tuple[Count, Count]) -> list[str]:
    sentences = " ".join(
        _more(f"the ordinary layer {verb}", one, f"the pair {verb}", two, what)
        for verb, what, (one, two) in (("has", "parameters", parameters), ("takes", "multiplications", products))
    )
    saved = [one.number > two.number for one, two in (parameters, products)]
    texts = [f"<b>{sentences}</b>"]
    if not all(saved):
        texts.append(f"So here the pair saves {'little' if any(saved) else 'nothing'}: {_reason(filters, cells)}")
    texts.append(
        "The ordinary layer always takes K·F / (K + F) times the multiplications, whatever the channels: "
        "large kernels and many filters save most."
    )
    if filters > 1 and cells > 1:
        texts.append(
            "But the pair cannot do all that an ordinary layer can. In it, all filters see a channel through one and "
            "the same kernel, and differ only in how they mix the channels. An ordinary filter has a kernel of its own "
            "for each channel."
        )
    return texts


def _reason(filters: int, cells: int) -> str:
    if cells == 1:
        return "a kernel of a single cell looks at nothing around, so there is nothing for a first layer to do."
    if filters == 1:
        return "a single filter has one kernel for each channel, just as many as the depthwise layer has alone."
    return "kernel and filters are so small that a second layer costs about as much as it spares."


def _more(one: str, count: Count, other: str, against: Count, what: str) -> str:
    """Tell which of two counts is larger, and how many times: ``one`` and ``other`` are who has them, and the verb."""
    if count.number == against.number:
        return f"{_capital(one)} just as many {what} as {other.rsplit(' ', 1)[0]}."
    if count.number < against.number:
        one, count, other, against = other, against, one, count
    return f"{_capital(one)} {_times(count.number, against.number)} times as many {what} as {other.rsplit(' ', 1)[0]}."


def _times(large: int, small: int) -> str:
    """Write a ratio above 1: exactly if that is short, else rounded, and never as 1."""
    ratio, digits = Fraction(large, small), _DIGITS
    if ratio >= 10**_DIGITS:
        return ("" if ratio.denominator == 1 else "≈") + grouped(round(ratio))
    while (written := f"{float(ratio):.{digits}g}") == "1":
        digits += 1
    return written if Fraction(written) == ratio else f"≈{written}"


def _both(what: str, names: tuple[str, str], letters: tuple[str, str], counts: tuple[Count, Count]) -> str:
    rows = [
        (name, formula, count.formula, count.total) for name, formula, count in zip(names, letters, counts, strict=True)
    ]
    return _table(what, ["in letters", "in numbers"], rows)


def _table(what: str, columns: list[str], rows: Sequence[tuple[str, ...]]) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in ["layer", *columns, what])
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}'
        f'<td class="convviz-number">{total}</td></tr>'
        for name, *cells, total in rows
    )
    return (
        f'<div class="convviz-counted"><table aria-label="{_capital(what)}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _section(title: str, body: str) -> str:
    return f'<section class="convviz-counts"><style>{_CSS}</style><h3>{title}</h3>{body}</section>'


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))


def _size(cells: Sequence[int]) -> str:
    return _several(cells[0], "number") if len(cells) == 1 else _shape(cells)


def _product(cells: Sequence[int]) -> str:
    factors = "·".join(map(str, cells))
    total = _several(prod(cells), "number")
    return total if len(cells) == 1 else f"{factors} = {total}"


def _several(number: int, thing: str) -> str:
    return f"{grouped(number)} {thing}{'' if number == 1 else 's'}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
