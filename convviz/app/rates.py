"""How much somebody may send: a sudden rush is taken, a flood is not."""

import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

Clock = Callable[[], float]
"""Returns seconds."""


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

    def __init__(self, most: float, each_second: float, *, clock: Clock = time.monotonic) -> None:
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


class Window:
    """What was asked and is not answered yet: more waits for its turn, so that answers do not pile up.

    Parameters
    ----------
    send : callable
        Hands on what may be asked.
    most : int
        How many questions may be unanswered at a time.
    patience_s : float
        After so many seconds without an answer, all are taken as answered: an answer may have been lost.

    Examples
    --------
    >>> asked = []
    >>> window = Window(asked.append, most=2)
    >>> for number in range(4):
    ...     window.ask(str(number), number)
    >>> asked
    [0, 1]
    >>> window.answered("0"), window.answered("another one")
    (None, None)
    >>> asked
    [0, 1, 2]
    """

    def __init__(
        self, send: Callable[[Any], None], *, most: int = 16, patience_s: float = 1, clock: Clock = time.monotonic
    ) -> None:
        self._send, self._most, self._patience_s, self._clock = send, most, patience_s, clock
        self._open: Counter[str] = Counter()
        self._waiting: deque[tuple[str, Any]] = deque()
        self._heard = clock()

    def ask(self, name: str, question: Any) -> None:
        """Ask something now, or when it is its turn."""
        self._waiting.append((name, question))
        self.go_on()

    def answered(self, name: str) -> None:
        """Note that something was answered."""
        if self._open[name] > 0:
            self._open[name] -= 1
        self._open += Counter()  # without those that are answered
        self._heard = self._clock()
        self.go_on()

    def go_on(self) -> None:
        """Ask what waits, as far as there is room; to be called now and then."""
        if self._clock() - self._heard > self._patience_s:
            self._open.clear()
        while self._waiting and self._open.total() < self._most:
            name, question = self._waiting.popleft()
            if not self._open:
                self._heard = self._clock()
            self._open[name] += 1
            self._send(question)
