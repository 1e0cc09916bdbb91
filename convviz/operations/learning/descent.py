"""Learning a kernel by gradient descent: from random numbers to those that turn an input into a target."""

from dataclasses import dataclass
from math import ceil, log
from typing import Any, SupportsIndex

import numpy as np

from convviz.numerals import numeral
from convviz.operations.convolution.correlate import Mode, WindowTrace, convolve, correlate
from convviz.operations.learning.squared_error import SquaredError
from convviz.trace import Array, Step, Trace

_SHARE_LEFT = 1e-5
"""Of how far the kernel began from where it ends, so much may be left along each axis when learning stops by itself."""
_MOST_STEPS = 100_000
"""It stops after so many updates in any case."""
_MOST_NUMBERS = 1 << 26
"""So many weights are kept at most, over all steps: half a gibibyte."""
_UNSEEN = 1e-12
"""Along an axis with less curvature than this share of the largest, the input says nothing about the kernel."""


@dataclass(frozen=True, eq=False, slots=True)
class LearningStep(Step):
    """Where learning stands after ``index`` updates.

    Parameters
    ----------
    kernel : ndarray
        The kernel so far.
    gradient : ndarray, shape of ``kernel``
        How the loss changes with each weight. The next kernel is ``kernel - rate * gradient``.
    rate : float
        The learning rate.
    """

    kernel: Array
    gradient: Array
    rate: float

    @property
    def loss(self) -> Any:
        """The mean squared error, which is the step's ``value``."""
        return self.value

    def describe(self) -> str:
        """Say in one plain sentence how far learning has come.

        Examples
        --------
        >>> from convviz.operations.learning.learn_kernel import learn_kernel
        >>> learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=0.125)[0].describe()
        'Before any update the mean squared error is 2; the next one moves each weight by up to 0.5.'
        """
        done = f"After {self.index} update{'s' if self.index > 1 else ''}" if self.index else "Before any update"
        loss, move = numeral(self.value), numeral(self.rate * float(np.abs(self.gradient).max()))
        return f"{done} the mean squared error is {loss}; the next one moves each weight by up to {move}."


class LearningTrace(Trace[LearningStep]):
    """A run of gradient descent; made by `learn_kernel`. ``output`` is the loss, before any update and after each."""

    def __init__(
        self,
        x: Array,
        target: Array,
        start: Array,
        *,
        rate: float | None,
        steps: int | None,
        flip: bool,
        mode: Mode,
    ) -> None:
        self._x, self._target, self._flip, self._mode = x.astype(np.float64), target.astype(np.float64), flip, mode
        self._shape = start.shape
        layer = correlate(self._x, np.zeros(start.shape), mode)
        self._error = SquaredError(layer.padded, self._target, layer.geometry)
        self._rate, count = _plan(self._error.curvatures(), rate, steps, start.size)
        self._laid = np.empty((count + 1, start.size))
        self._laid[0] = self._turned(start).reshape(-1)
        for number in range(count):
            self._laid[number + 1] = self._laid[number] - self._rate * self._error.gradient(self._laid[number])
        for array in (self._x, self._target, self._laid):
            array.setflags(write=False)
        super().__init__(self._error.of(self._laid))

    @property
    def x(self) -> Array:
        """The input, as float64."""
        return self._x

    @property
    def target(self) -> Array:
        """What the output should become, as float64."""
        return self._target

    @property
    def rate(self) -> float:
        """The learning rate."""
        return self._rate

    @property
    def flip(self) -> bool:
        """Whether the layer turns its kernel by 180°, as a convolution does."""
        return self._flip

    @property
    def mode(self) -> Mode:
        """Which windows count."""
        return self._mode

    @property
    def kernel(self) -> Array:
        """The kernel at the end."""
        return self._kernel(len(self) - 1)

    def layer(self, index: SupportsIndex = -1) -> WindowTrace:
        """Run the layer with the kernel of one step: its ``output`` is what the target is compared with.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.
        """
        return (convolve if self._flip else correlate)(self._x, self[index].kernel, self._mode)

    def _step(self, index: int) -> LearningStep:
        gradient = self._turned(self._error.gradient(self._laid[index]).reshape(self._shape))
        gradient.setflags(write=False)
        return LearningStep(index, (index,), self._output[index], self._kernel(index), gradient, self._rate)

    def _kernel(self, index: int) -> Array:
        return self._turned(self._laid[index].reshape(self._shape))

    def _turned(self, kernel: Array) -> Array:
        """Turn a kernel as given into the kernel as laid, or back."""
        return np.flip(kernel) if self._flip else kernel


def _plan(curvatures: Array, rate: float | None, steps: int | None, weights: int) -> tuple[float, int]:
    """Choose a rate at which descent converges, and how many updates to make."""
    steepest = float(curvatures[0])
    if not steepest > np.finfo(np.float64).tiny:
        raise ValueError("x is all zeros, or too close to it to learn from; accepted: an input that holds something")
    if rate is not None and rate >= 2 / steepest:
        raise ValueError(
            f"rate is {rate}, at which each update overshoots and learning diverges; accepted for this x: above 0 and "
            f"below {2 / steepest:.4g} (2 / the loss's largest curvature), or None for half of that"
        )
    rate = 1 / steepest if rate is None else rate
    if steps is None:
        slowest = float(np.abs(1 - rate * curvatures[curvatures > _UNSEEN * steepest]).max())
        enough = ceil(log(_SHARE_LEFT) / log(slowest)) if 0 < slowest < 1 else 1
        return rate, max(1, min(enough, _MOST_STEPS, _MOST_NUMBERS // weights - 1))
    if (steps + 1) * weights > _MOST_NUMBERS:
        most = _MOST_NUMBERS // weights - 1
        raise ValueError(
            f"steps is {steps}, which with {weights} weights would keep {(steps + 1) * weights} numbers, over half a "
            f"gibibyte; accepted: up to {most}"
        )
    return rate, steps
