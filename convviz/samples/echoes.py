"""Short signals, and what becomes of a single 1 on its way to a receiver: what a sum of echoes is made of."""

from collections.abc import Callable

import numpy as np

from convviz.samples.sample import Array, Sample, by_name


def _row(*numbers: float) -> Callable[[], Array]:
    """Return a function that makes a signal of these numbers."""
    return lambda: np.array(numbers)


NAMED_SHORT_SIGNALS = by_name(
    Sample("one_to_six", "The numbers 1 to 6: no two are alike.", _row(1, 2, 3, 4, 5, 6), "1 2 3 4 5 6"),
    Sample(
        "one_to_four",
        "The numbers 1 to 4: with the response 5 6 7, easy to compute by hand.",
        _row(1, 2, 3, 4),
        "1 2 3 4",
    ),
    Sample("clap", "A single 1: what is received is the response itself.", _row(1, 0, 0, 0, 0, 0), "A single 1"),
    Sample("two_claps", "Two 1s: two copies of the response.", _row(1, 0, 0, 1, 0, 0), "Two 1s"),
    Sample("switch", "0, and 1 from some moment on.", _row(0, 0, 1, 1, 1, 1), "A step from 0 to 1"),
)
"""Signals of a few samples."""

NAMED_RESPONSES = by_name(
    Sample("four_paths", "Four paths, each longer and weaker than the last.", _row(1, 0.9, 0.8, 0.7), "Four paths"),
    Sample("five_six_seven", "The numbers 5, 6, 7: easy to compute by hand.", _row(5, 6, 7), "5 6 7"),
    Sample(
        "one_echo",
        "The signal itself, and one echo, half as strong, three samples later.",
        _row(1, 0, 0, 0.5),
        "One echo",
    ),
    Sample("delay", "Nothing but a delay by two samples.", _row(0, 0, 1), "A delay by 2"),
    Sample("mean", "The mean of the newest sample and the one before.", _row(0.5, 0.5), "Mean of two"),
    Sample("change", "The newest sample minus the one before.", _row(1, -1), "Change since the last"),
)
"""Impulse responses of a few numbers."""
