"""The question how large an output would be with another stride, padding or dilation."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from convviz.geometry import Axis
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.question import Mistake, Question


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
        prompt=f"{_situation(axis)} {change}, how many cells would the output have?",
        truth=other.output,
        mistakes=lambda: list(_mistakes(other, axis)),
        explanation=_explanation(other),
        hint="How far can the window move, and how many moves is that?",
    )


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
