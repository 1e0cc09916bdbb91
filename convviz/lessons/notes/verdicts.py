"""What two pictures side by side have in common, in a sentence or two."""

import numpy as np

from convviz.lessons.notes.comparing import several, shape
from convviz.lessons.notes.markup import verdict
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.pointwise import PointwiseTrace
from convviz.trace import Array

_ROUNDING = 1e-12
"""What may be lost to the rounding of floats, as a share of the sums' sizes."""


def flip_verdict(correlation: WindowTrace, convolution: WindowTrace) -> str:
    """Compare cross-correlation and convolution of the same input and kernel.

    Parameters
    ----------
    correlation, convolution : WindowTrace
        As made by `convviz.correlate` and `convviz.convolve`, in the same mode.

    Raises
    ------
    ValueError
        If their outputs differ in shape.

    Examples
    --------
    >>> from convviz import convolve, correlate
    >>> flip_verdict(correlate([1, 2, 3], [1, 0]), convolve([1, 2, 3], [1, 0], "valid"))
    '<p class="convviz-note" role="status"><b>The two outputs differ</b> in 2 of 2 cells.</p>'
    """
    w = correlation.w
    differ = unlike(correlation.output, convolution.output, correlation.x, w)
    if np.array_equal(correlation.kernel, convolution.kernel):
        text = (
            "**This kernel is symmetric:** flipped, it is the same again. So the two outputs agree, and do not tell "
            "which of them is the convolution."
        )
        if w.size > 1:
            where = "end" if w.ndim == 1 else "corner"
            text += f" Change the number at one {where} to have a kernel that is not symmetric."
    elif differ.any():
        text = f"**The two outputs differ** in {np.count_nonzero(differ)} of {several(differ.size, 'cell')}."
    else:
        text = (
            "**The two outputs agree here,** although the kernel is not symmetric: this input does not tell "
            "convolution and cross-correlation apart."
        )
    return verdict(text)


def pointwise_verdict(layer: LayerTrace, dense: PointwiseTrace) -> str:
    """Compare a 1×1 layer with a dense layer at each pixel.

    Parameters
    ----------
    layer : LayerTrace
        As made by `convviz.conv_layer`, with kernels of 1×1.
    dense : PointwiseTrace
        As made by `pointwise_dense`.

    Raises
    ------
    ValueError
        If their outputs differ in shape.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> from convviz.operations.layers.pointwise import pointwise_dense
    >>> x, weight = [[[1, 2]], [[3, 4]]], [[1, -1]]
    >>> html = pointwise_verdict(conv_layer(x, [[[[1]], [[-1]]]]), pointwise_dense(x, weight))
    >>> "2 numbers, equal in every one" in html, "the depth goes from 2 to 1" in html
    (True, True)
    """
    differ = unlike(layer.output, dense.output, np.append(layer.x, layer.bias), np.append(layer.weight, 1))
    equal = f"different in {np.count_nonzero(differ)}" if differ.any() else "equal in every one"
    if not differ.any() and not np.array_equal(layer.output, dense.output):
        equal += ", except for the rounding of floats"
    before, after, pixels = len(layer.x), len(layer.output), layer.output[0].size
    each = "the only pixel" if pixels == 1 else f"each of the {pixels} pixels"
    depth = f"the depth stays {after}" if before == after else f"the depth goes from {before} to {after}"
    return verdict(
        f"**A 1×1 convolution, and a dense layer at {each}:** {several(layer.output.size, 'number')}, {equal}. "
        f"Shape {shape(layer.x.shape)} → {shape(layer.output.shape)}: {depth}; height and width stay."
    )


def unlike(one: Array, other: Array, x: Array, weights: Array) -> Array:
    """Return where sums over ``x`` differ: integers exactly, floats by more than rounding may have done."""
    if one.shape != other.shape:
        raise ValueError(f"outputs have shapes {one.shape} and {other.shape}; accepted: two of the same shape")
    if one.dtype.kind == other.dtype.kind == "i":
        return np.asarray(one != other)
    with np.errstate(over="ignore"):
        largest, total = np.abs(x.astype(float)).max(), np.abs(weights.astype(float)).sum()
        # No sum on the screen is larger than the largest float, whatever this bound says.
        allowed = _ROUNDING * min(largest * total, np.finfo(float).max)
        return np.asarray(np.abs(one - other) > allowed)
