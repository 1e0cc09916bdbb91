"""The equation below a picture: the step's own numbers, in the colours of the panels they come from."""

from typing import Any

from convviz.numerals import Part, sum_tokens
from convviz.scenes.layout import MARGIN_PX
from convviz.scenes.lettering import text_width
from convviz.scenes.sheet import Sheet
from convviz.theme import EQUATION_PX
from convviz.trace import Trace

_LINE_PX = EQUATION_PX * 1.7
_SAMPLED_STEPS = 64
_MOST_LINES = 6

Line = list[tuple[float, str, Part]]


class Equation:
    """The step's products written out, wrapped to the width of the sheet, with room for the longest."""

    def __init__(self, sheet: Sheet, *, y: float, lines: int, width: float) -> None:
        theme = sheet.theme
        self._width = width
        self._lines = lines
        self._top = y + 0.5 * _LINE_PX
        self._colours = {
            "a": theme.input.strong,
            "b": theme.kernel.strong,
            "sum": theme.output.strong,
            "": theme.muted,
        }
        self._letters = sheet.lettering([], EQUATION_PX, theme.ink, moving=True, align=0)

    @staticmethod
    def height_px(lines: int) -> float:
        """Tell how much room so many lines take."""
        return lines * _LINE_PX + MARGIN_PX

    @staticmethod
    def lines_for(trace: Trace[Any], width: float) -> int:
        """Count the lines that the longest equation of the trace takes, looking at up to 64 steps."""
        every = max(1, len(trace) // _SAMPLED_STEPS)
        return min(_MOST_LINES, max(len(_wrapped(step, width, 25)) for step in trace[::every]))

    def draw(self, step: Any) -> None:
        """Write the equation of this step, leaving out terms in the middle if it would be too long."""
        lines = _wrapped(step, self._width, 25)
        most = 25
        while len(lines) > self._lines and most > 2:
            most -= 1
            lines = _wrapped(step, self._width, most)
        pieces = [(x, self._top + _LINE_PX * n, text, part) for n, line in enumerate(lines) for x, text, part in line]
        self._letters.put(
            [(x, y) for x, y, _, _ in pieces],
            [text for _, _, text, _ in pieces],
            [self._colours[part] for *_, part in pieces],
        )

    def clear(self) -> None:
        """Write nothing."""
        self._letters.put([], [])


def _wrapped(step: Any, width: float, most: int) -> list[Line]:
    """Set the pieces of a sum one after another, beginning a new line before a term that would not fit."""
    lines: list[Line] = [[]]
    x = MARGIN_PX
    term: list[tuple[str, Part]] = []

    def place() -> None:
        nonlocal x
        taken = sum(text_width(text, EQUATION_PX) for text, _ in term)
        if x + taken > width - MARGIN_PX and lines[-1]:
            lines.append([])
            x = MARGIN_PX
        if not lines[-1]:
            term[0] = (term[0][0].lstrip(), term[0][1])
        for text, part in term:
            lines[-1].append((x, text, part))
            x += text_width(text, EQUATION_PX)
        term.clear()

    for text, part in sum_tokens(step.patch.flat, step.kernel.flat, step.value, most):
        if text.startswith(" ") and term:
            place()
        term.append((text.replace("-", "−"), part))
    place()
    return lines
