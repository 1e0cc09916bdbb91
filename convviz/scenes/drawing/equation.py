"""The equation below a picture: the step's own numbers, in the colours of the panels they come from."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
from math import inf
from typing import Any
from weakref import WeakKeyDictionary

from convviz.numerals import Part, Token, WrittenSum, write_sum
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Sheet
from convviz.scenes.layout.arrange import MARGIN_PX
from convviz.theme import EQUATION_PX
from convviz.trace import Trace

_LINE_PX = EQUATION_PX * 1.7
_SAMPLED_STEPS = 32
_WRAPPED = 3
"""So many of the longest ones are tried: digits are equally wide, other characters nearly so."""
_MOST_LINES = 6

_MINUS = re.compile(r"(?<![a-df-z])-")
"""The hyphen of a number, also of its exponent, and not of a word."""

Line = list[tuple[float, str, Part]]
Written = Callable[[Any], WrittenSum]
_LONGEST: WeakKeyDictionary[Trace[Any], tuple[Written, list[list[Token]]]] = WeakKeyDictionary()
"""The longest equations of each trace, as they were last written."""


class Equation:
    """The step's products written out, wrapped to the width of the sheet, with room for the longest."""

    def __init__(self, sheet: Sheet, *, y: float, lines: int, width: float, written: Written) -> None:
        theme = sheet.theme
        self._written, self._width, self._lines, self._top = written, width, lines, y + 0.5 * _LINE_PX
        roles = {"a": theme.input, "b": theme.kernel, "term": theme.products, "sum": theme.output}
        self._colours = {"": theme.muted} | {part: role.strong for part, role in roles.items()}
        self.letters = sheet.lettering([], EQUATION_PX, theme.ink, moving=True, align=0)

    @staticmethod
    def height_px(lines: int) -> float:
        """Return how much room so many lines take."""
        return lines * _LINE_PX + MARGIN_PX if lines else 0.0

    def draw(self, step: Any) -> None:
        """Write the equation of this step, leaving out terms in the middle if it would be too long."""
        lines = self._fitting(self._written(step))
        pieces = [((x, self._top + _LINE_PX * n), text, part) for n, line in enumerate(lines) for x, text, part in line]
        places, texts, parts = zip(*pieces, strict=True)
        self.letters.put(places, texts, [self._colours[part] for part in parts])

    def _fitting(self, written: WrittenSum) -> list[Line]:
        """Wrap as many terms as there is room for."""
        lines = _wrapped(written.tokens(), self._width)
        if len(lines) > self._lines:
            counts = range(len(written.factors))
            fitting = bisect_right(counts, self._lines, key=lambda n: len(_wrapped(written.tokens(n), self._width)))
            lines = _wrapped(written.tokens(max(0, fitting - 1)), self._width)
        return lines[: self._lines]

    def clear(self) -> None:
        """Write nothing."""
        self.letters.put([], [])


def longest_sums(trace: Trace[Any], written: Written) -> list[list[Token]]:
    """Return the longest equations of a trace, of a few dozen steps. They are the same at every width."""
    known, longest = _LONGEST.get(trace, (None, []))
    if known != written:
        every = max(1, len(trace) // _SAMPLED_STEPS)
        longest = sorted((written(step).tokens() for step in trace[::every]), key=_characters)[-_WRAPPED:]
        _LONGEST[trace] = written, longest
    return longest


def lines_for(longest: list[list[Token]], width: float) -> int:
    """Count the lines that the longest of some equations takes."""
    return min(_MOST_LINES, max((len(_wrapped(tokens, width)) for tokens in longest), default=0))


def width_of(longest: list[list[Token]]) -> float:
    """Return the width at which the longest of some equations stands on one line."""
    lines = (_wrapped(tokens, inf)[0][-1] for tokens in longest)
    return max((x + text_width(text, EQUATION_PX) for x, text, _ in lines), default=0.0) + MARGIN_PX + 1


def sum_of_patch(step: Any) -> WrittenSum:
    """Write a step as the sum of the products of window and kernel."""
    return write_sum(step.patch, step.kernel, step.value)


def _characters(tokens: list[Token]) -> int:
    return sum(len(text) for text, _ in tokens)


def _wrapped(tokens: list[Token], width: float) -> list[Line]:
    """Set tokens one after another, beginning a new line before a term that would not fit."""
    lines: list[Line] = [[]]
    x = MARGIN_PX

    def place(term: list[Token]) -> None:
        nonlocal x
        taken = sum(text_width(text, EQUATION_PX) for text, _ in term)
        if taken > width - 2 * MARGIN_PX and len(pieces := _broken(term)) > 1:  # wider than any line: broken within
            for piece in pieces:
                place(piece)
            return
        if x + taken > width - MARGIN_PX and lines[-1]:
            lines.append([])
            x = MARGIN_PX
        if not lines[-1]:
            term = [(term[0][0].lstrip(), term[0][1]), *term[1:]]
        for text, part in term:
            lines[-1].append((x, text, part))
            x += text_width(text, EQUATION_PX)

    for term in _terms(tokens):
        place(term)
    return lines


def _broken(term: list[Token]) -> list[list[Token]]:
    """Break a product before its "×", so that each number follows the sign that opens its line."""
    starts = [at for at, (text, _) in enumerate(term) if not at or text == "×"]
    return [term[start:end] for start, end in pairwise([*starts, len(term)])]


def _terms(tokens: list[Token]) -> list[list[Token]]:
    """Group tokens into what should stay together: a sign and the product, count or sum that follows it."""
    terms: list[list[Token]] = []
    for text, part in tokens:
        if text.startswith(" ") or not terms:
            terms.append([])
        terms[-1].append((_MINUS.sub("−", text) if "-" in text else text, part))
    return terms
