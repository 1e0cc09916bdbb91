"""A sum of echoes in the field's libraries, and a filter that cannot see the future."""

from convviz.lessons.notes.layer_code import LibraryCall, lines
from convviz.lessons.notes.library_calls import code_html, library_calls
from convviz.operations.convolution.echoes import EchoTrace

_TENSORS = (
    "x_t = torch.tensor(x).double()[None, None]  # batch, channels, time\nh_t = torch.tensor(h).double()[None, None]"
)
_FLIPPED = "h_t = torch.flip(h_t, (2,))"

_ON_ARRAYS = (
    LibraryCall(
        function="numpy.convolve",
        text="It flips the response and slides it. Mode 'full' is what it does when you leave the mode out.",
        code='result = np.convolve(x, h, mode="full")',
    ),
    LibraryCall(
        function="numpy.outer",
        text="The table of all products. Each of its anti-diagonals is a diagonal once the columns are reversed.",
        code=lines(
            "table = np.outer(x, h)[:, ::-1]",
            "last = len(h) - 1",
            "result = np.array([np.trace(table, last - n) for n in range(len(x) + last)])",
        ),
    ),
    LibraryCall(
        function="scipy.signal.convolve",
        text='The same by flipping and sliding. With `method="direct"` it uses no Fourier transform, '
        "which would round.",
        code=lines(
            "from scipy.signal import convolve",
            'result = convolve(x, h, mode="full", method="direct")',
        ),
    ),
)
_ADDING = LibraryCall(
    function="torch.nn.functional.conv_transpose1d",
    text="It adds up echoes: a copy of the response for each sample, scaled and delayed. Nothing is flipped.",
    code=lines(
        "import torch",
        "from torch.nn.functional import conv_transpose1d",
        _TENSORS,
        "result = conv_transpose1d(x_t, h_t)[0, 0]",
    ),
)


@library_calls.register
def echo_calls(trace: EchoTrace) -> list[LibraryCall]:
    """Write how NumPy, SciPy and PyTorch add up echoes: each way of the lesson is a function of some library.

    Examples
    --------
    >>> from convviz import echoes
    >>> print(echo_calls(echoes([1, 2], [3, 4]))[0].code)
    result = np.convolve(x, h, mode="full")
    """
    return [*_ON_ARRAYS, _sliding(len(trace.h)), _ADDING]


def causal_calls(trace: EchoTrace) -> list[LibraryCall]:
    """Write how to compute as many cells as there are samples, none of which looks into the future.

    Examples
    --------
    >>> from convviz import echoes
    >>> print(causal_calls(echoes([1, 2], [3, 4]))[0].code)
    result = np.convolve(x, h)[:len(x)]
    """
    return [
        LibraryCall(
            function="numpy.convolve",
            text="Mode 'full', without the cells after the last sample.",
            code="result = np.convolve(x, h)[:len(x)]",
        ),
        LibraryCall(
            function="scipy.signal.lfilter",
            text="A filter for signals that are still arriving: it uses the newest sample and older ones. "
            "The 1.0 says that it uses no earlier outputs.",
            code=lines("from scipy.signal import lfilter", "result = lfilter(h, 1.0, x)"),
        ),
        LibraryCall(
            function="torch.nn.functional.conv1d",
            text="The axes are batch, channels, time. The zeros come before the signal only, "
            f"{len(trace.h)} − 1 = {len(trace.h) - 1} of them: `pad` counts left, then right.",
            code=lines(
                "import torch",
                "from torch.nn.functional import conv1d, pad",
                _TENSORS,
                _FLIPPED,
                f"result = conv1d(pad(x_t, ({len(trace.h) - 1}, 0)), h_t)[0, 0]",
            ),
        ),
    ]


def causal_html(trace: EchoTrace) -> str:
    """Write `causal_calls` as HTML, folded."""
    calls = [(f"`{call.function}`", call) for call in causal_calls(trace)]
    return code_html("Causal in code: NumPy, SciPy, PyTorch", trace, calls)


def _sliding(delays: int) -> LibraryCall:
    border = "A response of one number needs no border."
    if delays > 1:
        border = f"A border of {delays} − 1 = {delays - 1} zeros on both sides makes mode 'full' of it."
    return LibraryCall(
        function="torch.nn.functional.conv1d",
        text=f"It slides without flipping, so the code flips the response first. {border} Time is the last axis.",
        code=lines(
            "import torch",
            "from torch.nn.functional import conv1d",
            _TENSORS,
            _FLIPPED,
            f"result = conv1d(x_t, h_t, padding={delays - 1})[0, 0]",
        ),
    )
