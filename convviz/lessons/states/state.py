"""The one state of a lesson: inputs, kernels, parameters and the step, frozen and valid."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np

from convviz import samples
from convviz.trace import Array

Samples = Mapping[str, samples.Sample]
"""Ready-made arrays by title: calling one makes it."""


def one_channel() -> Samples:
    """Return the small inputs as pictures of one channel."""
    pictures = {title: sample for title, sample in samples.INPUTS.items() if sample().ndim == 2}
    return MappingProxyType(
        {title: replace(sample, make=lambda make=sample.make: make()[None]) for title, sample in pictures.items()}
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class State:
    """What a lesson shows. Subclasses add fields, and raise a ValueError where fields do not go together.

    Arrays that a picture edits are fields with the name of their operand: ``x``, ``w``, ``bias``.

    Parameters
    ----------
    step : int
        The step on the screen.
    """

    step: int = 0

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({})
    """For a field, the arrays that a learner may pick."""
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({})
    """For a field that holds an array, how many dimensions it may have."""
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({})
    """For a field that holds an array, the most cells along each of its axes, the last axis last."""
    has_steps: ClassVar[bool] = True
    """Whether an address holds its step; else it leaves the step to another lesson of the page."""

    def __post_init__(self) -> None:
        for name, most in self.sides.items():
            array = getattr(self, name)
            array.setflags(write=False)
            for size, limit in zip(array.shape, most[-array.ndim :], strict=True):
                if size > limit:
                    raise ValueError(f"{name} has shape {array.shape}; accepted: up to {limit} cells along that axis")

    def check_ranges(
        self, ranges: Mapping[str, tuple[int, int]], names: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ) -> None:
        """Check that fields with a number are in their range, and that those with a name have one of theirs.

        Raises
        ------
        ValueError
            Names the field, its value and what is accepted.
        """
        for field, (least, most) in ranges.items():
            if not least <= getattr(self, field) <= most:
                raise ValueError(f"{field} is {getattr(self, field)}; accepted: {least} to {most}")
        for field, accepted in names.items():
            if getattr(self, field) not in accepted:
                raise ValueError(f"{field} is {getattr(self, field)!r:.40}; accepted: {', '.join(accepted)}")

    def with_field(self, field: str, value: Any) -> Self:
        """Return the state with another value of one field, and what follows from it.

        A method ``with_<field>`` does it where other fields must follow.
        """
        change = getattr(self, f"with_{field}", None)
        changed: Self = change(value) if change else replace(self, **{field: value})
        return changed

    def size_of(self, field: str, axis: int) -> int:
        """Return how many cells an array has along an axis."""
        return int(getattr(self, field).shape[axis])

    def same_as(self, other: "State") -> bool:
        """Whether both hold the same numbers; the step does not count."""
        return type(self) is type(other) and all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
            if field.name != "step" and not field.name.startswith("_")
        )

    @classmethod
    def made_up(cls, field: str, shape: tuple[int, ...]) -> Array | None:
        """Return an array that a field is likely to resemble, if there is one: then an address is short."""
        return None

    def name_of(self, field: str) -> str:
        """Return the title of the ready-made array that a field holds; empty where it holds another one."""
        values = getattr(self, field)
        ready = self.ready_made.get(field, {})
        return next((title for title, make in ready.items() if np.array_equal(make(), values)), "")
