"""An input and the output that a kernel should learn to make of it: the state of lesson 09."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz import samples
from convviz.lessons.states.state import Samples, State
from convviz.operations.convolution.correlate import correlate
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.learn_kernel import learn_kernel
from convviz.trace import Array

MOST_UPDATES = 200
_CONSTANT = 0.5
_TINY = 1e-9
"""What the rounding of floats may have added or taken away."""
STARTS = ("zeros", "constant", "normal", "xavier", "he")
_PACES: Mapping[str, tuple[float, Callable[[float], int]]] = MappingProxyType(
    {"slow": (0.1, floor), "medium": (1.0, floor), "fast": (1.9, floor), "too fast": (2.1, ceil)}
)
"""Each pace as a multiple of the rate that goes straight to the minimum along the steepest axis; how to round it."""
_MAKERS = ("sobel_x", "sobel_y", "laplacian", "box_blur", "corner")
_INPUTS = ("stars", "impulse", "landscape", "step_edge")


@dataclass(frozen=True, eq=False, kw_only=True)
class Learned(State):
    """Pictures before and after, and how a kernel is learned from them.

    Parameters
    ----------
    x, target : ndarray, shape (columns,) or (rows, columns)
        The input, and the output that the kernel should make of it.
    start : str
        How the first weights are drawn: 'zeros', 'constant', 'normal', 'xavier' or 'he'.
    seed : int
        Another one draws other random numbers.
    pace : str
        'slow', 'medium', 'fast' or 'too fast': how the learning rate is chosen for this input.
    updates : int
        How many.

    Raises
    ------
    ValueError
        If one of them is something else.

    Examples
    --------
    >>> state = Learned(x=np.array([2, 0, 0, 1]), target=np.array([4, 0, 1]), updates=50)
    >>> state.rate, state.trace().kernel.round(3)
    (0.3, array([2., 1.]))
    """

    x: Array
    target: Array
    start: str = "zeros"
    seed: int = 0
    pace: str = "medium"
    updates: int = 12

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType(
        {"x": {samples.NAMED_PICTURES[name].title or "A few stars": samples.NAMED_PICTURES[name] for name in _INPUTS}}
    )
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (1, 2), "target": (1, 2)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (16, 16), "target": (16, 16)})
    makers: ClassVar[tuple[tuple[str, str], ...]] = tuple(
        (name, samples.NAMED_KERNELS[name].title or name.replace("_y", ", top to bottom").capitalize())
        for name in _MAKERS
    )
    """The kernels that can make the target, and their titles."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, values in (("start", STARTS), ("pace", tuple(_PACES))):
            if getattr(self, name) not in values:
                raise ValueError(f"{name} is {getattr(self, name)!r:.40}; accepted: {', '.join(values)}")
        if not 1 <= self.updates <= MOST_UPDATES:
            raise ValueError(f"updates is {self.updates}; accepted: 1 to {MOST_UPDATES}")

    @property
    def rate(self) -> float:
        """The learning rate."""
        return self.rate_of(self.pace)

    def rate_of(self, pace: str) -> float:
        """Return the learning rate of a pace, a number of one digit."""
        share, rounded = _PACES[pace]
        wanted = share * self._straight
        unit = 10.0 ** floor(log10(wanted))
        digit = rounded(wanted / unit + (-_TINY if rounded is ceil else _TINY))
        return float(f"{digit * unit:.1g}")

    @property
    def _straight(self) -> float:
        """The rate that goes straight to the minimum along the steepest axis; at twice that rate, learning diverges."""
        return learn_kernel(self.x, self.target, steps=0).rate

    def rates(self) -> Iterable[tuple[str, str]]:
        """List the paces and their rates."""
        return [(pace, f"{self.rate_of(pace):g}") for pace in _PACES]

    @property
    def maker(self) -> str | None:
        """The name of the kernel that makes the target of the input; None if it is none of those that are offered."""
        return next((name for name, _ in self.makers if _is(self._made_by(name), self.target)), None)

    def with_maker(self, name: str) -> "Learned":
        """Take what a kernel makes of the input for the target."""
        return replace(self, target=correlate(self.x, samples.kernel(name)).output)

    def with_x(self, x: Array) -> "Learned":
        """Take another input; where the target is what a kernel makes of it, so is the new one."""
        maker, changed = self.maker, replace(self, x=x)
        return changed.with_maker(maker) if maker else changed

    def trace(self) -> LearningTrace:
        """Learn the kernel, in a layer that does not flip it.

        Raises
        ------
        ValueError
            If the shapes do not fit, the input is all zeros, or learning diverges.
        """
        limit = 2 * self._straight
        if self.rate >= limit:
            why = "each update overshoots, and learning diverges"
            raise ValueError(f"at a learning rate of {self.rate:g} {why}; accepted for this input: below {limit:.3g}")
        start: Any = self.start
        if start == "constant":
            shape = [n - m + 1 for n, m in zip(self.x.shape, self.target.shape, strict=True)]
            start = np.full([max(1, side) for side in shape], _CONSTANT)
        options: dict[str, Any] = {"seed": self.seed, "rate": self.rate, "steps": self.updates}
        return learn_kernel(self.x, self.target, start=start, **options)

    def _made_by(self, name: str) -> Array | None:
        kernel = samples.kernel(name)
        fits = kernel.ndim == self.x.ndim and all(k <= n for k, n in zip(kernel.shape, self.x.shape, strict=True))
        return correlate(self.x, kernel).output if fits else None


def _is(made: Array | None, target: Array) -> bool:
    return made is not None and np.array_equal(made, target)
