"""Pooling and transposed convolution in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.pool import PoolTrace


def pool_calls(trace: PoolTrace) -> list[LibraryCall]:
    """Write how the libraries pool one channel of rows and columns."""
    size, stride, pad = (getattr(trace.geometry, name)[0] for name in ("kernel_shape", "stride", "before"))
    takes_mean = trace.kind == "mean"
    border, every = _border(pad, "0" if takes_mean else "-np.inf"), f"[:, ::{stride}, ::{stride}]"
    numpy = lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        border,
        f"windows = sliding_window_view(x, ({size}, {size}), axis=(1, 2)){every}",
        f"result = windows.{'mean' if takes_mean else 'max'}(axis=(3, 4))",
    )
    filtering = "uniform_filter" if takes_mean else "maximum_filter"
    scipy = lines(
        f"from scipy.ndimage import {filtering}",
        border,
        f"result = {filtering}(x.astype(float), (1, {size}, {size}))",
        f"start, end = {size // 2}, -{(size - 1) // 2} or None  # windows that lie inside",
        f"result = result[:, start:end, start:end]{every}",
    )
    name = "avg_pool2d" if takes_mean else "max_pool2d"
    torch = lines(
        "import torch",
        f"from torch.nn.functional import {name}",
        f"result = {name}(torch.tensor(x).double(), {size}, stride={stride}, padding={pad})",
    )
    kind = "mean" if takes_mean else "maximum"
    return [
        LibraryCall(
            function="numpy.lib.stride_tricks.sliding_window_view",
            text=f"It cuts out all windows; the code keeps every one that the stride reaches, and takes its {kind}.",
            code=numpy,
        ),
        LibraryCall(
            function=f"scipy.ndimage.{filtering}",
            text="It centres a window on every cell, so the code keeps the windows that lie inside, and of these those "
            "that the stride reaches.",
            code=scipy,
        ),
        LibraryCall(
            function=f"torch.nn.functional.{name}",
            text="Pooling, as its name says. The stride is the size of the window, unless you say otherwise.",
            code=torch,
        ),
    ]


def _border(pad: int, filled: str) -> str:
    sides = f"((0, 0), ({pad}, {pad}), ({pad}, {pad}))"
    return f"x = np.pad(x.astype(float), {sides}, constant_values={filled})" if pad else ""


def stamp_calls(trace: StampTrace) -> list[LibraryCall]:
    """Write how the libraries compute a transposed convolution of one channel of rows and columns."""
    stride, pad, added = (
        trace.geometry.stride[0],
        trace.crop[1].start,
        trace.full.shape[1] - trace.geometry.axes[0].size,
    )
    cut = f"[:, {pad}:-{pad}, {pad}:-{pad}]" if pad else ""
    numpy = lines(
        "(rows, columns), (height, width) = x.shape[1:], w.shape[2:]",
        f"full = np.zeros((1, (rows - 1) * {stride} + height + {added}, (columns - 1) * {stride} + width + {added}))",
        "for i in range(rows):",
        "    for j in range(columns):",
        f"        top, left = i * {stride}, j * {stride}",
        "        full[0, top : top + height, left : left + width] += x[0, i, j] * w[0, 0]",
        f"result = full{cut}",
    )
    scipy = lines(
        "from scipy.signal import convolve",
        f"spread = np.zeros((1, (x.shape[1] - 1) * {stride} + 1, (x.shape[2] - 1) * {stride} + 1))",
        f"spread[:, ::{stride}, ::{stride}] = x  # zeros between the cells",
        'result = convolve(spread, w[0], mode="full", method="direct")',
        f"result = np.pad(result, ((0, 0), (0, {added}), (0, {added})))" if added else "",
        f"result = result{cut}" if cut else "",
    )
    options = f"stride={stride}, padding={pad}, output_padding={added}"
    torch = lines(
        "import torch",
        "from torch.nn.functional import conv_transpose2d",
        "x_t, w_t = (torch.tensor(a).double() for a in (x, w))",
        f"result = conv_transpose2d(x_t[None], w_t, {options})[0]",
    )
    return [
        LibraryCall(
            function="numpy.zeros",
            text="NumPy has no such layer. The code adds the stamps one by one, as the picture does.",
            code=numpy,
        ),
        LibraryCall(
            function="scipy.signal.convolve",
            text="Put zeros between the cells: then an ordinary convolution in mode `full`, which flips the kernel, "
            "makes the same numbers.",
            code=scipy,
        ),
        LibraryCall(
            function="torch.nn.functional.conv_transpose2d",
            text="Some call it a deconvolution, but it does not undo a convolution: it has its shapes in reverse.",
            code=torch,
        ),
    ]
