"""How well a template fits, in words and tables: the distances of one window, and the winners of all measures."""

from collections.abc import Iterator

import numpy as np

from convviz.lessons.notes.comparing import several
from convviz.lessons.notes.markup import bare_note, paragraphs, table
from convviz.numerals import numeral
from convviz.operations.matching.image_distance import image_distance
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.match_template import MatchTrace, match_template
from convviz.operations.matching.metrics import Metric
from convviz.trace import Array

_MEASURES: tuple[tuple[Metric, str], ...] = (
    ("ssd", "squared differences"),
    ("correlation", "correlation"),
    ("normalized", "normalized"),
)
_ROUNDING = 1e-9
_MOST_WRITTEN = 6
_FIGURES = 6


def distances_html(step: MatchStep) -> str:
    """Measure how far the window of a step is from the template, in the usual ways, with the numbers put in.

    Parameters
    ----------
    step : MatchStep
        Of `convviz.match_template`, whatever its measure.

    Examples
    --------
    >>> html = distances_html(match_template([[2, 20], [0, 5]], [[1, 20], [0, 5]])[0])
    >>> "√1 / 4" in html, "0.25" in html
    (True, True)
    """
    distance, cells = image_distance(step.patch, step.template), step.template.size
    ssd, sizes = numeral(distance.ssd, _FIGURES), np.abs(distance.differences)
    rows = [
        ("sum of squares, Σd²", _sum(distance.differences, "²"), distance.ssd),
        ("mean squared error (MSE), Σd² / n", f"{ssd} / {cells}", distance.mse),
        ("length, √Σd²", f"√{ssd}", distance.length),
        ("length per cell, √Σd² / n", f"√{ssd} / {cells}", distance.length_per_cell),
        ("mean absolute error, Σ|d| / n", f"{numeral(sizes.sum(), _FIGURES)} / {cells}", distance.mae),
    ]
    written = [(name, formula, numeral(value, _FIGURES)) for name, formula, value in rows]
    caption = f"How far window {list(step.position)} is from the template: d is window minus template, n is {cells}"
    return bare_note(table(caption, ["distance", "in numbers", "result"], written))


def _sum(numbers: Array, power: str = "") -> str:
    """Write a sum; of many numbers, only the first ones."""
    flat = numbers.ravel().tolist()
    texts = [f"({text})" if text[0] == "-" else text for text in map(numeral, flat[:_MOST_WRITTEN])]
    written = " + ".join(f"{text}{power}" for text in texts)
    return written if len(flat) <= _MOST_WRITTEN else f"{written} + … {len(flat) - _MOST_WRITTEN} more"


def winners_html(trace: MatchTrace) -> str:
    """Compare which window each measure chooses, and how well the template fits there.

    Parameters
    ----------
    trace : MatchTrace
        Of `convviz.match_template`, whatever its measure.

    Examples
    --------
    >>> html = winners_html(match_template([0, 1, 0, 9, 9, 9], [0, 1, 0]))
    >>> "Correlation is fooled" in html
    True
    """
    traces = {metric: match_template(trace.image, trace.template, metric) for metric, _ in _MEASURES}
    rows = [(name, *_winner(traces[metric])) for metric, name in _MEASURES]
    heads = ["measure", "step", "window", "score", "cells that differ"]
    return bare_note(table("Which window wins", heads, rows), paragraphs(" ".join(_remarks(traces))))


def _winner(trace: MatchTrace) -> tuple[str, str, str, str]:
    step = trace[trace.index_of(trace.best)]
    differ = np.count_nonzero(step.patch != step.template)
    return str(step.index + 1), str(list(step.position)), numeral(step.value, 3), f"{differ} of {step.template.size}"


def _remarks(traces: dict[Metric, MatchTrace]) -> Iterator[str]:
    """Say what is to be seen in the table."""
    ssd, correlation, normalized = (traces[metric] for metric, _ in _MEASURES)
    exact = int((ssd.output == 0).sum())
    if exact:
        yield f"**The template itself occurs {'once' if exact == 1 else several(exact, 'time')}.**"
    else:
        yield "**The template itself does not occur:** the squared differences are above 0 everywhere."
    nearest = ssd.output == ssd.output.min()
    if correlation.output[nearest].max() < correlation.output.max():
        yield "**Correlation is fooled:** it prefers a window with larger numbers to one that is more alike."
    elif not nearest[correlation.best]:
        yield "**Correlation cannot decide:** a window that is less alike has the same score, and comes first."
    best = float(normalized.output.max())
    same = np.count_nonzero(normalized.output >= 1 - _ROUNDING)
    if best <= 0:
        yield "Normalized, no window is alike at all: the best score is not above 0."
    elif same > 1:
        yield (
            f"Normalized, {same} windows are perfect matches: brightness and contrast do not count, "
            "and all of these have the template’s pattern."
        )
    elif same == 1 and not exact:
        yield "Normalized, one window is a perfect match: it has the template’s pattern, in another brightness."
