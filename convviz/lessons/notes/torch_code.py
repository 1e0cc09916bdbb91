"""A layer in PyTorch."""

from convviz.lessons.notes.layer_code import (
    LibraryCall,
    flips,
    flips_first,
    lines,
    mode,
    numpys_border,
    only_cells,
    place,
    sides,
)
from convviz.operations.layers.as_layer import Layer

_TENSORS = "x_t, w_t, b_t = (torch.tensor(a).double() for a in (x, w, b))"
_BARE_TENSORS = (
    "x_t = torch.tensor(x).double()[None]  # one channel\n"
    "w_t = torch.tensor(w).double()[None, None]  # one filter of one channel"
)


def torch_call(layer: Layer) -> LibraryCall:
    """Write a layer as PyTorch's convolutional layer."""
    axes, pad = len(layer.geometry.axes), _pad(layer)
    name = f"conv{axes}d"
    call = f"{name}(x_t, w_t{_options(layer)})[0]" if layer.bare else f"{name}(x_t, w_t, b_t{_options(layer)})"
    code = lines(
        "import torch",
        f"from torch.nn.functional import {name}" + (", pad" if "= pad(" in pad else ""),
        _BARE_TENSORS if layer.bare else _TENSORS,
        f"w_t = torch.flip(w_t, {tuple(range(2, 2 + axes))})" if flips(layer) else "",
        pad,
        f"result = {call}",
        _activated(layer),
    )
    text = f"It is called “conv”, but it leaves the {'kernel as it is' if layer.bare else 'kernels as they are'}."
    if layer.bare and sides(layer):
        text += f" Mode '{mode(layer)}' is a border of zeros, counted in cells."
    text += flips_first(layer) + _in_floats(layer)
    return LibraryCall(function=f"torch.nn.functional.{name}", text=text, code=code)


def torch_linear(layer: Layer) -> LibraryCall:
    """Write a 1×1 layer as PyTorch's dense layer."""
    pixels = f"{place(layer)}s"
    code = lines(
        "import torch",
        "from torch.nn.functional import linear",
        _TENSORS,
        f"{pixels} = x_t.movedim(0, -1)  # channels last",
        f"result = linear({pixels}, {only_cells('w_t', layer)}, b_t).movedim(-1, 0)",
        _activated(layer),
    )
    text = f"A dense layer, the same at each {place(layer)}: its inputs are the channels, its neurons the filters."
    return LibraryCall(function="torch.nn.functional.linear", text=text + _in_floats(layer), code=code)


def _pad(layer: Layer) -> str:
    """Write the line that pads where ``padding`` cannot: unevenly, or with anything but zeros."""
    pairs = sides(layer)
    if not pairs or (layer.padding_mode == "zeros" and all(before == after for before, after in pairs)):
        return ""
    # PyTorch counts from the last axis to the first: left, right, top, bottom.
    cells = tuple(count for pair in reversed(pairs) for count in pair)
    filling = layer.padding_mode
    if filling == "symmetric":  # PyTorch has no such border
        around = [(0, 0)] * (1 + layer.bare) + list(pairs)
        return f"x_t = torch.tensor(np.pad(x_t.numpy(), {around}{numpys_border(layer)}))"
    how = {"zeros": ""}.get(str(filling), f', mode="{filling}"') if isinstance(filling, str) else f", value={filling!r}"
    return f"x_t = pad(x_t, {cells}{how})"


def _options(layer: Layer) -> str:
    geometry = layer.geometry
    options = {
        "stride": geometry.stride if max(geometry.stride) > 1 else None,
        "padding": geometry.before if sides(layer) and not _pad(layer) else None,
        "dilation": geometry.dilation if max(geometry.dilation) > 1 else None,
        "groups": layer.groups if layer.groups > 1 else None,
    }
    return "".join(f", {name}={value}" for name, value in options.items() if value)


def _activated(layer: Layer) -> str:
    return f"result = torch.{layer.activation}(result)" if layer.activation else ""


def _in_floats(layer: Layer) -> str:
    whole = layer.preactivation.dtype.kind == "i"
    return " PyTorch's layers compute with floats: float64 holds integers exactly up to 2⁵³." if whole else ""
