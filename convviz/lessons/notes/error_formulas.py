"""The formulas of what compares two pictures: a score of a window, and the loss that a kernel learns from."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from convviz.lessons.notes.formula import Formula, Formulas, Symbol, Values, at_step, names_of
from convviz.numerals import numeral
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.matching.flatness import is_flat
from convviz.operations.matching.match_template import MatchTrace
from convviz.terms import Coordinate, View
from convviz.trace import Array

_NAMES = {1: {"j": "m", "v": "u"}, 2: {"i": "m", "j": "n"}}
"""What indices are called where two signals or two pictures are compared."""
_DIGITS = 4


def match_formulas(trace: MatchTrace, step: int) -> Formulas:
    """Return the score of a window: squared differences, products, or products of patterns."""
    terms, views = trace.terms, trace.terms.views
    letter, term, whole = {
        "correlation": ("C", "", "{}"),
        "normalized": ("R", "", "{}"),
        "ssd": ("D", "({} − {})²", "{}"),
        "mse": ("D", "({} − {})²", f"1/{trace.template.size} · {{}}"),
    }[trace.metric]
    image, template = terms.operands["image"], terms.operands["template"]
    factors = (Symbol.of("A", image, views["input"]), Symbol.of("B", template, views["kernel"]))
    if trace.metric == "normalized":
        factors = (Symbol.of("P", template, views["window"]), Symbol.of("Q", template, views["kernel"]))
    formula = Formula(
        indices=terms.indices,
        result=Symbol.of(letter, terms.step[1:], views["output"]),
        factors=factors,
        held=at_step(terms, step),
        term=term,
        whole=whole,
        letters=_NAMES[len(image)],
    )
    return Formulas([formula], _patterns(trace, step))


def _patterns(trace: MatchTrace, step: int) -> str:
    """Say what the letters stand for, and where patterns come from."""
    if trace.metric != "normalized":
        return "A is the image, and B the template."
    window, template = trace[step].patch, trace.template
    flat = next((name for name, cells in (("window", window), ("template", template)) if is_flat(cells)), "")
    if flat:
        return (
            f"P is the window’s pattern, and Q the template’s. The {flat} is flat and has none: the score counts as 0."
        )
    return (
        "P is the window and Q the template, each minus its mean and then divided by its length. "
        f"The window’s mean is {_mean_and_length(window)}. The template’s mean is {_mean_and_length(template)}."
    )


def _mean_and_length(cells: Array) -> str:
    numbers = cells.astype(float)
    mean = float(numbers.mean())
    length = float(np.sqrt(np.square(numbers - mean).sum()))
    return f"{numeral(mean, _DIGITS)}, and without it, its length is {numeral(length, _DIGITS)}"


def learning_formulas(trace: LearningTrace, step: int) -> Formulas:
    """Return the loss, the gradient of the weight that changes most, and what becomes of this weight."""
    terms, views = trace.terms, trace.terms.views
    indices = {name: size for name, size in terms.indices.items() if name != "n"}
    cells, given = terms.operands["target"], _own(views["given"])
    y, t = (Symbol.of(letter, cells, views["output"]) for letter in "yt")
    x, w = Symbol.of("x", terms.operands["x"], views["x"]), Symbol.of("w", given, views["given"])
    slope, count, rate = Symbol.of("∂L/∂w", given, views["given"]), trace.target.size, numeral(trace.rate)
    weight = _steepest(trace, step, given)
    sums = {name: size for name, size in indices.items() if name not in weight}
    kernel = {name: size for name, size in indices.items() if name not in names_of(cells)}
    more: dict[str, Any] = {"held": weight, "ends": (2, 1)}
    more["stepwise"] = (("1/n", f"1/{count}"), ("2/n", f"2/{count}"), ("η", rate))
    formulas = [
        Formula(indices=sums, result=Symbol(letter="L"), factors=(y, t), term="({} − {})²", whole="1/n · {}", **more),
        Formula(indices=indices, result=slope, factors=(y, t, x), term="({} − {}) · {}", whole="2/n · {}", **more),
        Formula(indices=kernel, result=w, factors=(w, slope), term="{} − η · {}", relation="←", **more),
    ]
    return Formulas(
        formulas,
        "y is the output, t the target, L the loss, and η the learning rate. The gradient is that of a single weight, "
        "the one that changes most; all others are computed in the same way.",
    )


def _steepest(trace: LearningTrace, step: int, given: Iterable[Coordinate]) -> Values:
    """Return the indices of the weight with the largest gradient."""
    gradient = np.abs(trace[step].gradient)
    at = np.unravel_index(int(gradient.argmax()), gradient.shape)
    found = {}
    for axis, cell in zip(given, at, strict=True):
        [(name, by)] = axis.of.items()
        found[name] = by * (int(cell) - axis.offset)
    return found


def _own(view: View) -> list[Coordinate]:
    """Return the coordinates of the axes of a kernel without channels."""
    return [each for axis in (view.row, view.column) for each in axis]
