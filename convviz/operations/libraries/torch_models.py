"""Explain whole models of PyTorch without importing PyTorch: run a model once, and watch its layers."""

from functools import partial
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.libraries.foreign import ANY_DIMENSIONS, known_class, library_of
from convviz.operations.libraries.model_trace import ModelTrace
from convviz.operations.libraries.torch_layers import LIBRARIES, PASSING, torch_chain
from convviz.operations.libraries.torch_parts import AXES, KINDS
from convviz.operations.libraries.torch_recorder import Recorder, evaluating, first_tensor, recorded
from convviz.operations.libraries.torch_running import Part, as_tensor, quietly
from convviz.operations.libraries.torch_steps import called_in, learned_by, model_steps
from convviz.trace import Array


def torch_model(model: Any, x: Any) -> ModelTrace | None:
    """Return the trace of a model of PyTorch; None if the object is no module that has layers.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is no batch of one, the model fails on it, has no weights yet, or calls no layer.
    """
    kind = known_class(model, LIBRARIES, {"Module"})
    if kind is None or not (model._modules or known_class(model, LIBRARIES, {"Sequential"})):
        return None
    _refuse_unready(model)
    batch = _batch_of_one(model, x)
    whole = Part(layer=model, kind=kind, called="layer")
    with evaluating(model), recorded(model) as recorder:
        output, last = _run(whole, batch, x, recorder)
        if not recorder.calls:
            raise ValueError("layer has no layers that compute anything; accepted: a model that calls its layers")
        steps = model_steps(model, recorder.calls, last)
    return ModelTrace(
        np.array(batch[0]),
        output,
        steps,
        name=type(model).__name__,
        parameters=learned_by(model),
        chain=partial(torch_chain, model, x),
    )


def _refuse_unready(model: Any) -> None:
    for name, layer in model.named_modules():
        if getattr(layer, "has_uninitialized_params", bool)():
            raise ValueError(f"{called_in(name)} has no weights yet; accepted: a lazy layer after its first call")


def _run(whole: Part, batch: Array, x: Any, recorder: Recorder) -> tuple[Array, int]:
    """Run the model, and return its output and the call that made it, if one has."""
    with quietly(whole.kind):
        try:
            tensor = _integers(whole, batch) if _reads_integers(whole.layer) else as_tensor(whole, batch[0], x)
            recorder.begin(tensor)
            output = first_tensor(whole.layer(tensor))
            if output is None:
                raise TypeError("its output holds no tensor")
            array = np.asarray(readable(output))
            single = array[0] if array.ndim > 1 and len(array) == 1 else array
            return single, recorder.source(output)
        except Exception as error:  # the user's model may raise anything
            raise ValueError(f"layer fails on x: {error}; accepted: a model that runs on it") from error


def _batch_of_one(model: Any, x: Any) -> Array:
    """Return the input with its batch axis; its first layer may show that it has none."""
    array = as_numbers("x", x, dimensions=ANY_DIMENSIONS)
    axes = _axes_read(model)
    if axes is not None and array.ndim == axes:
        return np.asarray(array[None])
    if axes is not None and array.ndim == axes + 1 and len(array) != 1:
        raise ValueError(f"x is a batch of {len(array)} (shape {array.shape}); accepted: one input of it, such as x[0]")
    if array.ndim < 1 or len(array) != 1:
        raise ValueError(
            f"x has shape {array.shape}, whose first axis {type(model).__name__} takes for the batch; accepted: a "
            "batch of one, such as x[:1] of a batch, or x[None] of a single input"
        )
    return array


def _axes_read(model: Any) -> int | None:
    """Return how many axes a single input has, judged by the first layer that demands a number of axes."""
    for layer in model.modules():
        kind = known_class(layer, LIBRARIES, KINDS | PASSING)
        name = kind.__name__ if kind else ""
        if name[-2:] in AXES and name not in PASSING and name != "BatchNorm1d":
            return AXES[name[-2:]] + 1
        if name == "Linear":
            return 1
        if name == "Flatten" or not (name or layer._modules):
            return None
    return None


def _reads_integers(model: Any) -> bool:
    """Whether the first layer looks up numbers in a table, and so reads integers."""
    leaves = (layer for layer in model.modules() if not layer._modules)
    first = next(leaves, None)
    return known_class(first, LIBRARIES, {"Embedding", "EmbeddingBag"}) is not None


def _integers(whole: Part, batch: Array) -> Any:
    tensor = library_of(whole.kind).tensor(batch)
    own = next(whole.layer.parameters(), tensor)
    return tensor.to(own.device)
