"""Gradient descent on a kernel in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.two_layers import NetworkTrace

_UPDATE = (
    "    result.append(loss.item())",
    "    optimizer.zero_grad()",
    "    loss.backward()",
    "    optimizer.step()",
)


def learning_calls(trace: LearningTrace) -> list[LibraryCall]:
    """Write how the libraries compute the losses of all updates.

    Raises
    ------
    ValueError
        If the mode is another one than 'valid'.

    Examples
    --------
    >>> from convviz import learn_kernel
    >>> [call.function for call in learning_calls(learn_kernel([2, 0, 1], [2, 1], steps=3))]
    ['numpy.matmul', 'scipy.signal.correlate', 'torch.optim.SGD']
    """
    if trace.mode != "valid":
        raise ValueError(f"trace has mode {trace.mode!r}; accepted: 'valid'")
    return [_numpy(trace), _scipy(trace), _torch(trace)]


def _flipped(trace: LearningTrace) -> str:
    return "w = np.flip(w)  # as applied" if trace.flip else ""


def _numpy(trace: LearningTrace) -> LibraryCall:
    code = lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        _flipped(trace),
        f"windows = sliding_window_view(x, w.shape).reshape(-1, {trace.kernel.size})",
        "weights, result = w.reshape(-1), []",
        f"for _ in range({len(trace)}):",
        "    error = windows @ weights - target.reshape(-1)",
        "    result.append((error**2).mean())",
        f"    weights = weights - {trace.rate!r} * 2 / error.size * (error @ windows)",
    )
    text = (
        "Each row of `windows` is a window. The gradient of the mean squared error is 2/n times errors times windows."
    )
    return LibraryCall(function="numpy.matmul", text=text, code=code)


def _scipy(trace: LearningTrace) -> LibraryCall:
    code = lines(
        "from scipy.signal import correlate",
        _flipped(trace),
        "result = []",
        f"for _ in range({len(trace)}):",
        '    error = correlate(x, w, mode="valid", method="direct") - target',
        "    result.append((error**2).mean())",
        '    gradient = 2 / error.size * correlate(x, error, mode="valid", method="direct")',
        f"    w = w - {trace.rate!r} * gradient",
    )
    text = "The gradient of the kernel is a cross-correlation as well: the error slides over the input."
    return LibraryCall(function="scipy.signal.correlate", text=text, code=code)


def _torch(trace: LearningTrace) -> LibraryCall:
    axes = trace.kernel.ndim
    name = f"conv{axes}d"
    applied = f"w.flip({tuple(range(2, 2 + axes))})" if trace.flip else "w"
    code = lines(
        "import torch",
        f"from torch.nn.functional import {name}, mse_loss",
        "x, target, w = (torch.tensor(a)[None, None] for a in (x, target, w))",
        f"optimizer, result = torch.optim.SGD([w.requires_grad_()], lr={trace.rate!r}), []",
        f"for _ in range({len(trace)}):",
        f"    loss = mse_loss({name}(x, {applied}), target)",
        *_UPDATE,
    )
    text = "`backward` computes the gradient, and `step` subtracts the learning rate times it."
    return LibraryCall(function="torch.optim.SGD", text=text, code=code)


def network_calls(trace: NetworkTrace) -> list[LibraryCall]:
    """Write how the libraries compute the losses of two layers that learn.

    Examples
    --------
    >>> from convviz.operations.learning.two_layers import learn_two_layers
    >>> [call.function for call in network_calls(learn_two_layers([1, 0, 2, 0], [1, 2]))]
    ['numpy.matmul', 'scipy.signal.correlate', 'torch.optim.SGD']
    """
    return [_network_numpy(trace), _network_scipy(trace), _network_torch(trace)]


_DESCENT = lines(
    "    hidden = np.maximum(before, 0)",
    "    error = hidden @ v - target",
    "    result.append((error**2).mean())",
    "    upstream = 2 / error.size * error",
    "    back = np.outer(upstream, v) * (before > 0)",
)


def _network_numpy(trace: NetworkTrace) -> LibraryCall:
    code = lines(
        "from numpy.lib.stride_tricks import sliding_window_view",
        f"windows, result = sliding_window_view(x, {trace.w.shape[1]}), []",
        f"for _ in range({len(trace)}):",
        "    before = windows @ w.T",
        _DESCENT,
        f"    w, v = w - {trace.rate!r} * back.T @ windows, v - {trace.rate!r} * hidden.T @ upstream",
    )
    text = "Where `v` is 0, `back` is 0; where `hidden` is 0, the gradient of `v` is 0."
    return LibraryCall(function="numpy.matmul", text=text, code=code)


def _network_scipy(trace: NetworkTrace) -> LibraryCall:
    code = lines(
        "from scipy.signal import correlate",
        "result = []",
        f"for _ in range({len(trace)}):",
        '    before = np.stack([correlate(x, each, "valid", "direct") for each in w], axis=1)',
        _DESCENT,
        '    gradient = np.stack([correlate(x, each, "valid", "direct") for each in back.T])',
        f"    w, v = w - {trace.rate!r} * gradient, v - {trace.rate!r} * hidden.T @ upstream",
    )
    text = "Each gradient is a correlation with the input."
    return LibraryCall(function="scipy.signal.correlate", text=text, code=code)


def _network_torch(trace: NetworkTrace) -> LibraryCall:
    code = lines(
        "import torch",
        "from torch.nn.functional import conv1d, mse_loss",
        "x, target, w, v = (torch.tensor(a).double() for a in (x, target, w, v))",
        f"optimizer, result = torch.optim.SGD([w.requires_grad_(), v.requires_grad_()], lr={trace.rate!r}), []",
        f"for _ in range({len(trace)}):",
        "    hidden = torch.relu(conv1d(x[None], w[:, None]))",
        "    loss = mse_loss(v @ hidden, target)",
        *_UPDATE,
    )
    return LibraryCall(function="torch.optim.SGD", text="`backward` goes through both layers.", code=code)
