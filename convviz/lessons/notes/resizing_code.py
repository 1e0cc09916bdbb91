"""Pooling and transposed convolution in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.pool import PoolTrace


def pool_calls(trace: PoolTrace) -> list[LibraryCall]:
    """Write how the libraries pool one channel of rows and columns."""
    return [_pool_numpy(trace), _pool_scipy(trace), _pool_torch(trace)]


def _pool_numpy(trace: PoolTrace) -> LibraryCall:
    (high, wide), kind = trace.geometry.kernel_shape, "mean" if trace.kind == "mean" else "maximum"
    return LibraryCall(
        function="numpy.lib.stride_tricks.sliding_window_view",
        text=f"It cuts out all windows; the code keeps every one that the stride reaches, and takes its {kind}.",
        code=lines(
            "from numpy.lib.stride_tricks import sliding_window_view",
            _border(trace),
            f"windows = sliding_window_view(x, ({high}, {wide}), axis=(1, 2)){_every(trace)}",
            f"result = windows.{trace.kind}(axis=(3, 4))",
        ),
    )


def _pool_scipy(trace: PoolTrace) -> LibraryCall:
    (high, wide), name = trace.geometry.kernel_shape, "uniform_filter" if trace.kind == "mean" else "maximum_filter"
    return LibraryCall(
        function=f"scipy.ndimage.{name}",
        text="It centres a window on every cell, so the code keeps the windows that lie inside, and of these those "
        "that the stride reaches.",
        code=lines(
            f"from scipy.ndimage import {name}",
            _border(trace),
            f"result = {name}(x.astype(float), (1, {high}, {wide}))",
            f"result = result[:, {_inside(high)}, {_inside(wide)}]{_every(trace)}  # windows that lie inside",
        ),
    )


def _pool_torch(trace: PoolTrace) -> LibraryCall:
    (high, wide), name = trace.geometry.kernel_shape, "avg_pool2d" if trace.kind == "mean" else "max_pool2d"
    size = high if high == wide else (high, wide)
    options = f"stride={trace.geometry.stride[0]}, padding={trace.geometry.before[0]}"
    return LibraryCall(
        function=f"torch.nn.functional.{name}",
        text="Pooling, as its name says. The stride is the size of the window, unless you say otherwise.",
        code=lines(
            "import torch",
            f"from torch.nn.functional import {name}",
            f"result = {name}(torch.tensor(x).double(), {size}, {options})",
        ),
    )


def _every(trace: PoolTrace) -> str:
    """Write which of all windows the stride reaches."""
    stride = trace.geometry.stride[0]
    return f"[:, ::{stride}, ::{stride}]"


def _inside(size: int) -> str:
    """Write which of the windows around all cells lie inside."""
    last = (size - 1) // 2
    return f"{size // 2}:{-last if last else ''}"


def _border(trace: PoolTrace) -> str:
    pad, filled = trace.geometry.before[0], "0" if trace.kind == "mean" else "-np.inf"
    sides = f"((0, 0), ({pad}, {pad}), ({pad}, {pad}))"
    return f"x = np.pad(x.astype(float), {sides}, constant_values={filled})" if pad else ""


def stamp_calls(trace: StampTrace) -> list[LibraryCall]:
    """Write how the libraries compute a transposed convolution of one channel of rows and columns."""
    sizes = trace.geometry.stride[0], trace.crop[1].start, trace.full.shape[1] - trace.geometry.axes[0].size
    return [_stamp_numpy(*sizes), _stamp_scipy(*sizes), _stamp_torch(*sizes)]


def _stamp_numpy(stride: int, pad: int, added: int) -> LibraryCall:
    return LibraryCall(
        function="numpy.zeros",
        text="NumPy has no such layer. The code adds the stamps one by one, as the picture does.",
        code=lines(
            "(rows, columns), (height, width) = x.shape[1:], w.shape[2:]",
            f"full = np.zeros((1, (rows - 1) * {stride} + height + {added}, "
            f"(columns - 1) * {stride} + width + {added}))",
            "for i in range(rows):",
            "    for j in range(columns):",
            f"        top, left = i * {stride}, j * {stride}",
            "        full[0, top : top + height, left : left + width] += x[0, i, j] * w[0, 0]",
            f"result = full{_cut(pad)}",
        ),
    )


def _stamp_scipy(stride: int, pad: int, added: int) -> LibraryCall:
    return LibraryCall(
        function="scipy.signal.convolve",
        text="Put zeros between the cells: then an ordinary convolution in mode `full`, which flips the kernel, "
        "makes the same numbers.",
        code=lines(
            "from scipy.signal import convolve",
            f"spread = np.zeros((1, (x.shape[1] - 1) * {stride} + 1, (x.shape[2] - 1) * {stride} + 1))",
            f"spread[:, ::{stride}, ::{stride}] = x  # zeros between the cells",
            'result = convolve(spread, w[0], mode="full", method="direct")',
            f"result = np.pad(result, ((0, 0), (0, {added}), (0, {added})))" if added else "",
            f"result = result{_cut(pad)}" if pad else "",
        ),
    )


def _stamp_torch(stride: int, pad: int, added: int) -> LibraryCall:
    options = f"stride={stride}, padding={pad}, output_padding={added}"
    return LibraryCall(
        function="torch.nn.functional.conv_transpose2d",
        text="Some call it a deconvolution, but it does not undo a convolution: it has its shapes in reverse.",
        code=lines(
            "import torch",
            "from torch.nn.functional import conv_transpose2d",
            "x_t, w_t = (torch.tensor(a).double() for a in (x, w))",
            f"result = conv_transpose2d(x_t[None], w_t, {options})[0]",
        ),
    )


def _cut(pad: int) -> str:
    return f"[:, {pad}:-{pad}, {pad}:-{pad}]" if pad else ""
