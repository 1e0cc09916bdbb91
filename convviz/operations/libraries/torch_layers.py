"""Explain PyTorch's layers without importing PyTorch: run a layer, trace its parameters, and compare the two."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.chain import Chain
from convviz.operations.libraries.agreement import refuse_change, refuse_difference
from convviz.operations.libraries.foreign import ANY_DIMENSIONS, known_class, without_batch
from convviz.operations.libraries.large_linear import large_linear
from convviz.operations.libraries.torch_parts import AXES, KINDS, MEANT, check_ready, normalisation, single_layer
from convviz.operations.libraries.torch_running import (
    Given,
    Part,
    as_tensor,
    or_refused,
    quietly,
    refuse_other_forward,
    run,
)
from convviz.trace import Array, Step, Trace

LIBRARIES = ("torch.nn.modules.",)
PASSING = frozenset({"Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"})
"""The layers that change nothing once a network no longer learns. A chain leaves them out."""


def torch_layer(layer: Any, x: Any) -> Trace[Step] | None:
    """Return the trace of a PyTorch layer; None if the object is none that is explained by itself."""
    kind = known_class(layer, LIBRARIES, KINDS)
    if kind is None:
        return None
    whole = Part(layer=layer, kind=kind, called="layer")
    check(whole)
    return explained(whole, _single_input([whole], x), x, "x")


def torch_chain(layer: Any, x: Any) -> Chain:
    """Return the chain of a Sequential.

    Raises
    ------
    TypeError, ValueError
        As `ModelTrace.chain` says.
    """
    kind = known_class(layer, LIBRARIES, {"Sequential"})
    if kind is None:
        raise TypeError(f"layer is a {type(layer).__qualname__}, which is no chain of layers; accepted: a Sequential")
    whole = Part(layer=layer, kind=kind, called="layer")
    parts = list(_parts(whole))
    for part in parts:
        check(part)
    return _chain(whole, parts, _single_input(parts, x), x)


def _parts(whole: Part) -> Iterator[Part]:
    """Go through the layers of a Sequential, and of every Sequential in it; a layer of another kind is the only one."""
    if whole.name != "Sequential":
        yield whole
        return
    refuse_other_forward(whole)
    for name, layer in whole.layer._modules.items():  # unlike named_children, it repeats layers that are used twice
        called = f"{whole.called}[{name}]" if name.isdigit() else f"{whole.called}.{name}"
        kind = known_class(layer, LIBRARIES, KINDS | PASSING | {"Sequential"})
        if kind is None:
            raise TypeError(
                f"{called} is a {type(layer).__module__}.{type(layer).__qualname__}; accepted in a Sequential: "
                "the layers that explain accepts by themselves, Identity, and Dropout after eval()"
            )
        path = f"{whole.path}.{name}" if whole.path else name
        yield from _parts(Part(layer=layer, kind=kind, called=called, path=path))


def check(part: Part) -> None:
    """Refuse a layer that computes something else than its class says, and one that is random or not ready.

    Raises
    ------
    TypeError, ValueError
        If the layer is one of these.
    """
    refuse_other_forward(part)
    check_ready(part.name, part.layer, part.called)
    if part.name in PASSING and part.layer.training and getattr(part.layer, "p", 0):
        raise ValueError(
            f"{part.called} is in training mode, in which it is random; accepted: a layer after {part.called}.eval()"
        )


def _single_input(parts: list[Part], x: Any) -> Array:
    """Return the input without its batch axis, judged by the first layer that demands a number of dimensions."""
    for part in parts:
        axes, name = AXES.get(part.name[-2:]), part.name
        if name == "BatchNorm1d":
            dimensions = _dimensions_to_normalise(part, as_numbers("x", x, dimensions=ANY_DIMENSIONS).shape)
            return without_batch(x, (dimensions,), layer=name, meant="(features,) or " + MEANT[1])
        if axes and name not in PASSING:
            return without_batch(x, (axes + 1,), layer=name, meant=MEANT[axes])
        array = as_numbers("x", x, dimensions=ANY_DIMENSIONS)
        if name == "Flatten" and (array.ndim < 2 or len(array) != 1):
            raise ValueError(
                f"x has shape {array.shape}, whose first axis {part.called} (Flatten) takes for the batch; accepted: a "
                "batch of one, such as x[:1] of a batch, or x[None] of a single input"
            )
        slopes = len(part.layer.weight) if name == "PReLU" else 1
        if name in ("Linear", "Flatten") or slopes > 1:
            return np.asarray(array[0]) if array.ndim > 1 and len(array) == 1 else array
    return as_numbers("x", x, dimensions=ANY_DIMENSIONS)


def _dimensions_to_normalise(part: Part, shape: tuple[int, ...]) -> int:
    """Return how many dimensions an input of a BatchNorm1d has: two stand for a batch of features where they can."""
    features = part.layer.num_features
    channels_first = len(shape) == 3 or (len(shape) == 2 and shape[1] != features)
    return 2 if channels_first else 1


def _chain(whole: Part, parts: list[Part], single: Array, x: Any) -> Chain:
    """Explain one layer after the other, and compare what they give together with what the Sequential gives."""
    traces: list[Trace[Step]] = []
    names: list[str] = []
    current, x_called, like = single, "x", as_tensor(whole, single, x)
    for part in parts:
        if part.name in PASSING:
            _refuse_change(part, current, like)
            continue
        traces.append(explained(part, current, like, x_called))
        names.append(part.path)
        current, x_called = traces[-1].output, f"the output of {part.called}"
    if not traces:
        raise ValueError("layer has no layers that compute anything; accepted: a Sequential with at least one")
    given, together = run(whole, [whole], single, x), run(whole, parts, single, x)
    expected = or_refused(together, "layer", "x")
    found = or_refused(given, "layer", "x")
    refuse_change(found.numbers, expected.numbers, dtype=found.dtype, layer="layer", computes="its layers in order")
    return Chain(traces, names)


def explained(part: Part, single: Array, like: Any, x_called: str) -> Trace[Step]:
    """Return the trace of a single layer, whose output is that of the layer."""
    with quietly(part.kind):
        # Pruned and weight-normed layers renew their weights when they are run, so this comes first.
        return traced(part, single, run(part, [part], single, like), x_called)


def traced(part: Part, single: Array, given: Given | Exception, x_called: str) -> Trace[Step]:
    """Return the trace of a single layer, if it gives what the layer gives.

    Parameters
    ----------
    part : Part
        The layer.
    single : ndarray
        What it reads, without a batch axis.
    given : Given or Exception
        What it gives, or how it fails.
    x_called : str
        What the user calls its input, for errors.

    Raises
    ------
    TypeError, ValueError
        If an option of the layer is not supported, it fails, or it gives something else.
    """
    if part.name == "Linear" and isinstance(given, Given):
        large = large_linear(part, single, given)
        if large is not None:
            return large
    trace = single_layer(part.name, part.layer, single, called=part.called, x_called=x_called)
    slack: Any = 0.0
    if part.name.startswith("BatchNorm"):
        slack = normalisation(part.layer, part.called)[2].reshape(-1, *(1,) * (single.ndim - 1))
    found = or_refused(given, part.called, x_called)
    computes = f"torch.nn.{part.name}"
    refuse_difference(found.numbers, trace, dtype=found.dtype, layer=part.called, computes=computes, slack=slack)
    return trace


def _refuse_change(part: Part, current: Array, like: Any) -> None:
    """Check that a layer passes its input on unchanged."""
    found = or_refused(run(part, [part], current, like), part.called, "its input")
    refuse_change(found.numbers, current, dtype=found.dtype, layer=part.called, computes=f"torch.nn.{part.name}")
