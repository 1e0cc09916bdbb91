"""What the code of several libraries shares: lines of NumPy, and words, for a given layer."""

from dataclasses import dataclass

from convviz.operations.layers.as_layer import Layer

_LIBRARIES = {"numpy": "NumPy", "scipy": "SciPy", "torch": "PyTorch"}
_NUMPYS = {"replicate": "edge", "circular": "wrap"}
"""What NumPy calls a border by another name."""
_ACTIVATIONS = {
    "relu": "np.maximum(result, 0)",
    "sigmoid": "(1 + np.tanh(result / 2)) / 2  # 1 / (1 + exp(-result)), without overflow",
    "tanh": "np.tanh(result)",
}


@dataclass(frozen=True, kw_only=True)
class LibraryCall:
    """How a library computes the output on the screen.

    Parameters
    ----------
    function : str
        The function's full name.
    text : str
        What the function does with the kernel, and what the code does besides; marked up as in `markup.prose`.
    code : str
        Runs after `numbers_in_code`, and leaves the output on the screen in ``result``.
    """

    function: str
    text: str
    code: str

    @property
    def library(self) -> str:
        """The library's name as its authors write it."""
        return _LIBRARIES[self.function.split(".")[0]]


def lines(*parts: str) -> str:
    """Put lines of code one under the other, and leave empty ones out."""
    return "\n".join(part for part in parts if part)


def flips(layer: Layer) -> bool:
    """Whether kernels are flipped, and have more than one cell, so that flipping moves something."""
    return layer.flip and max(layer.geometry.kernel_shape) > 1


def sides(layer: Layer) -> list[tuple[int, int]]:
    """Return the cells before and after the input along each spatial axis; an empty list if there are none."""
    pairs = [(axis.before, axis.after) for axis in layer.geometry.axes]
    return pairs if any(map(any, pairs)) else []


def is_pointwise(layer: Layer) -> bool:
    """Whether it is a 1×1 layer: each window is one pixel, and none is left out."""
    single = max(*layer.geometry.kernel_shape, *layer.geometry.stride, layer.groups) == 1
    return single and not sides(layer) and not layer.bare


def mode(layer: Layer) -> str:
    """Return the mode of `convviz.correlate` or `convviz.convolve` that makes the layer's border."""
    if not sides(layer):
        return "valid"
    full = all(axis.before == axis.after == axis.kernel - 1 for axis in layer.geometry.axes)
    return "full" if full else "same"


def padded(layer: Layer) -> tuple[str, str]:
    """Write the line that pads ``x``, and the name of what is then read; no line if there is no border.

    Examples
    --------
    >>> from convviz import correlate
    >>> from convviz.operations.layers.as_layer import as_layer
    >>> padded(as_layer(correlate([1, 2, 3], [4, 5], "same")))
    ('padded = np.pad(x, [(1, 0)])', 'padded')
    """
    if not sides(layer):
        return "", "x"
    pairs = sides(layer) if layer.bare else [(0, 0), *sides(layer)]
    return f"padded = np.pad(x, {pairs}{numpys_border(layer)})", "padded"


def numpys_border(layer: Layer) -> str:
    """Write what `numpy.pad` must know of a border besides its size."""
    filling = layer.padding_mode
    if not isinstance(filling, str):
        return f", constant_values={filling!r}"
    return "" if filling == "zeros" else f', mode="{_NUMPYS.get(filling, filling)}"'


def flipped(layer: Layer) -> tuple[str, str]:
    """Write the line that flips ``w``, and the name of what is then used; no line if nothing is flipped."""
    if not flips(layer):
        return "", "w"
    return f"flipped = w[..., {', '.join(['::-1'] * len(layer.geometry.axes))}]", "flipped"


def every(*steps: int) -> str:
    """Write which cells are kept along the last axes; nothing if all are.

    Examples
    --------
    >>> every(1, 2), every(1, 1)
    ('[..., :, ::2]', '')
    """
    kept = ", ".join(f"::{step}" if step > 1 else ":" for step in steps)
    return f"[..., {kept}]" if max(steps) > 1 else ""


def plus_bias(layer: Layer) -> str:
    """Write the end of a sum: the bias of each filter."""
    return "" if layer.bare else f" + b[:{', None' * len(layer.geometry.axes)}]"


def activated(layer: Layer) -> str:
    """Write the line that applies the activation."""
    return f"result = {_ACTIVATIONS[str(layer.activation)]}" if layer.activation else ""


def only_cells(name: str, layer: Layer) -> str:
    """Write the matrix of a 1×1 layer's weights."""
    return f"{name}[:, :{', 0' * len(layer.geometry.axes)}]"


def place(layer: Layer) -> str:
    """Return what one cell of all channels is called."""
    return "position" if len(layer.geometry.axes) == 1 else "pixel"


def flips_first(layer: Layer) -> str:
    """Write that the code flips, if it does."""
    if not flips(layer):
        return ""
    kernels, who = ("kernel", "a convolution") if layer.bare else ("kernels", "this layer")
    return f" The code flips the {kernels} first, as {who} does."
