"""Gradient descent on a kernel: from random numbers to the kernel that turns an input into a target."""

from dataclasses import dataclass, replace
from math import ceil, log
from typing import Any, SupportsIndex

import numpy as np

from convviz.faults import counted
from convviz.numerals import numeral
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.convolution.correlate import Mode, WindowTrace, convolve, correlate
from convviz.operations.learning.learning_run import LearningRun
from convviz.operations.learning.squared_error import SquaredError
from convviz.terms import Coordinate, Terms
from convviz.trace import Array, Step

_SHARE_LEFT = 1e-5
"""Learning stops when the distance to the best kernel, along each axis, is this fraction of the first distance."""
_MOST_UPDATES = 100_000
"""Learning stops after this number of updates, unless it is told to make more."""
_MOST_KEPT, _MOST_NUMBERS = 10_001, 1 << 24
"""The largest number of kernels that are kept, and of their weights: an eighth of a gibibyte."""
_NEVER = 1 << 62
_UNSEEN = 1e-12
"""An axis whose curvature is below this fraction of the largest is ignored: the loss does not depend on it."""


@dataclass(frozen=True, eq=False, slots=True)
class LearningStep(Step):
    """The state of learning after some updates.

    Parameters
    ----------
    updates : int
        The number of updates so far. It is ``index``, unless there are so many that only some are kept.
    stopped : bool
        Whether learning stops here although the kernel has not arrived: the largest number of updates is reached.
    kernel : ndarray
        The kernel after these updates.
    gradient : ndarray, shape of ``kernel``
        The derivative of the loss with respect to each weight. The next kernel is ``kernel - rate * gradient``.
    rate : float
        The learning rate.
    """

    updates: int
    stopped: bool
    kernel: Array
    gradient: Array
    rate: float

    @property
    def loss(self) -> Any:
        """The mean squared error, which is the step's ``value``."""
        return self.value

    def describe(self) -> str:
        """Describe in one plain sentence the state of learning.

        Examples
        --------
        >>> from convviz.operations.learning.learn_kernel import learn_kernel
        >>> learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=0.125)[0].describe()
        'Before any update the mean squared error is 2; the next update changes each weight by up to 0.5.'
        """
        done = f"After {counted(self.updates, 'update')}" if self.updates else "Before any update"
        if self.stopped:
            done += ", where learning stops although it has not arrived,"
        loss, move = numeral(self.value), numeral(self.rate * float(np.abs(self.gradient).max()))
        changes = "would change" if self.stopped else "changes"
        return f"{done} the mean squared error is {loss}; the next update {changes} each weight by up to {move}."


class LearningTrace(LearningRun[LearningStep]):
    """A run of gradient descent; made by `learn_kernel`. ``output`` holds the loss before any update and after each.

    Of more than 10 000 updates only some are kept, at equal distances; ``updates`` has their numbers.
    """

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
        x, target = x.astype(np.float64), target.astype(np.float64)
        self._flip, self._mode, self._shape, self._start = flip, mode, start.shape, start
        layer = correlate(x, np.zeros(start.shape), mode)
        self._geometry = layer.geometry
        self._error = SquaredError(layer.padded, target, layer.geometry)
        rate, enough = _plan(self._error.curvatures(), rate)
        count = min(enough, _MOST_UPDATES) if steps is None else steps
        self._arrived, self._stopped = count >= enough, steps is None and count < enough
        kept = min(count + 1, _MOST_KEPT, max(2, _MOST_NUMBERS // start.size))
        self._updates = np.unique(np.linspace(0, count, kept).round().astype(np.int64))
        self._applied = self._descended(self._flipped(start).reshape(-1), rate)
        for array in (self._start, self._applied, self._updates):
            array.setflags(write=False)
        super().__init__(x, target, rate, self._error.of(self._applied))

    @property
    def flip(self) -> bool:
        """Whether the layer flips its kernel, as a convolution does."""
        return self._flip

    @property
    def mode(self) -> Mode:
        """Which windows are used: 'valid', 'same' or 'full'."""
        return self._mode

    @property
    def start(self) -> Array:
        """The kernel before any update."""
        return self._start

    @property
    def twin(self) -> "LearningTrace":
        """The same run in a layer that flips its kernel if this one does not, and the other way round.

        It starts with the flipped kernel, so that it makes the same output from the first step to the last.
        """
        options: dict[str, Any] = {"rate": self._rate, "steps": int(self._updates[-1]), "mode": self._mode}
        return LearningTrace(self._x, self._target, np.flip(self._start), flip=not self._flip, **options)

    @property
    def terms(self) -> Terms:
        """The layer in index notation: see `sliding_window`. A step is an update, to which all cells belong.

        The operands are ``x`` and ``target``; the view of the target is that of the output.

        Examples
        --------
        >>> from convviz.operations.learning.learn_kernel import learn_kernel
        >>> terms = learn_kernel([2, 0, 1, 3], [2, 1, 1], steps=5).terms
        >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 1), step=3)
        [Block(slices=(0,), rows=(0,), columns=(1, 2))]
        >>> terms.cell_of("target", terms.views["output"], (0, 0, 1), step=3)
        (1,)
        """
        terms = sliding_window(self._geometry, flip=self._flip, bare=True)
        update = Coordinate(size=len(self), of={"n": 1})
        return replace(
            terms,
            indices={**terms.indices, "n": len(self)},
            operands={"x": terms.operands["x"], "target": terms.step[1:]},
            step=(update,),
        )

    @property
    def updates(self) -> Array:
        """The number of updates that were made before each step, from 0 on."""
        return self._updates

    @property
    def arrived(self) -> bool:
        """Whether enough updates were made to come as near to the best kernel as `learn_kernel` says."""
        return self._arrived

    def describe(self) -> str:
        """Describe in one plain sentence how far learning has come.

        Examples
        --------
        >>> from convviz.operations.learning.learn_kernel import learn_kernel
        >>> learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=0.125).describe()
        'The kernel has arrived after 17 updates: the mean squared error went from 2 to ≈1.16e-10.'
        """
        first, last = (numeral(self._output[at]) for at in (0, -1))
        made = counted(int(self._updates[-1]), "update")
        if self._arrived:
            done = f"The kernel has arrived after {made}"
        elif self._stopped:
            done = f"The kernel has not arrived after {made}, the most that are made unless steps is given"
        else:
            done = f"The kernel has not arrived after {made}"
        return f"{done}: the mean squared error went from {first} to {last}."

    @property
    def kernel(self) -> Array:
        """The kernel after the last update."""
        return self._kernel(len(self) - 1)

    def layer(self, index: SupportsIndex = -1) -> WindowTrace:
        """Run the layer with the kernel of one step. Its ``output`` is compared with the target.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.
        """
        return (convolve if self._flip else correlate)(self._x, self._kernel(self._number(index)), self._mode)

    def _step(self, index: int) -> LearningStep:
        gradient = self._flipped(self._error.gradient(self._applied[index]).reshape(self._shape))
        gradient.setflags(write=False)
        updates, stopped = int(self._updates[index]), self._stopped and index == len(self) - 1
        kernel, value = self._kernel(index), self._output[index]
        return LearningStep(index, (index,), value, updates, stopped, kernel, gradient, self._rate)

    def _descended(self, kernel: Array, rate: float) -> Array:
        """Make all updates of a kernel, and return those kernels that are kept."""
        kept = np.empty((len(self._updates), kernel.size))
        made = 0
        for number, updates in enumerate(self._updates.tolist()):
            for _ in range(updates - made):
                kernel = kernel - rate * self._error.gradient(kernel)
            kept[number], made = kernel, updates
        return kept

    def _kernel(self, index: int) -> Array:
        return self._flipped(self._applied[index].reshape(self._shape))

    def _flipped(self, kernel: Array) -> Array:
        """Turn a kernel as given into the kernel as applied, or back: flip it if ``flip``."""
        return np.ascontiguousarray(np.flip(kernel)) if self._flip else kernel


def _plan(curvatures: Array, rate: float | None) -> tuple[float, int]:
    """Choose a rate at which gradient descent converges, and the number of updates that are enough."""
    steepest = float(curvatures[0])
    if not steepest > np.finfo(np.float64).tiny:
        raise ValueError("x is all zeros, or too close to zero to learn from; accepted: an input with other numbers")
    if rate is not None and rate >= 2 / steepest:
        raise ValueError(
            f"rate is {rate}, at which each update overshoots and learning diverges; accepted for this x: above 0 and "
            f"below {2 / steepest:.4g} (2 / the loss's largest curvature), or None for half of that"
        )
    rate = 1 / steepest if rate is None else rate
    slowest = float(np.abs(1 - rate * curvatures[curvatures > _UNSEEN * steepest]).max())
    return rate, _enough(slowest)


def _enough(slowest: float) -> int:
    """Return the number of updates after which enough of a distance is left behind that shrinks by this factor."""
    if not 0 < slowest < 1:
        return 1 if slowest < 1 else _NEVER
    return max(1, ceil(log(_SHARE_LEFT) / log(slowest)))
