"""Explain whole models of PyTorch without importing PyTorch: run a model once, and watch its layers."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.layers.parameters import conv_multiplications, grouped
from convviz.operations.libraries.foreign import ANY_DIMENSIONS, known_class, library_of
from convviz.operations.libraries.model_trace import INPUT, UNSEEN, ModelStep, ModelTrace, Shape
from convviz.operations.libraries.torch_layers import LIBRARIES, PASSING, check, explained, torch_chain
from convviz.operations.libraries.torch_parts import AXES, KINDS
from convviz.operations.libraries.torch_recorder import Call, Recorder, evaluating, first_tensor, recorded
from convviz.operations.libraries.torch_running import Part, as_tensor, quietly
from convviz.trace import Array, Trace

_MOST_OPENED = 4
"""So many traces of layers are kept: one of a large layer holds hundreds of megabytes."""
_MOST_NUMBERS = 2**25
"""Layers that learn, read or give more numbers than this would take minutes and gigabytes to open."""
_TOLERANCE = 1e-3
"""A layer that gives something else by more than this share of its largest number has changed."""


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
        steps = list(_steps(model, recorder.calls, last))
    return ModelTrace(
        np.array(batch[0]),
        output,
        steps,
        name=type(model).__name__,
        parameters=_learned(model),
        chain=partial(torch_chain, model, x),
    )


def _refuse_unready(model: Any) -> None:
    for name, layer in model.named_modules():
        if getattr(layer, "has_uninitialized_params", bool)():
            raise ValueError(f"{_called(name)} has no weights yet; accepted: a lazy layer after its first call")


def _run(whole: Part, batch: Array, x: Any, recorder: Recorder) -> tuple[Array, int]:
    """Run the model, and return its output and the call that made it, if one has."""
    with quietly(whole.kind):
        try:
            tensor = _integers(whole, batch) if _reads_integers(whole.layer) else as_tensor(whole, batch[0], x)
            recorder.begin(tensor)
            output = first_tensor(whole.layer(tensor))
            if output is None:
                raise TypeError("its output holds no tensor")
            return _single(np.asarray(readable(output))), recorder.source(output)
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


def _steps(model: Any, calls: Sequence[Call], last: int) -> Iterator[ModelStep]:
    """Describe each call, while the model is in evaluation mode."""
    names = {id(layer): name for name, layer in reversed(list(model.named_modules()))}
    firsts: dict[int, int] = {}
    parts = [_part(call.layer, names[id(call.layer)]) for call in calls]
    opened = lru_cache(maxsize=_MOST_OPENED)(lambda number: _opened(parts[number], calls[number]))
    for number, (call, part) in enumerate(zip(calls, parts, strict=True)):
        first = firsts.setdefault(id(call.layer), number)
        shape_in, shape_out = (_shape(tensor, part) for tensor in (call.given, call.output))
        learned, is_end_unseen = _learned(call.layer), number == len(calls) - 1 and last != number
        more = {"learns": bool(learned), "is_end_unseen": is_end_unseen}
        yield ModelStep(
            number,
            (number,),
            0 if call.output is None else call.output.numel(),
            name=part.path,
            kind=type(call.layer).__name__,
            shape_in=shape_in,
            shape_out=shape_out,
            parameters=learned,
            macs=_macs(part, shape_in, shape_out),
            reads=call.reads,
            first=first,
            plain=_plain(part, call),
            passes=_passes(part),
            notes=tuple(_notes(number, first, call.reads, [part.path for part in parts], **more)),
            opened=partial(opened, number),
        )


def _part(layer: Any, name: str) -> Part:
    kind = known_class(layer, LIBRARIES, KINDS | PASSING)
    return Part(layer=layer, kind=kind or type(layer), called=_called(name), path=name)


def _called(path: str) -> str:
    """Return how the user writes a part of the model.

    Examples
    --------
    >>> _called("layer1.0.conv1")
    'layer.layer1[0].conv1'
    """
    return "layer" + "".join(f"[{name}]" if name.isdigit() else f".{name}" for name in path.split(".") if path)


def _notes(
    number: int, first: int, reads: int, paths: Sequence[str], *, learns: bool, is_end_unseen: bool
) -> Iterator[str]:
    """Say in sentences what does not follow from the order of the layers."""
    if first != number:
        yield "It has worked before" + (": its parameters count once." if learns else ".")
    if reads == UNSEEN:
        yield "Its input is made between the layers, for example by an addition: that is not shown here."
    elif reads == INPUT and number:
        yield "It reads the model's input."
    elif reads not in (INPUT, number - 1):
        yield f"It reads the output of {paths[reads]}, step {reads + 1} of {len(paths)}."
    if is_end_unseen:
        yield "The model's output is made after this layer, by operations that are not shown here."


def _plain(part: Part, call: Call) -> str:
    """Return why a layer has no trace, as far as that is known without computing it; nothing for one that may have."""
    if _passes(part):
        return "It passes its input on unchanged."
    if known_class(part.layer, LIBRARIES, KINDS) is None:
        return f"convviz does not explain layers of the kind {type(part.layer).__name__}."
    if call.given is None or call.output is None:
        return "convviz explains layers that read and give one tensor."
    largest = max(_learned(part.layer), call.given.numel(), call.output.numel())
    if largest > _MOST_NUMBERS:
        return f"It has {grouped(largest)} numbers; convviz explains layers of up to {grouped(_MOST_NUMBERS)}."
    axes = AXES.get(part.name[-2:])
    if axes and call.given.ndim == axes + 2 and len(call.given) != 1:
        return f"It reads a batch of {len(call.given)}; convviz explains one input at a time."
    try:
        check(part)
    except (TypeError, ValueError) as error:
        return _sentence(error)
    return ""


def _passes(part: Part) -> bool:
    return known_class(part.layer, LIBRARIES, PASSING) is not None


def _opened(part: Part, call: Call) -> Trace[Any] | str:
    """Return the trace of a layer on the numbers that it read, or a sentence that says why it has none."""
    plain = _plain_now(part, call)
    if plain:
        return plain
    single = _numbers(call.given, part)
    try:
        with evaluating(part.layer):
            trace = explained(part, single, call.given, "its input in the model")
        _refuse_changed(part, trace, _numbers(call.output, part))
    except Exception as error:  # the user's layer may raise anything, and a large one may find no memory
        return _sentence(error)
    return trace


def _plain_now(part: Part, call: Call) -> str:
    with evaluating(part.layer):
        return _plain(part, call)


def _refuse_changed(part: Part, trace: Trace[Any], before: Array) -> None:
    """Refuse a layer that no longer gives what it gave in the model: its weights may have changed since."""
    if trace.output.size == before.size:
        difference = np.abs(trace.output.reshape(before.shape) - before)
        if difference.max() <= _TOLERANCE * np.abs(before).max():
            return
    raise ValueError(f"{part.called} no longer gives what it gave in the model; accepted: a model that has not changed")


def _sentence(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return f"convviz does not explain it: {text}."


def _shape(tensor: Any, part: Part) -> Shape | None:
    return None if tensor is None else _without_batch(tuple(tensor.shape), part)


def _numbers(tensor: Any, part: Part) -> Array:
    array = np.asarray(readable(tensor))
    return array.reshape(_without_batch(array.shape, part))


def _without_batch(shape: Shape, part: Part) -> Shape:
    """Leave out a batch axis of one cell; layers with windows know how many axes there are without it."""
    axes = AXES.get(part.name[-2:]) if part.name in KINDS and not part.name.startswith("BatchNorm1d") else None
    is_batch = len(shape) == axes + 2 if axes else len(shape) > 1
    return shape[1:] if is_batch and shape[0] == 1 else shape


def _single(output: Array) -> Array:
    return output[0] if output.ndim > 1 and len(output) == 1 else output


def _macs(part: Part, shape_in: Shape | None, shape_out: Shape | None) -> int | None:
    """Count the products of weights and numbers; nothing where there is no formula for them."""
    if not _learned(part.layer) or part.name.startswith("BatchNorm") or part.name == "PReLU":
        return 0
    if shape_in is None or shape_out is None or known_class(part.layer, LIBRARIES, KINDS) is None:
        return None
    if part.name == "Linear":
        return int(part.layer.in_features * np.prod(shape_out))
    layer, axes = part.layer, AXES[part.name[-2:]]
    places = (shape_in if "Transpose" in part.name else shape_out)[-axes:]
    batch = (shape_in if "Transpose" in part.name else shape_out)[: -axes - 1]
    sizes = (layer.in_channels, layer.out_channels, layer.kernel_size, places)
    return conv_multiplications(*sizes, groups=layer.groups).number * int(np.prod(batch))


def _learned(layer: Any) -> int:
    """Count the numbers that a layer learns, each once."""
    return sum(parameter.numel() for parameter in layer.parameters())
