"""Named samples: what a sample is made of, and how to find one by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import index as as_index
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from convviz.faults import shown

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A named array: what it does or shows, and how it is made. Each call makes a new array.

    Parameters
    ----------
    name : str
        The name by which users ask for it.
    says : str
        One line about what it does or shows.
    make : callable
        Makes the array. For a signal, it takes the number of samples.
    title : str
        Its name in the lessons; empty if they do not offer it.
    """

    name: str
    says: str
    make: Callable[..., Array]
    title: str = ""

    def __call__(self) -> Array:
        """Make the array."""
        return self.make()


def by_name(*samples: Sample) -> Mapping[str, Sample]:
    """Put samples in a mapping that nobody can change."""
    return MappingProxyType({sample.name: sample for sample in samples})


def by_title(samples: Mapping[str, Sample]) -> Mapping[str, Sample]:
    """Pick the samples that the lessons offer, by their names in the lessons."""
    return MappingProxyType({sample.title: sample for sample in samples.values() if sample.title})


def find(name: str, among: Mapping[str, Sample]) -> Sample:
    """Find a sample by its name, or raise a `ValueError` that lists all names."""
    if not isinstance(name, str) or name not in among:
        raise ValueError(f"name is {shown(name)}; accepted: {', '.join(map(repr, among))}")
    return among[name]


def as_count(name: str, value: Any, most: int | None = None) -> int:
    """Return an argument as an integer, checked to be from 1 to ``most``."""
    accepted = f"accepted: an integer from 1 {f'to {most}' if most else 'on'}"
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        count = as_index(value)
    except TypeError:
        raise TypeError(f"{name} is {shown(value)} ({type(value).__name__}); {accepted}") from None
    if count < 1 or (most and count > most):
        raise ValueError(f"{name} is {shown(count)}; {accepted}")
    return count
