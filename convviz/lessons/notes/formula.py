"""A sum of products as a formula: in general, and with the indices of a step, whose symbols light their cells."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import product
from math import prod
from types import MappingProxyType
from typing import NamedTuple

from convviz.terms import Coordinate, Terms, View

_MINUS = "\N{MINUS SIGN}"

Values = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """An array in a formula.

    Parameters
    ----------
    letter : str
        What it is called.
    axes : tuple of tuple of Coordinate
        Its axes; one that is flattened has several coordinates, the last one fastest.
    view : View, optional
        The panels in which it lights its cell.
    names : tuple of str
        How indices are written in general, if not as the coordinates say: for flattened axes.
    """

    letter: str
    axes: tuple[tuple[Coordinate, ...], ...] = ()
    view: View | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, letter: str, axes: Iterable[Coordinate], view: View) -> "Symbol":
        """Return the symbol of an array none of whose axes are flattened."""
        return cls(letter=letter, axes=tuple((axis,) for axis in axes), view=view)


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A result, and the sum of terms that it is, over indices as in `Terms`.

    Parameters
    ----------
    indices : mapping of str to int
        The range of each index.
    result : Symbol
        What is computed.
    factors : tuple of Symbol
        What the terms are made of. A term in which one of them is outside its array adds nothing.
    held : mapping of str to int
        The indices of the result, with their numbers. The sum runs over all others.
    derived : mapping of str to Coordinate
        Indices that follow from the others: k = n − m.
    term : str
        How the symbols of a term are written.
    whole : str
        How the sum is written: with what stands before and after it.
    sums : tuple of str, optional
        The indices below the signs for sums, if not those of the terms.
    relation : str
        Between the result and the sum.
    letters : mapping of str to str
        Other names for indices.
    marked : mapping of str to int
        Indices with their numbers: terms that have them stand out.
    stepwise : tuple of (str, str)
        Letters in ``term`` and ``whole``, and the numbers that a step puts in their place.
    ends : (int, int)
        How many terms are written at the beginning and at the end of a long sum.
    """

    indices: Mapping[str, int]
    result: Symbol
    factors: tuple[Symbol, ...]
    held: Values
    derived: Mapping[str, Coordinate] = field(default_factory=lambda: MappingProxyType({}))
    term: str = ""
    whole: str = "{}"
    sums: tuple[str, ...] | None = None
    relation: str = "="
    letters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    marked: Values = field(default_factory=lambda: MappingProxyType({}))
    stepwise: tuple[tuple[str, str], ...] = ()
    ends: tuple[int, int] = (8, 2)

    def general(self) -> str:
        """Write the formula with letters for indices, in HTML."""
        signs = "".join(f"Σ<sub>{name}</sub>" for name in self._sums())
        symbols = [_named(each.letter, self.written(each)) for each in self.factors]
        term = (self.term or " · ".join("{}" for _ in symbols)).format(*symbols)
        bracket = signs and ("−" in re.sub(r"\[[^]]*\]|\([^)]*\)", "", term))
        summed = f"{signs} {f'({term})' if bracket else term}".strip()
        return f"{_named(self.result.letter, self.written(self.result))} {self.relation} {self.whole.format(summed)}"

    def filled(self) -> str:
        """Write the formula with the indices of the step, in HTML; each symbol is a button that lights its cell."""
        whole, term = self.whole, self.term.replace(" · ", "·") or "·".join("{}" for _ in self.factors)
        for letter, number in self.stepwise:
            whole, term = whole.replace(letter, number), term.replace(letter, number)
        terms = list(self._terms(term))
        summed = "".join(terms)
        bracketed = f"({summed})" if whole.endswith(" · {}") and len(terms) > 1 else summed
        whole = whole.replace("· {}", "·\N{NO-BREAK SPACE}{}").format(bracketed)
        return f"{_symbol(self.result, self._values(self.held), self)} {self.relation} {whole}"

    def choices(self) -> list[Values]:
        """List the indices of all terms within all arrays."""
        free = self._free
        numbers = product(*(range(self.indices[index]) for index in free))
        found = (self._values({**self.held, **dict(zip(free, choice, strict=True))}) for choice in numbers)
        return [values for values in found if self._is_inside(values)]

    def shown(self, axis: tuple[Coordinate, ...]) -> bool:
        """Whether an axis has more than one position."""
        varied = any(self.indices[name] > 1 for each in axis for name in self._expanded(each).of)
        return varied or prod(each.size for each in axis) > 1

    def written(self, symbol: Symbol) -> list[str]:
        """List the indices of a symbol, with letters, without axes of a single position."""
        names = symbol.names or [self._expression(self._expanded(axis)) for (axis,) in symbol.axes]
        shown = [name for name, axis in zip(names, symbol.axes, strict=True) if self.shown(axis)]
        return shown or ["0"] * bool(symbol.axes)

    @cached_property
    def _free(self) -> list[str]:
        return [index for index in self.indices if index not in self.held and index not in self.derived]

    def _sums(self) -> Iterable[str]:
        if self.sums is not None:
            return self.sums
        return [self.letters.get(index, index) for index in self._free if self.indices[index] > 1]

    def _is_inside(self, values: Values) -> bool:
        axes = (axis for symbol in self.factors for group in symbol.axes for axis in group)
        return all(0 <= axis.cell(_value(axis, values)) < axis.size for axis in axes)

    def _values(self, values: Values) -> Values:
        found = {**dict.fromkeys(self._free, 0), **values}
        for name, coordinate in self.derived.items():
            found[name] = _value(coordinate, found)
        return found

    def _expanded(self, coordinate: Coordinate) -> Coordinate:
        """Put in place of derived indices what they follow from."""
        of: dict[str, int] = {}
        offset = coordinate.offset
        for index, by in coordinate.of.items():
            inner = self.derived.get(index, Coordinate(size=1, of={index: 1}))
            offset += by * inner.offset
            for name, times in inner.of.items():
                of[name] = of.get(name, 0) + by * times
        return Coordinate(size=coordinate.size, of={name: by for name, by in of.items() if by}, offset=offset)

    def _expression(self, coordinate: Coordinate) -> str:
        """Write a coordinate: 2·i + u − 1."""
        parts = [(by, self.letters.get(index, index)) for index, by in coordinate.of.items() if self.indices[index] > 1]
        signed = [(by, name if abs(by) == 1 else f"{abs(by)}·{name}") for by, name in parts]
        signed += [(coordinate.offset, str(abs(coordinate.offset)))] if coordinate.offset or not signed else []
        signed.sort(key=lambda part: part[0] < 0)
        first, *others = signed
        start = f"{_MINUS}{first[1]}" if first[0] < 0 else first[1]
        return start + "".join(f" {_MINUS if by < 0 else '+'} {text}" for by, text in others)

    def _terms(self, written: str) -> Iterator[str]:
        """Write the terms, and leave out those in the middle of a long sum."""
        terms = self.choices()
        if not terms:
            yield "0"
        first, last = self.ends
        is_long = len(terms) > first + last + 2
        for number, values in enumerate(terms):
            if is_long and first <= number < len(terms) - last:
                if number == first:
                    yield f' <span class="convviz-cut">+ … {len(terms) - first - last} more</span>'
                continue
            symbols = [_symbol(each, values, self) for each in self.factors]
            is_marked = self.marked and all(values[index] == at for index, at in self.marked.items())
            name = "convviz-term convviz-now" if is_marked else "convviz-term"
            # A sign stays with what follows it, also at the beginning of a line.
            yield f'{" " * bool(number)}<span class="{name}">{"+ " * bool(number)}{written.format(*symbols)}</span>'


class Formulas(NamedTuple):
    """The formulas of an operation, and what has to be said of them."""

    formulas: Sequence[Formula]
    remark: str = ""


def at_step(terms: Terms, step: int) -> dict[str, int]:
    """Return the indices of a step, with their numbers."""
    found = {index: 0 for coordinate in terms.step for index in coordinate.of}
    for coordinate, at in View(column=terms.step).digits((0, 0, step)):
        varied = [(by, index) for index, by in coordinate.of.items() if terms.indices[index] > 1]
        for by, index in sorted(varied, reverse=True):  # of 2·g + f, the g comes first
            found[index], at = divmod(at, by)
    return found


def names_of(axes: Iterable[Coordinate]) -> list[str]:
    """List the indices of some coordinates."""
    return [name for axis in axes for name in axis.of]


def _named(letter: str, indices: list[str]) -> str:
    return f"{letter}[{', '.join(indices)}]" if indices else letter


def _value(coordinate: Coordinate, values: Values) -> int:
    return coordinate.offset + sum(by * values[index] for index, by in coordinate.of.items())


def _symbol(symbol: Symbol, values: Values, formula: Formula) -> str:
    """Write a symbol that lights its cell, as pointing at the cell does."""
    numbers = []
    for axis in symbol.axes:
        if formula.shown(axis):
            number = 0
            for each in axis:
                number = number * each.size + each.cell(_value(each, values))
            numbers.append(str(number))
    text = f"{symbol.letter}[{', '.join(numbers) or '0'}]" if symbol.axes else symbol.letter
    if not symbol.view:
        return text
    view = symbol.view
    at = [[each.as_json(), each.cell(_value(each, values))] for *_, each in view.coordinates()]
    pointer = json.dumps({"at": at, "fixed": view.fixed, "held": [each.as_json() for each in view.held]})
    return f'<button type="button" class="convviz-symbol" data-points="{escape(pointer)}">{text}</button>'
