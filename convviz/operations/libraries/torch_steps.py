"""The steps of a PyTorch model: what is known of each call of a layer, and its trace when it is asked for."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from math import prod
from typing import Any

import numpy as np

from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.layers.parameters import conv_multiplications, grouped
from convviz.operations.libraries.foreign import known_class, library_of
from convviz.operations.libraries.model_trace import INPUT, UNSEEN, ModelStep, Shape
from convviz.operations.libraries.torch_layers import LIBRARIES, PASSING, check, traced
from convviz.operations.libraries.torch_parts import AXES, KINDS
from convviz.operations.libraries.torch_recorder import Call, evaluating
from convviz.operations.libraries.torch_running import Given, Part, dtype_of, quietly
from convviz.trace import Array, Trace

_MOST_OPENED = 4
"""So many traces of layers are kept: one of a large layer holds hundreds of megabytes."""
_MOST_NUMBERS = 2**25
"""Layers that learn, read or give more numbers than this would take minutes and gigabytes to open."""


def model_steps(model: Any, calls: Sequence[Call], last: int) -> list[ModelStep]:
    """Return a step for each call of a layer.

    Parameters
    ----------
    model : torch.nn.Module
        The model, in evaluation mode.
    calls : sequence of Call
        What was recorded of its layers.
    last : int
        The call whose output is the model's, or `INPUT` or `UNSEEN`.
    """
    names = {id(layer): name for name, layer in reversed(list(model.named_modules()))}
    parts = [_part(call.layer, names[id(call.layer)]) for call in calls]
    paths, firsts = [part.path for part in parts], dict[int, int]()
    opened = lru_cache(maxsize=_MOST_OPENED)(lambda number: _opened(parts[number], calls[number]))
    steps = []
    for number, (call, part) in enumerate(zip(calls, parts, strict=True)):
        first = firsts.setdefault(id(call.layer), number)
        notes = [*_notes(number, first, call, paths)]
        if number == len(calls) - 1 and last != number:
            notes.append("The model's output is made after this layer, by operations that are not shown here.")
        steps.append(_step(number, first, call, part, tuple(notes), partial(opened, number)))
    return steps


def _step(
    number: int, first: int, call: Call, part: Part, notes: tuple[str, ...], opened: Callable[[], Trace[Any] | str]
) -> ModelStep:
    shape_in, shape_out = (
        None if tensor is None else _without_batch(tuple(tensor.shape), part) for tensor in (call.given, call.output)
    )
    return ModelStep(
        number,
        (number,),
        0 if call.output is None else call.output.numel(),
        name=part.path,
        kind=type(call.layer).__name__,
        shape_in=shape_in,
        shape_out=shape_out,
        parameters=learned_by(call.layer),
        macs=_macs(part, shape_in, shape_out),
        reads=call.reads,
        first=first,
        plain=_plain(part, call),
        passes=_passes(part),
        notes=notes,
        opened=opened,
    )


def _part(layer: Any, name: str) -> Part:
    kind = known_class(layer, LIBRARIES, KINDS | PASSING)
    return Part(layer=layer, kind=kind or type(layer), called=called_in(name), path=name)


def called_in(path: str) -> str:
    """Return how the user writes a part of the model.

    Examples
    --------
    >>> called_in("layer1.0.conv1")
    'layer.layer1[0].conv1'
    """
    return "layer" + "".join(f"[{name}]" if name.isdigit() else f".{name}" for name in path.split(".") if path)


def _notes(number: int, first: int, call: Call, paths: Sequence[str]) -> Iterator[str]:
    """Say in sentences what does not follow from the order of the layers."""
    if first != number:
        yield "It has worked before" + (": its parameters count once." if learned_by(call.layer) else ".")
    if call.reads == UNSEEN:
        yield "Its input is made between the layers, for example by an addition: that is not shown here."
    elif call.reads == INPUT and number:
        yield "It reads the model's input."
    elif call.reads not in (INPUT, number - 1):
        yield f"It reads the output of {paths[call.reads]}, step {call.reads + 1} of {len(paths)}."


def _plain(part: Part, call: Call) -> str:
    """Return why a layer has no trace, as far as that is known without computing it; nothing for one that may have."""
    if _passes(part):
        return "It passes its input on unchanged."
    if known_class(part.layer, LIBRARIES, KINDS) is None:
        return f"convviz does not explain layers of the kind {type(part.layer).__name__}."
    if call.given is None or call.output is None:
        return "convviz explains layers that read and give one tensor."
    largest = max(learned_by(part.layer), call.given.numel(), call.output.numel())
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
    try:
        with evaluating(part.layer):
            plain = _plain(part, call)
            if plain:
                return plain
            given = Given(_numbers(call.output, part), dtype_of(call.output, library_of(part.kind)))
            with quietly(part.kind):
                return traced(part, _numbers(call.given, part), given, "its input in the model")
    except Exception as error:  # a layer may be anything, and a large one may find no memory
        return _sentence(error)


def _sentence(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return f"convviz does not explain it: {text}."


def _numbers(tensor: Any, part: Part) -> Array:
    array = np.asarray(readable(tensor))
    return array.reshape(_without_batch(array.shape, part))


def _without_batch(shape: Shape, part: Part) -> Shape:
    """Leave out a batch axis of one cell; layers with windows know how many axes there are without it."""
    axes = AXES.get(part.name[-2:]) if part.name in KINDS and not part.name.startswith("BatchNorm1d") else None
    is_batch = len(shape) == axes + 2 if axes else len(shape) > 1
    return shape[1:] if is_batch and shape[0] == 1 else shape


def _macs(part: Part, shape_in: Shape | None, shape_out: Shape | None) -> int | None:
    """Count the products of weights and numbers; nothing where there is no formula for them."""
    layer, is_known = part.layer, known_class(part.layer, LIBRARIES, KINDS) is not None
    is_counted = is_known and (part.name == "Linear" or "Conv" in part.name)
    if not is_counted:
        return 0 if is_known or not learned_by(layer) else None
    own: Any = part.kind
    if shape_in is None or shape_out is None or type(layer).forward is not own.forward:
        return None
    if part.name == "Linear":
        return int(layer.in_features) * prod(shape_out)
    places, axes = shape_in if "Transpose" in part.name else shape_out, AXES[part.name[-2:]]
    each = conv_multiplications(
        layer.in_channels, layer.out_channels, layer.kernel_size, places[-axes:], groups=layer.groups
    )
    return each.number * prod(places[: -axes - 1])


def learned_by(layer: Any) -> int:
    """Count the numbers that a layer learns, each once."""
    return sum(parameter.numel() for parameter in layer.parameters())
