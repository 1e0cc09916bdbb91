"""Run PyTorch's layers without importing PyTorch."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.libraries.foreign import library_of
from convviz.trace import Array


@dataclass(frozen=True, kw_only=True)
class Part:
    """A layer, the class of PyTorch that it is, what the user calls it, and where in a Sequential it is."""

    layer: Any
    kind: type
    called: str
    path: str = ""

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.kind.__name__


@dataclass(frozen=True)
class Given:
    """What a layer gives: its numbers, without a batch axis, and the number type in which it computes."""

    numbers: Array
    dtype: str


def run(whole: Part, parts: list[Part], single: Array, like: Any) -> Given | Exception:
    """Run layers one after the other on a batch of one; return the exception if one of them fails."""
    with quietly(whole.kind):
        try:
            output = as_tensor(whole, single, like)
            for part in parts:
                output = part.layer(output)
            if not hasattr(output, "dtype"):
                raise TypeError(f"its output is a {type(output).__name__}, not a tensor")
            dtype = dtype_of(output, library_of(whole.kind))
            return Given(np.asarray(readable(output), dtype=float)[0], dtype)
        except Exception as error:  # the user's layer may raise anything
            return error


def or_refused(given: Given | Exception, called: str, x_called: str) -> Given:
    """Return what a layer gives, or raise the error of a layer that fails."""
    if isinstance(given, Exception):
        raise ValueError(f"{called} fails on {x_called}: {given}; accepted: a layer that runs on it") from given
    return given


def as_tensor(part: Part, single: Array, like: Any) -> Any:
    """Return a batch of one as a new tensor, in the number type and on the device of the layer, or else of ``like``."""
    torch = library_of(part.kind)
    tensors = chain(part.layer.parameters(), part.layer.buffers())
    own = next((tensor for tensor in tensors if tensor.is_floating_point()), like)
    floating = isinstance(own, torch.Tensor) and own.is_floating_point()
    options = {"dtype": own.dtype, "device": own.device} if floating else {"dtype": torch.float64}
    return torch.tensor(single, **options)[None]


def dtype_of(output: Any, torch: Any) -> str:
    """Return the name of the number type whose rounding an output has."""
    name = str(output.dtype).rpartition(".")[2]
    if name == "float32" and torch.get_float32_matmul_precision() != "highest":
        return "bfloat16"
    return "tfloat32" if name == "float32" and output.device.type != "cpu" else name


@contextmanager
def quietly(kind: type) -> Iterator[None]:
    """Run layers without gradients and warnings, and with parametrized weights that are computed only once."""
    parametrize = sys.modules.get("torch.nn.utils.parametrize")
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(library_of(kind).no_grad())
        if parametrize is not None:
            stack.enter_context(parametrize.cached())
        yield


def refuse_other_forward(part: Part) -> None:
    """Refuse a subclass, or a layer, with its own ``forward``. Hooks and other overrides show when the layer is run."""
    own: Any = part.kind
    if type(part.layer).forward is not own.forward or "forward" in vars(part.layer):
        raise TypeError(
            f"{part.called} is a {type(part.layer).__qualname__}, whose forward is not that of torch.nn.{part.name}; "
            "accepted: layers with the forward of PyTorch's own layers"
        )
