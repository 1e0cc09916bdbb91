"""How much somebody may send: a sudden rush is taken, a flood is not."""

import time
from collections.abc import Callable


class Allowance:
    """An amount that is used up, and comes back with time.

    Parameters
    ----------
    most : float
        What there is at first, and at most.
    each_second : float
        What comes back.
    clock : callable
        Returns seconds.

    Notes
    -----
    Source: "token bucket", ITU-T Recommendation I.371.

    Examples
    --------
    >>> seconds = iter([0, 0, 0, 0.5])
    >>> allowance = Allowance(2, 2, clock=lambda: next(seconds))
    >>> allowance.takes(2), allowance.takes(1), allowance.takes(1)
    (True, False, True)
    """

    def __init__(self, most: float, each_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._each_second, self._clock = most, each_second, clock
        self._left, self._then = most, clock()

    def takes(self, amount: float) -> bool:
        """Take an amount, if there is enough left; else take nothing."""
        now = self._clock()
        self._left = min(self._most, self._left + self._each_second * (now - self._then))
        self._then = now
        if amount > self._left:
            return False
        self._left -= amount
        return True
