"""A learner's own input and kernel, and any operation on them: the state of lesson 11."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self, get_args

import numpy as np

from convviz import samples
from convviz.lessons.states.fitting import numbers_for
from convviz.lessons.states.operations import OPERATIONS, Operation
from convviz.lessons.states.state import Samples, State
from convviz.operations.convolution.correlate import Mode
from convviz.operations.matching.metrics import Metric
from convviz.trace import Array, Trace

MOST_SIDE, MOST_CHANNELS, MOST_KERNEL, MOST_FILTERS = 64, 16, 16, 16
_MOST_INPUTS = MOST_SIDE**2
_LIMITS = {"stride": (1, 4), "padding": (0, 3), "dilation": (1, 3), "output_padding": (0, 2), "size": (1, 4)}
_NAMES = {
    "mode": get_args(Mode),
    "metric": get_args(Metric),
    "kind": ("max", "mean"),
    "operation": tuple(OPERATIONS),
}
_ACTIVATIONS = (None, "relu", "sigmoid", "tanh")
_ALIASES = {"image": "x", "template": "w", "h": "w"}
"""What operations call the input and the kernel."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Own(State):
    """An input, a kernel and an operation. The operation takes of both what it can use; what was given is remembered.

    Parameters
    ----------
    operation : str
        The name of the operation, one of `OPERATIONS`.
    x : ndarray, shape (columns,), (rows, columns) or (channels, rows, columns)
        The input.
    w : ndarray, of 1 to 4 axes
        The kernel, or filters.
    bias : ndarray, shape (filters,)
        A number for each filter or neuron.
    mode, stride, padding, dilation, activation, output_padding, size, kind, metric
        As for the operations. One that an operation does not use changes nothing.

    Raises
    ------
    ValueError
        If a field is out of its range, an array is too large, or they do not go together.

    Examples
    --------
    >>> own = Own(x=np.arange(25).reshape(5, 5), w=np.ones((3, 3), int))
    >>> own.with_field("operation", "dense").w.shape, own.with_field("operation", "echoes").x
    ((3, 25), array([0, 1, 2, 3, 4]))
    >>> own.with_field("operation", "echoes").with_field("operation", "correlate").x.shape
    (5, 5)
    """

    operation: str = "correlate"
    x: Array
    w: Array
    bias: Array = field(default_factory=lambda: np.zeros(1, np.int64))
    mode: Mode = "valid"
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    output_padding: int = 0
    size: int = 2
    kind: str = "max"
    activation: str | None = None
    metric: Metric = "ssd"
    _given: tuple[Array, Array] | None = None
    """The input and the kernel before the operation took of them what it can use."""

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({"x": samples.INPUTS, "w": samples.KERNELS})
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (1, 2, 3), "w": (1, 2, 3, 4), "bias": (1,)}
    )
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {
            "x": (MOST_CHANNELS, MOST_SIDE, _MOST_INPUTS),
            "w": (MOST_FILTERS, MOST_CHANNELS, MOST_FILTERS, _MOST_INPUTS),
            "bias": (MOST_FILTERS,),
        }
    )

    def __post_init__(self) -> None:
        self.check_ranges(_LIMITS, _NAMES)
        if self.activation not in _ACTIVATIONS:
            raise ValueError(f"activation is {self.activation!r:.40}; accepted: none, relu, sigmoid, tanh")
        given = self.x, self.w
        _check_sizes(*given, self.operation)
        x = self._takes.x(self.x).array
        w = self._takes.w(self.w, x).array
        bias = numbers_for(self.bias, len(w)) if self.uses("bias") else self.bias
        for name, value in {"x": x, "w": w, "bias": bias, "_given": given}.items():
            object.__setattr__(self, name, value)
        super().__post_init__()
        self.trace()

    @property
    def _takes(self) -> Operation:
        return OPERATIONS[self.operation]

    @property
    def image(self) -> Array:
        """The input, as a search calls it."""
        return self.x

    @property
    def template(self) -> Array:
        """The kernel, as a search calls it."""
        return self.w

    @property
    def h(self) -> Array:
        """The kernel, as echoes call it: the response."""
        return self.w

    @property
    def given(self) -> tuple[Array, Array]:
        """The input and the kernel as the learner gave them."""
        return self._given or (self.x, self.w)

    def uses(self, name: str) -> bool:
        """Whether the operation uses a field."""
        arrays = {"x": True, "w": self._takes.has_kernel, "bias": self._takes.has_bias}
        return arrays.get(name, name in self._takes.options)

    def taken(self) -> tuple[str, str]:
        """Return what was done to the input and to the kernel, in a few words each; empty if nothing."""
        return self._takes.x(self.given[0]).said, self._takes.w(self.given[1], self.x).said

    def with_field(self, name: str, value: Any) -> Self:
        """Return the state with another value of a field; options that no longer fit return to what they were at first.

        Raises
        ------
        ValueError
            If it does not fit with any.
        """
        if name == "step":
            return self._at(value)
        x, w = self.given
        changed = {"x": x, "w": w, "_given": None, _ALIASES.get(name, name): value}
        try:
            return replace(self, **changed)
        except ValueError:
            if name in _LIMITS:
                raise
            plain = {each.name: each.default for each in fields(self) if each.name in _LIMITS}
            return replace(self, **{**plain, **changed})

    def name_of(self, field: str) -> str:
        """Return the title of the ready-made array that was given, if it was one."""
        values: Any = dict(zip("xw", self.given, strict=True)).get(field)
        ready = self.ready_made.get(field, {})
        return next((title for title, make in ready.items() if np.array_equal(make(), values)), "")

    def trace(self) -> Trace[Any]:
        """Compute the operation.

        Raises
        ------
        ValueError
            If no window fits, or a result does not fit its number type.
        """
        options = {name: getattr(self, name) for name in self._takes.options}
        return self._takes.call(self.x, self.w, self.bias, **options)

    def _at(self, step: int) -> Self:
        """Return the same at another step: nothing else has to be checked again."""
        moved = copy(self)
        object.__setattr__(moved, "step", step)
        return moved


def _check_sizes(x: Array, w: Array, operation: str) -> None:
    """Check that a picture can show an input and a kernel."""
    if not 1 <= x.ndim <= 3:
        raise ValueError(f"the input has {x.ndim} axes; accepted: a row, rows and columns, or channels of them")
    if not 1 <= w.ndim <= 4:
        raise ValueError(f"the kernel has {w.ndim} axes; accepted: 1 to 4, as filters, channels, rows and columns")
    flat = operation == "dense"
    most = {
        "input": (x, (MOST_CHANNELS, MOST_SIDE, _MOST_INPUTS if flat and x.ndim == 1 else MOST_SIDE)),
        "kernel": (w, (MOST_FILTERS, MOST_CHANNELS, MOST_KERNEL, _MOST_INPUTS if flat else MOST_KERNEL)),
    }
    for name, (array, limits) in most.items():
        for size, limit in zip(array.shape, limits[-array.ndim :], strict=True):
            if size > limit:
                shape = "×".join(map(str, array.shape))
                raise ValueError(f"the {name} is {shape}; accepted: up to {limit} along the axis of {size}")
