"""A convolution as a matrix product, and the gradient of its kernel, in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines, mode, padded, sides
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.matrix_view import MatrixTrace

_WINDOWS = "from numpy.lib.stride_tricks import sliding_window_view"


def matrix_calls(trace: MatrixTrace) -> list[LibraryCall]:
    """Write the three ways to make a matrix of a convolution: im2col, the Toeplitz matrix, and PyTorch's unfold.

    Parameters
    ----------
    trace : MatrixTrace
        Of `convviz.correlate`.

    Raises
    ------
    ValueError
        If it is of a convolution, or of a layer.
    """
    layer = as_layer(trace.layer)
    if layer.flip or not layer.bare:
        raise ValueError("trace is of a convolution, or of a layer; accepted: a matrix_view of correlate")
    return [_im2col(layer), _toeplitz(layer), _unfold(layer)]


def gradient_calls(trace: MatrixGradientTrace) -> list[LibraryCall]:
    """Write the gradient of a kernel: ``g`` is the gradient of the output, ∂L/∂output.

    Parameters
    ----------
    trace : MatrixGradientTrace
        Of `convviz.gradients` of `convviz.correlate` in mode 'valid', in one dimension.

    Raises
    ------
    ValueError
        If it is of anything else.
    """
    layer = as_layer(trace.layer)
    if layer.flip or not layer.bare or sides(layer) or len(layer.geometry.axes) > 1:
        raise ValueError("trace is of another layer; accepted: a backward pass of correlate in 1D, in mode 'valid'")
    entries = "The whole matrix is `np.outer(g, x)`; a kernel keeps its band, and adds up along each diagonal."
    correlated = "Every weight meets one stretch of the input: the gradient is a cross-correlation of `x` with `g`."
    traced = "PyTorch traces the sum of `output * g` back to the kernel. Autograd needs floats."
    torch = lines(
        "import torch",
        "from torch.nn.functional import conv1d",
        "x_t, g_t = (torch.tensor(a).double() for a in (x, g))",
        "w_t = torch.tensor(w).double().requires_grad_()",
        "output = conv1d(x_t[None, None], w_t[None, None])[0, 0]",
        "(output * g_t).sum().backward()",
        "result = w_t.grad",
    )
    outer = lines(
        "free = np.outer(g, x)  # of a matrix whose entries are all free",
        "result = np.array([np.trace(free, offset=n) for n in range(len(w))])",
    )
    direct = 'from scipy.signal import correlate\nresult = correlate(x, g, mode="valid", method="direct")'
    return [
        LibraryCall(function="numpy.outer", text=entries, code=outer),
        LibraryCall(function="scipy.signal.correlate", text=correlated, code=direct),
        LibraryCall(function="torch.Tensor.backward", text=traced, code=torch),
    ]


def _im2col(layer: Layer) -> LibraryCall:
    border, read = padded(layer)
    code = lines(
        _WINDOWS,
        border,
        f"windows = sliding_window_view({read}, w.shape)",
        "columns = windows.reshape(-1, w.size).T  # im2col: a column for each window",
        f"result = (w.ravel() @ columns){_shaped(layer)}",
    )
    text = "im2col: copy each window into a column, then multiply the kernel, as one row, by all of them at once."
    return LibraryCall(function="numpy.matmul", text=text, code=code)


def _toeplitz(layer: Layer) -> LibraryCall:
    code = lines(
        "from scipy.signal import correlate",
        "impulses = np.eye(x.size, dtype=int).reshape(-1, *x.shape)",
        "columns = [",
        f'    correlate(impulse, w, mode="{mode(layer)}", method="direct").ravel()',
        "    for impulse in impulses  # a 1 in each place of the input in turn",
        "]",
        f"W = np.stack(columns, axis=1)\nresult = (W @ x.ravel()){_shaped(layer)}",
    )
    text = (
        "The Toeplitz matrix: its column *n* is what becomes of an input with a 1 in cell *n* and zeros elsewhere. "
        "This holds for every linear operation."
    ).replace("*", "")
    return LibraryCall(function="scipy.signal.correlate", text=text, code=code)


def _unfold(layer: Layer) -> LibraryCall:
    axes, kernel = len(layer.geometry.axes), layer.geometry.kernel_shape
    pairs = [cells for pair in reversed(sides(layer)) for cells in pair]
    border = f"x_t = torch.nn.functional.pad(x_t, {tuple(pairs)})" if pairs else ""
    if axes == 1:
        columns = f"columns = x_t.unfold(0, {kernel[0]}, 1).T  # a window of {kernel[0]} in each column"
    else:
        columns = f"columns = torch.nn.functional.unfold(x_t[None, None], {kernel})[0]"
    code = lines(
        "import torch",
        "x_t, w_t = (torch.tensor(a).double() for a in (x, w))",
        border,
        columns,
        f"result = (w_t.reshape(1, -1) @ columns){_shaped(layer, '.reshape(-1)')}",
    )
    name = "torch.Tensor.unfold" if axes == 1 else "torch.nn.functional.unfold"
    return LibraryCall(function=name, text="PyTorch's name for im2col is unfold.", code=code)


def _shaped(layer: Layer, flat: str = "") -> str:
    """Write what gives a row of results the shape of the output."""
    shape = layer.geometry.output_shape
    return f".reshape{shape}" if len(shape) > 1 else flat
