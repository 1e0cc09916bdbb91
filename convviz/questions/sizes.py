"""The question how large an output would be with another stride, padding or dilation."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from convviz.geometry import Axis
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.questions.question import Mistake, Question

_HOW_MANY = "how many cells would the output have?"


def output_size(trace: WindowTrace | LayerTrace) -> Question | None:
    """Ask how many numbers the output would have if one thing were different: the stride, else the padding.

    What is asked cannot be seen in the picture. None if no window fits with any of the changes.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        The last of its spatial axes is asked about.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> question = output_size(conv_layer(np.ones((1, 8)), np.ones((1, 1, 3))))
    >>> question.prompt
    'The input has 8 cells and the kernel 3. With a stride of 2 instead of 1, how many cells would the output have?'
    >>> question.judge("2").text
    'Not yet. 2 is the number of moves: the place where the window starts counts too, so add 1.'
    >>> question.judge("3").text
    'Right! A window spans 3 of the 8 cells, so it can move by 5. With a stride of 2 these are 5/2, rounded down 2 ...'
    """
    axis = as_layer(trace).geometry.axes[-1]
    other, change = _changed(axis)
    if other.output < 1 or other.padded < other.extent:
        return None
    return Question(
        subject=("output size", axis),
        prompt=f"{_situation(axis)} {change}, {_HOW_MANY}",
        truth=other.output,
        mistakes=lambda: list(_mistakes(other, axis)),
        explanation=_explanation(other),
        hint="How far can the window move, and how many moves is that?",
    )


def enlarged_size(trace: StampTrace) -> Question:
    """Ask how many rows a transposed convolution would make with another stride.

    Examples
    --------
    >>> from convviz import conv_transpose
    >>> question = enlarged_size(conv_transpose([[1, 2, 3]], [[[1, 1, 1]]], stride=2))
    >>> question.prompt
    'The input has 3 cells and the kernel 3. With a stride of 3 instead of 2, how many cells would the output have?'
    >>> question.judge("6").text
    'Not yet. 6 is where the last stamp starts: it is 3 cells long.'
    >>> question.judge("9").text
    'Right! The last of 3 stamps starts at cell 2·3 = 6 and is 3 cells long: 6 + 3 = 9.'
    """
    stamps, kernel, stride, dilation, cut, added = _along(trace)
    other, span = stride + 1, dilation * (kernel - 1) + 1
    last = (stamps - 1) * other
    truth = last + span - cut + added
    begin = "The input has" if trace.x.ndim == 2 else "Along each side, the input has"
    parts = [f"{begin} {stamps} cells and the kernel {kernel}"]
    parts += [f"{cut} cells are cut off"] if cut else []
    parts += [f"{added} added at the end"] if added else []
    ends = f"{last} + {span}" + (f" − {cut}" if cut else "") + (f" + {added}" if added else "")
    start = f"The last of {stamps} stamps starts at cell {stamps - 1}·{other} = {last}"
    before = (stamps - 1) * stride + span - cut + added
    return Question(
        subject=("enlarged size", stamps, kernel, stride, dilation, cut, added),
        prompt=f"{', '.join(parts)}. With a stride of {other} instead of {stride}, {_HOW_MANY}",
        truth=truth,
        mistakes=lambda: [
            *_misplaced(stamps, span, other),
            Mistake(before, "what the output has now, before the change"),
            Mistake(last + span, "what it is before cells are cut off and added"),
        ],
        explanation=f"{start} and is {span} cells long: {ends} = {truth}.",
        hint="Where does the last stamp start, and how long is it?",
    )


def _misplaced(stamps: int, span: int, stride: int) -> Iterator[Mistake]:
    """Place the stamps of a transposed convolution wrongly."""
    yield Mistake((stamps - 1) * stride, f"where the last stamp starts: it is {span} cells long")
    yield Mistake(stamps * stride, f"{stamps}·{stride}, as if every stamp took {stride} cells: the last is {span} long")
    yield Mistake(stamps * stride + span, f"one move too many: {stamps} stamps are {stamps - 1} moves apart")
    yield Mistake(stamps * span, f"{stamps}·{span}, as if stamps stood side by side: they are a stride apart")
    yield Mistake((stamps - span) // stride + 1, "what an ordinary convolution makes: this one enlarges")


def _along(trace: StampTrace) -> tuple[int, int, int, int, int, int]:
    """Return, along the first axis: input and kernel cells, stride, dilation, cells that are cut off and added."""
    axis, kept, full = trace.geometry.axes[0], trace.crop[1], trace.full.shape[1]
    return axis.output, axis.kernel, axis.stride, axis.dilation, full - (kept.stop - kept.start), full - axis.size


def _changed(axis: Axis) -> tuple[Axis, str]:
    if axis.stride < 2 and axis.padded - axis.extent >= 2:
        stride = 2 if (axis.padded - axis.extent) % 2 else 3
        return replace(axis, stride=stride), f"With a stride of {stride} instead of {axis.stride}"
    padded = replace(axis, before=axis.before + 1, after=axis.after + 1)
    return padded, f"With one more cell of padding on each side, {padded.before} before and {padded.after} after"


def _situation(axis: Axis) -> str:
    parts = [f"The input has {axis.size} cells and the kernel {axis.kernel}"]
    if axis.before or axis.after:
        parts.append(f"the padding {axis.before} before and {axis.after} after")
    if axis.dilation > 1:
        parts.append(f"the dilation is {axis.dilation}")
    if axis.stride > 1:
        parts.append(f"the stride is {axis.stride}")
    return ", ".join(parts) + "."


def _explanation(axis: Axis) -> str:
    left, padded = axis.padded - axis.extent, " with the padding" if axis.before or axis.after else ""
    rounded = f", rounded down {left // axis.stride}" if left % axis.stride else f" = {left // axis.stride}"
    moves = f"{left}/{axis.stride}{rounded} moves" if axis.stride > 1 else f"{left} moves"
    return (
        f"A window spans {axis.extent} of the {axis.padded} cells{padded}, so it can move by {left}. "
        f"With a stride of {axis.stride} these are {moves}. With the place where it starts, that makes {axis.output}."
    )


def _mistakes(axis: Axis, before: Axis) -> Iterator[Mistake]:
    left = axis.padded - axis.extent
    yield Mistake(left // axis.stride, "the number of moves: the place where the window starts counts too, so add 1")
    yield from _wrongly_divided(axis, left)
    if axis.dilation > 1:
        narrow = replace(axis, dilation=1)
        yield Mistake(narrow.output, f"what it would be without dilation: a window spans {axis.extent} cells here")
    for other, what in (
        (replace(axis, before=0, after=0), "without padding"),
        (replace(axis, after=0), "without the end"),
    ):
        if other.padded != axis.padded and other.padded >= other.extent:
            yield Mistake(other.output, f"what it would be {what}: the cells on both sides of the input count too")
    yield Mistake(before.output, "what the output has now, before the change")
    yield Mistake(left + 1, "what a stride of 1 would make: the window moves further each time")
    yield Mistake(axis.size, "the number of input cells: a window needs room, so there are usually fewer places")


def _wrongly_divided(axis: Axis, left: int) -> Iterator[Mistake]:
    """Round another way, or forget that the kernel takes room."""
    if left % axis.stride:
        up = ceil(left / axis.stride) + 1
        yield Mistake(up, f"{left}/{axis.stride} rounded up, plus 1: the last window would stick out, so round down")
        whole = f"{left}/{axis.stride} + 1, not rounded: there is no part of a window, so round down"
        yield Mistake(left / axis.stride + 1, whole)
    if axis.stride > 1:
        what = f"{axis.padded}/{axis.stride}" + (" rounded up" if axis.padded % axis.stride else "")
        remedy = f"a window spans {axis.extent} cells and must lie inside, so subtract them first"
        yield Mistake(ceil(axis.padded / axis.stride), f"{what}: {remedy}")
