"""A convolutional layer in the field's libraries, with code that gives the very same numbers."""

from convviz.lessons.code_cards import LibraryLine, code_cards, code_section, literal
from convviz.operations.layers.activation import ACTIVATIONS
from convviz.operations.layers.conv_layer import LayerTrace

_ACTIVATIONS = {
    "relu": "np.maximum(result, 0)",
    "sigmoid": "(1 + np.tanh(result / 2)) / 2  # 1 / (1 + exp(-result)), without overflow",
    "tanh": "np.tanh(result)",
}
_ROWS_AND_COLUMNS = {1: "i", 2: "ij"}
_KERNEL_CELLS = {1: "k", 2: "hw"}

_MOST_NUMBERS = 200
"""A small colour picture and a filter or two can still be written out."""


def layer_preamble(trace: LayerTrace) -> str:
    """Write the lines that all code of `layer_lines` needs before it: NumPy, ``x``, ``w`` and ``b``.

    Up to two hundred numbers in all are written out, exactly. More are taken from a variable ``trace``.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> print(layer_preamble(conv_layer([[1, 2, 3]], [[[1, -1]], [[0, 2]]])))
    import numpy as np
    x = np.array([
        [1, 2, 3],
    ])
    w = np.array([
        [[ 1, -1]],
        [[ 0,  2]],
    ])
    b = np.array([0, 0])
    """
    arrays = {"x": trace.x, "w": trace.weight, "b": trace.bias}
    if sum(array.size for array in arrays.values()) > _MOST_NUMBERS:
        return "import numpy as np\nx, w, b = trace.x, trace.weight, trace.bias  # too many numbers to write out"
    return _lines("import numpy as np", *(f"{name} = {literal(array)}" for name, array in arrays.items()))


def layer_lines(trace: LayerTrace) -> list[LibraryLine]:
    """Tell how NumPy, SciPy and PyTorch compute a convolutional layer.

    Parameters
    ----------
    trace : LayerTrace
        As made by `convviz.conv_layer`, with one or two spatial axes.

    Returns
    -------
    list of LibraryLine
        One for each library; for a 1×1 layer one more, a dense layer at each pixel.

    Raises
    ------
    ValueError
        If the layer has three spatial axes, dilation, a border of other than zeros, or an activation without a name.

    Notes
    -----
    Sources: the reference pages of `numpy.einsum`, `scipy.signal.correlate2d` and `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> print(layer_lines(conv_layer([[1, 2, 3], [4, 5, 6]], [[[1], [2]]]))[0].code)
    result = np.einsum("oc,ci->oi", w[:, :, 0], x) + b[:, None]
    """
    _check(trace)
    if _is_pointwise(trace):
        return [_numpy_pointwise(trace), _scipy(trace), _torch(trace), _torch_linear(trace)]
    return [_numpy(trace), _scipy(trace), _torch(trace)]


def layer_lines_html(trace: LayerTrace) -> str:
    """Lay out `layer_lines` as HTML that follows the page's own colours, and wraps on a narrow screen."""
    return code_section(layer_preamble(trace), code_cards(layer_lines(trace)))


def _check(trace: LayerTrace) -> None:
    axes = trace.geometry.axes
    if len(axes) not in _ROWS_AND_COLUMNS:
        raise ValueError(f"trace has {len(axes)} spatial axes; accepted: one or two")
    if any(axis.dilation > 1 for axis in axes):
        raise ValueError(f"trace has dilation {trace.geometry.dilation}; accepted: dilation 1")
    if trace.padding_mode != "zeros" and any(axis.before or axis.after for axis in axes):
        raise ValueError(f"trace has padding_mode {trace.padding_mode!r}; accepted: 'zeros', or no padding")
    if trace.activation is not None and not isinstance(trace.activation, str):
        named = ", ".join(map(repr, ACTIVATIONS))
        raise ValueError(f"trace has the activation {trace.activation!r:.60}; accepted: None, {named}")


def _numpy_pointwise(trace: LayerTrace) -> LibraryLine:
    cells = _ROWS_AND_COLUMNS[len(trace.geometry.axes)]
    says = (
        f"At each {_place(trace)}, every filter (o) adds up the channels (c), each times its weight. It reads nothing "
        "around it, so there are no windows to cut out."
    )
    result = f'result = np.einsum("oc,c{cells}->o{cells}", {_only_cell("w", trace)}, x){_add_bias(trace)}'
    return LibraryLine(library="numpy.einsum", turns=False, says=says, code=_lines(result, _activation(trace)))


def _numpy(trace: LayerTrace) -> LibraryLine:
    axes = len(trace.geometry.axes)
    read, along = "padded" if _border(trace) else "x", tuple(range(1, 1 + axes))
    code = _lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        _border(trace),
        f"windows = sliding_window_view({read}, {trace.geometry.kernel_shape}, axis={along})",
        f"windows = windows{_strided(trace)}" if _strided(trace) else "",
        f"turned = w[:, :{', ::-1' * axes}]  # every kernel by 180°" if _turned(trace) else "",
        *_numpy_products(trace),
        _activation(trace),
    )
    says = (
        "NumPy has no layers, but it cuts out all windows at once and multiplies them by every filter (o). "
        f"The products are summed over the channels (c) and the cells of a kernel ({', '.join(_KERNEL_CELLS[axes])})."
    )
    says += " Each group (g) is reckoned apart." if trace.groups > 1 else ""
    return LibraryLine(library="numpy.einsum", turns=False, says=says + _turn_first(trace), code=code)


def _numpy_products(trace: LayerTrace) -> list[str]:
    axes, groups = len(trace.geometry.axes), trace.groups
    out, inner, filters = _ROWS_AND_COLUMNS[axes], _KERNEL_CELLS[axes], "turned" if _turned(trace) else "w"
    if groups == 1:
        return [f'result = np.einsum("c{out}{inner},oc{inner}->o{out}", windows, {filters}){_add_bias(trace)}']
    return [
        f"windows = windows.reshape({groups}, -1, *windows.shape[1:])  # {groups} groups of channels",
        f"filters = {filters}.reshape({groups}, -1, *w.shape[1:])  # and as many of filters",
        f'result = np.einsum("gc{out}{inner},goc{inner}->go{out}", windows, filters)',
        f"result = result.reshape(-1, *result.shape[2:]){_add_bias(trace)}",
    ]


def _scipy(trace: LayerTrace) -> LibraryLine:
    plane, turns = len(trace.geometry.axes) == 2, _turned(trace)
    name = ("convolve" if turns else "correlate") + ("2d" if plane else "")
    # Left to choose, SciPy may take a Fourier transform for long 1D arrays, and round.
    method = "" if plane else ', method="direct"'
    read, first = "padded" if _border(trace) else "x", ""
    loop = "for kernels in w:  # those of one filter, one a channel"
    if trace.groups > 1:
        filters, channels = len(trace.weight) // trace.groups, trace.weight.shape[1]
        loop = "for number, kernels in enumerate(w):  # those of one filter, one a channel"
        first = f"    first = number // {filters} * {channels}  # where the channels of its group begin"
        read += f"[first : first + {channels}]"
    code = _lines(
        f"from scipy.signal import {name}",
        _border(trace),
        "maps = []",
        loop,
        first,
        f"    pairs = zip({read}, kernels)",
        f'    each = [{name}(channel, kernel, mode="valid"{method}) for channel, kernel in pairs]',
        "    maps.append(sum(each))",
        f"result = np.stack(maps){_strided(trace)}{_add_bias(trace)}",
        _activation(trace),
    )
    return LibraryLine(library=f"scipy.signal.{name}", turns=turns, says=_scipy_says(trace), code=code)


def _scipy_says(trace: LayerTrace) -> str:
    says = (
        "Takes one channel and one kernel at a time. So each channel meets a kernel of its own, and what comes out is "
        "summed over the channels: one feature map a filter."
    )
    if _strided(trace):
        says += " It computes every window; those between the strides are left out afterwards."
    return says + (" It turns the kernels by 180°, as this layer should." if _turned(trace) else "")


def _torch(trace: LayerTrace) -> LibraryLine:
    axes = trace.geometry.axes
    name, uneven = f"conv{len(axes)}d", any(axis.before != axis.after for axis in axes)
    # PyTorch counts from the last axis to the first: left, right, top, bottom.
    sides = tuple(cells for axis in reversed(axes) for cells in (axis.before, axis.after))
    options = f", stride={trace.geometry.stride}" if _strided(trace) else ""
    options += f", padding={trace.geometry.before}" if _border(trace) and not uneven else ""
    options += f", groups={trace.groups}" if trace.groups > 1 else ""
    code = _lines(
        "import torch",
        f"from torch.nn.functional import {name}" + (", pad" if uneven else ""),
        "x_t = torch.tensor(x).double()[None]  # one example",
        "w_t, b_t = torch.tensor(w).double(), torch.tensor(b).double()",
        f"w_t = torch.flip(w_t, {tuple(range(2, 2 + len(axes)))})" if _turned(trace) else "",
        f"x_t = pad(x_t, {sides})" if uneven else "",
        f"result = {name}(x_t, w_t, b_t{options})[0]",
        f"result = torch.{trace.activation}(result)" if trace.activation else "",
    )
    says = "The layer itself. Called “conv”, but it leaves the kernels as they are." + _turn_first(trace)
    return LibraryLine(library=f"torch.nn.functional.{name}", turns=False, says=says + _in_floats(trace), code=code)


def _torch_linear(trace: LayerTrace) -> LibraryLine:
    code = _lines(
        "import torch",
        "from torch.nn.functional import linear",
        "x_t, w_t, b_t = (torch.tensor(numbers).double() for numbers in (x, w, b))",
        f"{_place(trace)}s = x_t.movedim(0, -1)  # channels last",
        f"result = linear({_place(trace)}s, {_only_cell('w_t', trace)}, b_t).movedim(-1, 0)",
        f"result = torch.{trace.activation}(result)" if trace.activation else "",
    )
    place = _place(trace)
    says = f"A dense layer, the same at each {place}: its inputs are the channels there, its neurons the filters."
    library = "torch.nn.functional.linear"
    return LibraryLine(library=library, turns=False, says=says + _in_floats(trace), code=code)


def _is_pointwise(trace: LayerTrace) -> bool:
    alone = all(axis.kernel == 1 for axis in trace.geometry.axes) and trace.groups == 1
    return alone and not _strided(trace) and not _border(trace)


def _turned(trace: LayerTrace) -> bool:
    """Tell whether the kernels are turned, and not of a single cell each, which looks the same from all sides."""
    return trace.flip and any(axis.kernel > 1 for axis in trace.geometry.axes)


def _turn_first(trace: LayerTrace) -> str:
    return " In this layer they are turned by 180°, so turn them first." if _turned(trace) else ""


def _in_floats(trace: LayerTrace) -> str:
    whole = trace.preactivation.dtype.kind == "i"
    return " Layers compute with floats: float64 holds integers exactly up to 2**53." if whole else ""


def _place(trace: LayerTrace) -> str:
    return "pixel" if len(trace.geometry.axes) == 2 else "position"


def _border(trace: LayerTrace) -> str:
    sides = [(axis.before, axis.after) for axis in trace.geometry.axes]
    return f"padded = np.pad(x, {[(0, 0), *sides]})" if any(map(any, sides)) else ""


def _strided(trace: LayerTrace) -> str:
    """Write which windows are kept, of arrays whose channels come first; nothing if all are."""
    strides = trace.geometry.stride
    steps = ", ".join(f"::{step}" if step > 1 else ":" for step in strides)
    return f"[:, {steps}]" if max(strides) > 1 else ""


def _only_cell(name: str, trace: LayerTrace) -> str:
    return f"{name}[:, :{', 0' * len(trace.geometry.axes)}]"


def _add_bias(trace: LayerTrace) -> str:
    return f" + b[:{', None' * len(trace.geometry.axes)}]"


def _activation(trace: LayerTrace) -> str:
    return f"result = {_ACTIVATIONS[str(trace.activation)]}" if trace.activation else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
