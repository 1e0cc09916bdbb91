"""Code to copy, as cards on a page: first the numbers, then a piece for each library."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from convviz.trace import Array

_CSS = (Path(__file__).parent / "code_cards.css").read_text(encoding="utf-8")
_LONGEST = 80
"""Characters of a line of numbers; a longer one is broken, unless it is a row."""
MOST_CELLS = 100
"""Where there are more numbers than this, code takes them from the trace instead of writing them out."""


@dataclass(frozen=True, kw_only=True)
class LibraryLine:
    """How to compute with a library what is on the screen.

    Parameters
    ----------
    library : str
        The function's full name.
    turns : bool
        Whether that function turns the kernel by 180°.
    says : str
        What this means for the operation on the screen.
    code : str
        Runs below the lines that make its numbers, and leaves what the function gives in ``result``.
    same : bool
        Whether ``result`` is the output on the screen. It is not where the function cannot take the arrays:
        then the code shows it on a part of them.
    """

    library: str
    turns: bool
    says: str
    code: str
    same: bool = True


def literal(array: Array) -> str:
    """Write an array as code, exactly, its numbers one under the other.

    Examples
    --------
    >>> import numpy as np
    >>> print(literal(np.array([[1, -2], [3, 4]])))
    np.array([
        [ 1, -2],
        [ 3,  4],
    ])
    """
    if array.ndim == 1:
        return f"np.array({array.tolist()!r})"
    width = max(len(repr(number)) for number in array.ravel().tolist())
    parts = "".join(_nested(part, width, "    ") for part in array.tolist())
    return f"np.array([\n{parts}])"


def _nested(part: list[Any], width: int, indent: str) -> str:
    line = f"{indent}{_line(part, width)},\n"
    if len(line) <= _LONGEST or not isinstance(part[0], list):
        return line
    inner = "".join(_nested(row, width, indent + "    ") for row in part)
    return f"{indent}[\n{inner}{indent}],\n"


def _line(part: Any, width: int) -> str:
    return f"[{', '.join(_line(inner, width) for inner in part)}]" if isinstance(part, list) else f"{part!r:>{width}}"


def code_section(numbers: str, cards: str) -> str:
    """Lay out the code that makes the numbers above the cards, as HTML that follows the page's own colours."""
    return (
        f'<section class="convviz-lines"><style>{_CSS}</style><h3>The same in code</h3>'
        f"<p>Begin with the numbers, then add any one of the pieces below.</p>{_pre(numbers)}"
        f'<div class="convviz-columns">{cards}</div></section>'
    )


def code_cards(lines: Iterable[LibraryLine]) -> str:
    """Lay out a card for each line: its function, what is to be said of it, and its code."""
    return "".join(map(_card, lines))


def _card(line: LibraryLine) -> str:
    name, says = escape(line.library), escape(line.says)
    return f"<article><h5><code>{name}</code></h5><p>{says}</p>{_pre(line.code)}</article>"


def _pre(code: str) -> str:
    return f"<pre><code>{escape(code)}</code></pre>"
