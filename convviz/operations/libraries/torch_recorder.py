"""Watch the layers of a PyTorch model at work: which layer is called after which, and with which numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from convviz.operations.libraries.model_trace import INPUT, UNSEEN


@dataclass(kw_only=True)
class Call:
    """One call of a layer, with copies of what it read and what it gave.

    Parameters
    ----------
    layer : torch.nn.Module
        The layer.
    given : Tensor or None
        The first tensor that it read.
    reads : int
        The call whose output that was, or `INPUT` or `UNSEEN`.
    begun : int
        How many calls had ended when it began.
    output : Tensor or None
        The first tensor that it gave.
    """

    layer: Any
    given: Any
    reads: int
    begun: int
    output: Any = None


@dataclass
class Recorder:
    """Record the calls of the innermost layers: a layer that calls others is no step of its own.

    Parameters
    ----------
    calls : list of Call
        The calls that have ended, in this order.
    """

    calls: list[Call] = field(default_factory=list)
    _open: list[Call] = field(default_factory=list)
    _made: dict[int, tuple[Any, int, int, Any]] = field(default_factory=dict)
    _latest: tuple[int, Any] = (INPUT, None)

    def begin(self, x: Any) -> None:
        """Take the model's input."""
        self._remember(x, INPUT, x.detach().clone())

    def enter(self, layer: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Note what a layer reads, before it may change that in place."""
        read = first_tensor((arguments, named))
        made, copy = self._source(read)
        self._open.append(Call(layer=layer, given=copy, reads=made, begun=len(self.calls)))

    def leave(self, layer: Any, arguments: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        """Note what a layer gives."""
        call = self._open.pop()
        if len(self.calls) > call.begun:
            return
        given = first_tensor(output)
        if given is not None:
            call.output = given.detach().clone()
            self._remember(given, len(self.calls), call.output)
        self.calls.append(call)

    def source(self, tensor: Any) -> int:
        """Return the call whose output a tensor is, or `INPUT` or `UNSEEN`."""
        return self._source(tensor)[0]

    def _remember(self, tensor: Any, number: int, copy: Any) -> None:
        # The tensor is kept, so that no other gets its identity.
        self._made[id(tensor)] = tensor, _version(tensor), number, copy
        self._latest = number, copy

    def _source(self, tensor: Any) -> tuple[int, Any]:
        """Find out where a tensor comes from, and return a copy of it."""
        if tensor is None:
            return UNSEEN, None
        _, version, number, copy = self._made.get(id(tensor), (None, None, UNSEEN, None))
        if copy is not None and version == _version(tensor):
            return number, copy
        copy = tensor.detach().clone()
        latest, before = self._latest
        return (latest if is_reshaped(before, copy) else UNSEEN), copy


def is_reshaped(before: Any, after: Any) -> bool:
    """Whether two tensors hold the same numbers in the same order, as when one is the other flattened."""
    if before is None or before.numel() != after.numel() or before.dtype != after.dtype:
        return False
    return bool((before.reshape(-1) == after.reshape(-1)).all())


def first_tensor(things: Any) -> Any:
    """Return the first tensor in a tensor, or in lists, tuples and dicts of tensors; None if there is none."""
    if hasattr(things, "detach") and hasattr(things, "numel"):
        return things
    inner = things.values() if isinstance(things, dict) else things if isinstance(things, list | tuple) else ()
    return next((tensor for tensor in map(first_tensor, inner) if tensor is not None), None)


@contextmanager
def recorded(model: Any) -> Iterator[Recorder]:
    """Record the calls of all layers of a model; nothing of this is left in the model afterwards."""
    recorder, handles = Recorder(), []
    try:
        for name, layer in model.named_modules():
            if name and "parametrizations" not in name.split("."):  # these compute weights, not layers
                handles.append(layer.register_forward_pre_hook(recorder.enter, with_kwargs=True))
                handles.append(layer.register_forward_hook(recorder.leave, with_kwargs=True))
        yield recorder
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Have a model and all of its parts in evaluation mode, and restore the mode of each part afterwards."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        for part, _ in modes:
            part.training = False
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def _version(tensor: Any) -> Any:
    """Return the number of times that a tensor was changed in place; never the same for those that do not count it."""
    try:
        return tensor._version
    except RuntimeError:  # of inference mode
        return object()
