"""A dense layer in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.operations.layers.dense import DenseTrace

_NUMPYS = {
    "relu": "result = np.maximum(result, 0)",
    "sigmoid": "result = (1 + np.tanh(result / 2)) / 2",
    "tanh": "result = np.tanh(result)",
}


def dense_calls(trace: DenseTrace) -> list[LibraryCall]:
    """Write how the libraries connect all inputs to all neurons.

    Examples
    --------
    >>> from convviz import dense
    >>> print(dense_calls(dense([1, 2], [[3, 4]], activation="relu"))[0].code)
    result = w @ x + b
    result = np.maximum(result, 0)
    """
    name = str(trace.activation) if trace.activation else ""
    activated = _NUMPYS[name] if name else ""
    torch = lines(
        "import torch",
        "from torch.nn.functional import linear",
        "x_t, w_t, b_t = (torch.tensor(a).double() for a in (x, w, b))",
        "result = linear(x_t, w_t, b_t)",
        f"result = torch.{name}(result)" if name else "",
    )
    return [
        LibraryCall(
            function="numpy.matmul",
            text="`@` is a matrix product: each row of weights times the inputs, added up.",
            code=lines("result = w @ x + b", activated),
        ),
        LibraryCall(
            function="scipy.sparse.csr_array",
            text="SciPy has no layers. Its sparse arrays leave out zero weights, and multiply in the same way.",
            code=lines("from scipy.sparse import csr_array", "result = csr_array(w) @ x + b", activated),
        ),
        LibraryCall(
            function="torch.nn.functional.linear",
            text="PyTorch calls a dense layer `Linear`. It has a row of weights for each neuron, as here.",
            code=torch,
        ),
    ]
