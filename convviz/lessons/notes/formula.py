"""The formula of an operation, written from its index notation, with the indices of the step on the screen."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from html import escape
from itertools import product
from typing import Any

from convviz.lessons.notes.markup import folded, paragraphs
from convviz.operations.layers.activation import activation_name
from convviz.terms import Coordinate, Terms, View

_MOST_TERMS, _FIRST, _LAST = 12, 8, 2
_LETTERS = {"x": "x", "w": "w", "h": "h"}
"""The operands whose product is written, and what the formula calls them."""
_VIEWS = {"x": "x", "w": "given", "h": "kernel"}
"""The panels in which operands are pointed at."""
_MINUS = "\N{MINUS SIGN}"

Values = Mapping[str, int]


def formula_html(trace: Any, step: int) -> str:
    """Write an operation as a sum of products, in general and for one step. Pointing at a symbol lights its cell.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        Without groups.
    step : int
        The step on the screen.

    Examples
    --------
    >>> from convviz import correlate
    >>> html = formula_html(correlate([1, 2, 3], [4, 5]), 1)
    >>> "y[j] = Σ<sub>v</sub> x[j + v] · w[v]" in html, "Output [1] = 2×4 + 3×5 = 23." in html
    (True, True)
    """
    terms: Terms = trace.terms
    summed = _activated(trace, f"{_sums(terms)} {' · '.join(_factors(terms))}{_bias(trace)}")
    general = f"y[{_written(terms.step, terms)}] = {summed}"
    at = _at_step(terms, step)
    there = "".join(_step_terms(terms, at))
    place = ", ".join(str(_value(coordinate, at)) for coordinate in _shown(terms.step, terms))
    output = _symbol(f"y[{place}]", terms.views["output"], at)
    here = f"{output} = {_activated(trace, there + _bias(trace))}"
    body = f'<p class="convviz-formula">{general}</p><p class="convviz-formula">{here}</p>'
    said = paragraphs(trace[step].describe())
    hint = paragraphs("Point at a symbol of the second line, or go there with the Tab key: its cell lights up.")
    return folded("The formula, with this step’s indices", body, said, hint)


def _sums(terms: Terms) -> str:
    return "".join(f"Σ<sub>{index}</sub>" for index in _free(terms) if terms.indices[index] > 1)


def _factors(terms: Terms) -> list[str]:
    return [f"{_LETTERS[name]}[{_written(axes, terms)}]" for name, axes in terms.operands.items() if name in _LETTERS]


def _bias(trace: Any) -> str:
    bias = getattr(trace, "bias", None)
    if bias is None or not bias.any():
        return ""
    return " + b[f]" if len(bias) > 1 else " + b"


def _activated(trace: Any, text: str) -> str:
    name = activation_name(getattr(trace, "activation", None))
    return f"{escape(name)}({text.strip()})" if name else text


def _free(terms: Terms) -> list[str]:
    """List the indices over which the sum runs."""
    held = {index for coordinate in terms.step for index in coordinate.of}
    return [index for index in terms.indices if index not in held]


def _shown(axes: Iterable[Coordinate], terms: Terms) -> list[Coordinate]:
    """Leave out axes along which there is a single position."""
    return [axis for axis in axes if axis.size > 1 or any(terms.indices[index] > 1 for index in axis.of)]


def _written(axes: Iterable[Coordinate], terms: Terms) -> str:
    return ", ".join(_expression(axis, terms) for axis in _shown(axes, terms)) or "0"


def _expression(coordinate: Coordinate, terms: Terms) -> str:
    """Write a coordinate: 2·i + u − 1."""
    parts = [(by, index) for index, by in coordinate.of.items() if terms.indices[index] > 1]
    signed = [(by, index if abs(by) == 1 else f"{abs(by)}·{index}") for by, index in parts]
    signed += [(coordinate.offset, str(abs(coordinate.offset)))] if coordinate.offset or not signed else []
    signed.sort(key=lambda part: part[0] < 0)
    first, *others = signed
    start = f"{_MINUS}{first[1]}" if first[0] < 0 else first[1]
    return start + "".join(f" {_MINUS if by < 0 else '+'} {text}" for by, text in others)


def _at_step(terms: Terms, step: int) -> dict[str, int]:
    """Find the indices of a step; those with a single number are 0."""
    found = dict.fromkeys(terms.indices, 0)
    for coordinate, at in View(column=terms.step).digits((0, 0, step)):
        found |= {index: at for index in coordinate.of if terms.indices[index] > 1}
    return found


def _step_terms(terms: Terms, at: Values) -> Iterator[str]:
    """Write the products of a step that read a cell of the input, and leave out those in the middle of a long sum."""
    free = _free(terms)
    choices = [dict(zip(free, numbers, strict=True)) for numbers in product(*(range(terms.indices[i]) for i in free))]
    read = [values for choice in choices if _is_inside(terms, values := {**at, **choice})]
    if not read:
        yield "0"
    is_long = len(read) > _MOST_TERMS
    for number, values in enumerate(read):
        if is_long and _FIRST <= number < len(read) - _LAST:
            if number == _FIRST:
                yield f" + … {len(read) - _FIRST - _LAST} more"
            continue
        factors = [
            _symbol(f"{_LETTERS[name]}[{_numbers(axes, terms, values)}]", terms.views[_VIEWS[name]], values)
            for name, axes in terms.operands.items()
            if name in _LETTERS
        ]
        yield (" + " if number else "") + f'<span class="convviz-term">{"·".join(factors)}</span>'


def _is_inside(terms: Terms, values: Values) -> bool:
    axes = [axis for name, operand in terms.operands.items() if name in _LETTERS for axis in operand]
    return all(0 <= axis.cell(_value(axis, values)) < axis.size for axis in axes)


def _value(coordinate: Coordinate, values: Values) -> int:
    return coordinate.offset + sum(by * values[index] for index, by in coordinate.of.items())


def _numbers(axes: Iterable[Coordinate], terms: Terms, values: Values) -> str:
    return ", ".join(str(axis.cell(_value(axis, values))) for axis in _shown(axes, terms)) or "0"


def _symbol(text: str, view: View, values: Values) -> str:
    """Write a symbol that lights its cell, as pointing at the cell does."""
    at = [[asdict(coordinate), coordinate.cell(_value(coordinate, values))] for *_, coordinate in view.coordinates()]
    pointer = json.dumps({"at": at, "fixed": view.fixed, "held": [asdict(each) for each in view.held]})
    return f'<button type="button" class="convviz-symbol" data-points="{escape(pointer)}">{text}</button>'
