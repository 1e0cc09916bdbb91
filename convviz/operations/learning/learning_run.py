"""What the traces of gradient descent share: an input, a target and a learning rate."""

from typing import TypeVar

from convviz.trace import Array, Step, Trace

StepT_co = TypeVar("StepT_co", bound=Step, covariant=True)


class LearningRun(Trace[StepT_co]):
    """A run of gradient descent towards a target. Its ``output`` holds the losses, one for each step.

    Parameters
    ----------
    x, target : ndarray of float64
        The input, and the output to be made from it.
    rate : float
        The learning rate.
    losses : ndarray
        The loss at each step.
    """

    def __init__(self, x: Array, target: Array, rate: float, losses: Array) -> None:
        self._x, self._target, self._rate = x, target, rate
        for array in (x, target):
            array.setflags(write=False)
        super().__init__(losses)

    @property
    def x(self) -> Array:
        """The input, as float64."""
        return self._x

    @property
    def target(self) -> Array:
        """The output that is to be learned, as float64."""
        return self._target

    @property
    def rate(self) -> float:
        """The learning rate."""
        return self._rate
