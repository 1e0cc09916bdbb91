"""What to write instead, where something cannot be shown."""

from typing import Any

from convviz.geometry import Geometry, ReceptiveField
from convviz.operations.convolution.frequency_response import FrequencyResponse
from convviz.operations.layers.chain import Chain
from convviz.operations.matching.image_distance import ImageDistance
from convviz.trace import Trace

_DEFAULT = "a trace, as made by convviz.correlate(x, w)"


def refuse(thing: Any) -> None:
    """Raise a TypeError for what is no trace, which names the call that makes one.

    Examples
    --------
    >>> refuse([1, 2, 3])
    Traceback (most recent call last):
    TypeError: trace is a list, which cannot be drawn; accepted: a trace, as made by convviz.correlate(x, w)
    """
    if not isinstance(thing, Trace):
        raise TypeError(f"trace is a {_named(type(thing))}, which cannot be drawn; accepted: {_accepted(thing)}")


def _accepted(thing: Any) -> str:
    shape = getattr(thing, "shape", None)
    if shape is not None and len(shape) == 2:
        return f"{_DEFAULT}; for the matrices of toeplitz and im2col, convviz.matrix_view(trace)"
    if isinstance(thing, Geometry | ReceptiveField):
        return "convviz.receptive_field(layers), which makes a trace of a stack of layers"
    if isinstance(thing, FrequencyResponse):
        return "convviz.spectrum(x, w), which makes a trace of a signal and a kernel"
    if isinstance(thing, ImageDistance):
        return "convviz.match_template(image, template), which makes a trace of all places"
    if isinstance(thing, Chain):
        return "convviz.show(*chain), which shows its traces side by side"
    if type(thing).__module__.partition(".")[0] in ("torch", "keras") or callable(getattr(thing, "forward", None)):
        return "convviz.explain(layer, x), which makes a trace of a layer and its input"
    return _DEFAULT


def _named(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
