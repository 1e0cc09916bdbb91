"""Read PyTorch's layers without importing PyTorch."""

from typing import Any

from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pool import pool
from convviz.operations.libraries.foreign import as_numpy, known_class, without_batch
from convviz.trace import Step, Trace

_AXES = {"1d": 1, "2d": 2, "3d": 3}
_NAMES = {f"{name}{axes}" for name in ("Conv", "ConvTranspose", "MaxPool", "AvgPool") for axes in _AXES} | {"Linear"}
_MEANT = {0: "(features,)", 1: "(channels, length)", 2: "(channels, rows, columns)", 3: "(channels, *three axes)"}


def torch_layer(layer: Any, x: Any) -> Trace[Step] | None:
    """Return the trace of a PyTorch layer; None if the object is not such a layer."""
    kind = known_class(layer, ("torch.nn.modules.",), _NAMES)
    if kind is None:
        return None
    if getattr(layer, "has_uninitialized_params", bool)():
        raise ValueError("layer has no weights yet; accepted: a lazy layer after its first call")
    _refuse_other_forward(layer, kind)
    axes = _AXES.get(kind.__name__[-2:], 0)
    x = without_batch(x, axes + 1, layer=kind.__name__, meant=_MEANT[axes])
    match kind.__name__[:-2]:
        case "Conv":
            return conv_layer(
                x,
                *_parameters(layer),
                stride=layer.stride,
                padding=layer.padding,
                dilation=layer.dilation,
                groups=layer.groups,
                padding_mode=layer.padding_mode,
            )
        case "ConvTranspose":
            return conv_transpose(
                x,
                *_parameters(layer),
                stride=layer.stride,
                padding=layer.padding,
                output_padding=layer.output_padding,
                dilation=layer.dilation,
                groups=layer.groups,
            )
        case "MaxPool":
            _refuse(layer, "return_indices", False)
            return pool(
                x,
                _for_each(layer.kernel_size, axes),
                stride=layer.stride,
                padding=layer.padding,
                dilation=layer.dilation,
                ceil_mode=layer.ceil_mode,
            )
        case "AvgPool":
            _refuse(layer, "divisor_override", None)
            return pool(
                x,
                _for_each(layer.kernel_size, axes),
                kind="mean",
                stride=layer.stride,
                padding=layer.padding,
                ceil_mode=layer.ceil_mode,
                count_include_pad=layer.count_include_pad,
            )
    return dense(x, *_parameters(layer))


def _parameters(layer: Any) -> tuple[Any, Any]:
    return as_numpy("layer.weight", layer.weight), as_numpy("layer.bias", layer.bias)


def _for_each(size: Any, axes: int) -> Any:
    """Return a size for each axis: one number alone leaves open whether an array of two axes has channels."""
    return size if isinstance(size, tuple) else (size,) * axes


def _refuse(layer: Any, name: str, accepted: Any) -> None:
    value = getattr(layer, name, accepted)
    if value != accepted:
        raise ValueError(f"layer.{name} is {value!r}; accepted: {accepted}")


def _refuse_other_forward(layer: Any, kind: Any) -> None:
    """Refuse a subclass with its own ``forward``, and hooks: both may compute anything."""
    if type(layer).forward is not kind.forward or "forward" in vars(layer):
        raise TypeError(
            f"layer is a {type(layer).__qualname__}, whose forward is not that of torch.nn.{kind.__name__}; "
            "accepted: layers with the forward of PyTorch's own layers"
        )
    if layer._forward_hooks or layer._forward_pre_hooks:
        raise ValueError("layer has forward hooks, which may change anything; accepted: a layer without hooks")
