"""Step and Trace: the contract that operations, pictures and the player share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import prod
from operator import index as as_index
from typing import Any, SupportsIndex, TypeVar, overload

import numpy as np
import numpy.typing as npt

from convviz.faults import shown

Array = npt.NDArray[Any]
_MOST_AXES = 64
"""More than any array has."""
StepT_co = TypeVar("StepT_co", bound="Step", covariant=True)


@dataclass(frozen=True, eq=False, slots=True)
class Step(ABC):
    """How one cell of the output is computed; each operation adds the parts that explain it.

    Parameters
    ----------
    index : int
        The number of this step, from 0.
    position : tuple of int
        The output cell that this step fills, rows before columns. In a trace whose steps run through something else,
        such as the input, it is a cell there.
    value : numpy scalar
        The number in that cell. Where steps fill the output, it is ``trace.output[position]``.
    """

    index: int
    position: tuple[int, ...]
    value: Any

    @abstractmethod
    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        compared = (f.name for f in fields(self) if f.compare)
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in compared)

    def __hash__(self) -> int:
        return hash((type(self), self.index, self.position))


class Trace(Sequence[StepT_co], ABC):
    """A whole run of an operation: its output and all of its steps. A step is made when it is asked for.

    A trace is a sequence: ``len(trace)``, ``trace[3]``, ``trace[-1]``, ``trace[2:5]`` (lazy as well) and
    ``for step in trace``. Steps fill the output cell by cell, the last axis fastest. Arrays are read-only.

    Parameters
    ----------
    output : ndarray
        The complete result.
    steps : int or tuple of int, optional
        Only for a trace whose steps do not fill one output cell each, but add to many: the number of steps, or the
        shape of the array that they run through, the last axis fastest. Such a trace has its own `partial`.
    """

    def __init__(self, output: Array, steps: int | tuple[int, ...] | None = None) -> None:
        output.setflags(write=False)
        self._output = output
        self._steps = output.shape if steps is None else (steps,) if isinstance(steps, int) else steps
        self._count = prod(self._steps)

    @property
    def output(self) -> Array:
        """The complete result, read-only."""
        return self._output

    @abstractmethod
    def _step(self, index: int) -> StepT_co:
        """Make step ``index``, which is within range."""

    def __len__(self) -> int:
        return self._count

    def _number(self, index: SupportsIndex) -> int:
        """Return the number of a step, counted from the start."""
        return _within(index, len(self))

    @overload
    def __getitem__(self, key: SupportsIndex) -> StepT_co: ...
    @overload
    def __getitem__(self, key: slice) -> "Sequence[StepT_co]": ...
    def __getitem__(self, key: SupportsIndex | slice) -> "StepT_co | Sequence[StepT_co]":
        if isinstance(key, slice):
            return _Excerpt(self, _sliced(range(len(self)), key))
        return self._step(_within(key, len(self)))

    def partial(self, index: SupportsIndex) -> "np.ma.MaskedArray[Any, Any]":
        """Return the output as far as it is known after step ``index``; cells still to come are masked.

        Where each step adds to many cells, this is the running total; cells that no step has reached are masked.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.

        Returns
        -------
        numpy.ma.MaskedArray
            Shape and dtype of ``output``.
        """
        unknown = np.ones(self._output.shape, dtype=bool)
        unknown.reshape(-1)[: _within(index, len(self)) + 1] = False
        return np.ma.masked_array(self._output, mask=unknown)

    def index_of(self, position: Sequence[SupportsIndex] | Array | SupportsIndex) -> int:
        """Return the number of the step at ``position``: in most traces, the step that fills that output cell.

        Parameters
        ----------
        position : tuple of int
            One number for each axis, rows before columns, from 0. In 1D a bare number is enough.

        Raises
        ------
        IndexError
            If there is no such cell.
        TypeError
            If a number is not an integer.
        """
        shape = self._steps
        numbers = position if isinstance(position, Sequence | np.ndarray) else (position,)
        try:
            at = tuple(map(as_index, numbers if len(numbers) <= _MOST_AXES else numbers[:_MOST_AXES]))
        except TypeError:
            accepted = f"accepted: integers, one for each axis of {shape}"
            raise TypeError(f"position is {shown(position)} ({type(position).__name__}); {accepted}") from None
        if len(at) != len(shape) or not all(0 <= i < n for i, n in zip(at, shape, strict=True)):
            cells = "the output" if shape == self._output.shape else "what the steps run through"
            accepted = "accepted: a cell within it, counted from 0"
            raise IndexError(f"position={shown(at)} is not a cell of {cells}, whose shape is {shape}; {accepted}")
        index = 0
        for i, n in zip(at, shape, strict=True):
            index = index * n + i
        return index

    def _position(self, index: int) -> tuple[int, ...]:
        position: list[int] = []
        for n in reversed(self._steps):
            index, i = divmod(index, n)
            position.append(i)
        return tuple(reversed(position))


class _Excerpt(Sequence[StepT_co]):
    """Some of a trace's steps. As in the trace itself, a step is made when it is asked for."""

    def __init__(self, trace: Trace[StepT_co], indices: range) -> None:
        self._trace = trace
        self._indices = indices

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, key: SupportsIndex) -> StepT_co: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[StepT_co]: ...
    def __getitem__(self, key: SupportsIndex | slice) -> StepT_co | Sequence[StepT_co]:
        if isinstance(key, slice):
            return _Excerpt(self._trace, _sliced(self._indices, key))
        return self._trace[self._indices[_within(key, len(self))]]


def _within(index: SupportsIndex, steps: int) -> int:
    try:
        i = as_index(index)
    except TypeError:
        accepted = "accepted: an integer, or a slice of integers"
        raise TypeError(f"index is {shown(index)} ({type(index).__name__}); {accepted}") from None
    if not -steps <= i < steps:
        accepted = f"0 to {steps - 1}, or -1 to {-steps} from the end" if steps else "none"
        raise IndexError(f"index={shown(i)}, but there are {steps} steps; accepted: {accepted}")
    return i % steps


def _sliced(indices: range, key: slice) -> range:
    try:
        return indices[key]
    except (TypeError, ValueError) as error:
        raise type(error)(f"index is {shown(key)}; accepted: a slice of integers, whose step is not 0") from None
