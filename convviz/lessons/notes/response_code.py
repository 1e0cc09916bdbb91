"""The frequency response in NumPy, SciPy and PyTorch."""

from convviz.lessons.notes.layer_code import LibraryCall
from convviz.operations.convolution.frequency_response import FrequencyResponse

_MIDDLE = " `fftshift` puts frequency 0 in the middle, as in the picture."


def response_calls(trace: FrequencyResponse) -> list[LibraryCall]:
    """Write how the libraries compute what a kernel does to each wave.

    Examples
    --------
    >>> from convviz import frequency_response
    >>> for call in response_calls(frequency_response([0.5, 0.5], 4)):
    ...     print(call.code.splitlines()[-1])
    result = np.fft.fft(w, 4)
    result = fft.fft(w, 4)
    result = torch.fft.fft(torch.tensor(w, dtype=torch.float64), 4)
    """
    shape = trace.response.shape
    name, cells = ("fft2", str(shape)) if len(shape) > 1 else ("fft", str(shape[0]))
    is_centred = shape[-1] > 1 and trace.frequencies[-1][0] < 0
    padded = f"The kernel is filled up with zeros to {'×'.join(map(str, shape))} cells, and transformed."

    def code(module: str, weights: str) -> str:
        transformed = f"{module}.{name}({weights}, {cells})"
        return f"result = {module}.fftshift({transformed})" if is_centred else f"result = {transformed}"

    return [
        LibraryCall(
            function=f"numpy.fft.{name}", text=padded + (_MIDDLE if is_centred else ""), code=code("np.fft", "w")
        ),
        LibraryCall(
            function=f"scipy.fft.{name}",
            text="The same as in NumPy, and faster for large arrays.",
            code=f"from scipy import fft\n{code('fft', 'w')}",
        ),
        LibraryCall(
            function=f"torch.fft.{name}",
            text="The same for tensors.",
            code=f"import torch\n{code('torch.fft', 'torch.tensor(w, dtype=torch.float64)')}",
        ),
    ]
