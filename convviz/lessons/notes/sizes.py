"""How large an output is, with the numbers on the screen in the formula."""

from convviz.geometry import Axis
from convviz.lessons.notes.markup import note, paragraphs
from convviz.operations.layers.conv_layer import LayerTrace

_WAYS = {
    "reflect": "mirroring the input at its edge cell, which is not repeated",
    "replicate": "repeating the edge cell",
    "circular": "going on at the opposite end of the input",
}


def output_size_html(trace: LayerTrace) -> str:
    """Write the formula of the output size with a layer's own numbers, and what no window reads.

    Parameters
    ----------
    trace : LayerTrace
        As made by `convviz.conv_layer`. The last spatial axis is written about.

    Examples
    --------
    >>> import numpy as np
    >>> from convviz import conv_layer
    >>> output_size_html(conv_layer(np.ones((1, 8)), np.ones((1, 1, 3)), stride=2))
    '...⌊(8 − 3) / 2⌋ + 1 = ⌊2.5⌋ + 1 = <b>3</b>...No window reads 1 of the 8 input cells: it changes nothing...'
    """
    axis = trace.geometry.axes[-1]
    return note("How large is the output?", paragraphs(_formula(axis), *_remarks(trace, axis)))


def _formula(axis: Axis) -> str:
    border = f" + {axis.before} + {axis.after}" if axis.before or axis.after else ""
    span = f"{axis.dilation}·({axis.kernel} − 1) − 1" if axis.dilation > 1 else str(axis.kernel)
    left = axis.padded - axis.extent
    if axis.stride == 1:
        return f"{axis.size}{border} − {span} + 1 = **{axis.output}**"
    quotient = f"⌊{left / axis.stride:.4g}⌋ + 1" if left % axis.stride else f"{left // axis.stride} + 1"
    return f"⌊({axis.size}{border} − {span}) / {axis.stride}⌋ + 1 = {quotient} = **{axis.output}**"


def _remarks(trace: LayerTrace, axis: Axis) -> list[str]:
    remarks = []
    if axis.dilation > 1:
        remarks.append(
            f"With a dilation of {axis.dilation}, the {axis.kernel} kernel cells span "
            f"{axis.dilation}·({axis.kernel} − 1) + 1 = {axis.extent} input cells."
        )
    unread = int(trace.unread.sum())
    if unread:
        changes = "it changes" if unread == 1 else "they change"
        remarks.append(f"No window reads {unread} of the {axis.size} input cells: {changes} nothing.")
    if (axis.before or axis.after) and trace.padding_mode in _WAYS:
        remarks.append(f"The border is filled by {_WAYS[str(trace.padding_mode)]}.")
    if axis.before != axis.after:
        remarks.append(f"There are {axis.before} cells before the input and {axis.after} after it.")
    return remarks
