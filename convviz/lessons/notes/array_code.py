"""A layer in NumPy and in SciPy."""

from convviz.lessons.notes.layer_code import (
    LibraryCall,
    activated,
    every,
    flipped,
    flips_first,
    is_pointwise,
    lines,
    mode,
    only_cells,
    padded,
    place,
    plus_bias,
    sides,
)
from convviz.operations.layers.as_layer import Layer

_OUTPUT_CELLS, _KERNEL_CELLS = "hij", "tuv"
"""The names of indices along up to three axes, as in `convviz.terms`."""
_SAME = {
    "convolve": "It flips the kernel, as a convolution does.",
    "correlate": "It leaves the kernel as it is, as a cross-correlation does.",
}


def numpy_call(layer: Layer) -> LibraryCall:
    """Write a layer in NumPy: with its functions for a single row, or as one `einsum`."""
    if layer.bare and len(layer.geometry.axes) == 1:
        return _numpy_row(layer)
    return _numpy_pointwise(layer) if is_pointwise(layer) else _numpy_windows(layer)


def scipy_call(layer: Layer) -> LibraryCall:
    """Write a layer in SciPy: a bare kernel in one call, else a call for each filter."""
    name = _name(layer) if layer.bare else "correlate"
    if layer.bare:
        code = f'from scipy.signal import {name}\nresult = {name}(x, w, mode="{mode(layer)}", method="direct")'
        text = _SAME[name]
    else:
        code, text = _filter_by_filter(layer), _about_filters(layer) + flips_first(layer)
    text += ' With `method="direct"` it uses no Fourier transform, which would round.'
    return LibraryCall(function=f"scipy.signal.{name}", text=text, code=code)


def _name(layer: Layer) -> str:
    return "convolve" if layer.flip else "correlate"


def _numpy_row(layer: Layer) -> LibraryCall:
    [axis], name = layer.geometry.axes, _name(layer)
    text, code = _SAME[name], f'result = np.{name}(x, w, mode="{mode(layer)}")'
    if mode(layer) == "same" and axis.kernel > axis.size:
        text += " Its own mode 'same' would be as long as the kernel here, so the code pads the input instead."
        code = f'padded = np.pad(x, {sides(layer)})\nresult = np.{name}(padded, w, mode="valid")'
    return LibraryCall(function=f"numpy.{name}", text=text, code=code)


def _numpy_pointwise(layer: Layer) -> LibraryCall:
    cells = _OUTPUT_CELLS[-len(layer.geometry.axes) :]
    product = f'np.einsum("fc,c{cells}->f{cells}", {only_cells("w", layer)}, x)'
    text = (
        f"At each {place(layer)}, every filter (`f`) adds up the channels (`c`), each times its weight. "
        "It reads no neighbours, so there are no windows to cut out."
    )
    code = lines(f"result = {product}{plus_bias(layer)}", activated(layer))
    return LibraryCall(function="numpy.einsum", text=text, code=code)


def _numpy_windows(layer: Layer) -> LibraryCall:
    (border, read), (flip, filters), geometry = padded(layer), flipped(layer), layer.geometry
    axes, extents = tuple(range(1, 1 + len(geometry.axes))), tuple(axis.extent for axis in geometry.axes)
    along = "" if layer.bare else f", axis={axes}"
    code = lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        border,
        f"windows = sliding_window_view({read}, {extents}{along}){every(*geometry.stride, *geometry.dilation)}",
        flip,
        *_products(layer, filters),
        activated(layer),
    )
    return LibraryCall(function="numpy.einsum", text=_about_windows(layer) + flips_first(layer), code=code)


def _products(layer: Layer, filters: str) -> list[str]:
    axes, groups = len(layer.geometry.axes), layer.groups
    cells, inner = _OUTPUT_CELLS[-axes:], _KERNEL_CELLS[-axes:]
    if layer.bare:
        return [f'result = np.einsum("{cells}{inner},{inner}->{cells}", windows, {filters})']
    if groups == 1:
        return [f'result = np.einsum("c{cells}{inner},fc{inner}->f{cells}", windows, {filters}){plus_bias(layer)}']
    return [
        f"windows = windows.reshape({groups}, -1, *windows.shape[1:])  # {groups} groups of channels",
        f"filters = {filters}.reshape({groups}, -1, *w.shape[1:])  # {groups} groups of filters",
        f'result = np.einsum("gc{cells}{inner},gfc{inner}->gf{cells}", windows, filters)',
        f"result = result.reshape(-1, *result.shape[2:]){plus_bias(layer)}",
    ]


def _about_windows(layer: Layer) -> str:
    cells = ", ".join(f"`{letter}`" for letter in _KERNEL_CELLS[-len(layer.geometry.axes) :])
    if layer.bare:
        return (
            "`np.convolve` and `np.correlate` take 1D arrays only. This code cuts out all windows, multiplies each by "
            f"the kernel, cell by cell ({cells}), and adds up."
        )
    groups = " Each group (`g`) is computed by itself." if layer.groups > 1 else ""
    return (
        "NumPy has no layers. This code cuts out all windows, multiplies them by every filter (`f`), and adds up the "
        f"products over the channels (`c`) and the cells of the kernels ({cells}).{groups}"
    )


def _filter_by_filter(layer: Layer) -> str:
    (border, read), (flip, filters) = padded(layer), flipped(layer)
    spread = _spread(layer, filters)
    filters = "spread" if spread else filters
    share, loop, channels = "", f"for kernels in {filters}", read
    if layer.groups > 1:
        each = len(layer.weight) // layer.groups
        share = f"reads = np.repeat(np.split({read}, {layer.groups}), {each}, axis=0)  # the channels of each filter"
        loop, channels = f"for channels, kernels in zip(reads, {filters})", "channels"
    return lines(
        "from scipy.signal import correlate",
        border,
        flip,
        spread,
        share,
        "maps = [",
        f'    correlate({channels}, kernels, mode="valid", method="direct")',
        f"    {loop}  # the kernels of one filter",
        "]",
        f"result = np.concatenate(maps){every(*layer.geometry.stride)}{plus_bias(layer)}",
        activated(layer),
    )


def _spread(layer: Layer, filters: str) -> str:
    """Write the lines that put zeros between the weights; none without dilation."""
    extents = tuple(axis.extent for axis in layer.geometry.axes)
    if extents == layer.geometry.kernel_shape:
        return ""
    shape = (*layer.weight.shape[:2], *extents)
    return f"spread = np.zeros({shape}, w.dtype)\nspread{every(*layer.geometry.dilation)} = {filters}"


def _about_filters(layer: Layer) -> str:
    text = (
        "A filter has as many kernels as it reads channels, so `correlate` finds one place for it along the depth. "
        "Its sums run over the channels as well: each filter makes one feature map."
    )
    if max(layer.geometry.stride) > 1:
        text += " It computes every window; the code drops those that the stride skips."
    if _spread(layer, "w"):
        text += " It has no dilation, so the code puts zeros between the weights."
    return text
