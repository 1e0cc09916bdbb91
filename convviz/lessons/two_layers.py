"""Lesson 09, second part: two layers, whose filters must not start alike."""

from typing import Any

import numpy as np

from convviz.lessons.controls import Choice, Group, Number
from convviz.lessons.learning import MOST_SEED, STARTS
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import library_calls_html, likeness_verdict
from convviz.lessons.picture import Picture
from convviz.lessons.states import Network
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.questions import next_filter_weight
from convviz.scenes import two_layers

_SIGNAL = (1, 1, 0, 0, 2, 2, 0, 1, 1, 1)
"""One filter with relu finds its edges up, or its edges down: two of them are needed, and they must differ."""


class TwoLayers(Lesson[Network]):
    """Train two filters with relu, and a weight for each: from zeros, from equal numbers, from random ones.

    Parameters
    ----------
    signal : array-like, shape (columns,), optional
        The input. The target is how much the two neighbours of each number differ.
    beginning : {'zeros', 'constant', 'normal', 'xavier', 'he'}
        How the weights start.

    Examples
    --------
    >>> float(TwoLayers().traces["network"].output[-1]), bool(TwoLayers("he").traces["network"].output[-1] < 0.001)
    (2.0, True)
    """

    pictures = (Picture(name="network", trace=Network.trace, scene=two_layers),)
    controls = (
        Group(
            title="The first weights",
            controls=(
                Choice(field="beginning", label="Start", values=STARTS),
                Number(field="draw", label="Seed", least=0, most=MOST_SEED),
            ),
        ),
    )
    questions = (lambda traces, step: next_filter_weight(traces["network"], step),)
    notes = (
        Note(name="verdict", text=lambda _, traces: likeness_verdict(traces["network"]), below=True),
        Note(name="code", text=lambda _, traces: library_calls_html(traces["network"])),
    )
    wide = True

    def __init__(self, beginning: str = "zeros", signal: Any = _SIGNAL) -> None:
        state = Network.of(np.asarray(as_numbers("signal", signal, (1,))))
        super().__init__(state.with_field("beginning", beginning))
