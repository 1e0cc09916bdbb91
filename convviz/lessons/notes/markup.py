"""The HTML that all notes are made of. Texts are plain, and escaped here: `**bold**`, and code between backticks."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

CSS = (Path(__file__).parent / "notes.css").read_text(encoding="utf-8")
"""What notes look like; a page needs it once."""


def prose(text: str) -> str:
    """Escape a text, and mark up what is bold, what is code, and formulas, which stay on one line.

    Examples
    --------
    >>> prose("**1 < 2**: `x[0]`")
    '<b>1 &lt; 2</b>: <code>x[0]</code>'
    """
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))
    html = re.sub(r"`(.+?)`", r"<code>\1</code>", html)
    html = re.sub(" ([∗⋆]) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", html)
    return html.replace("⋆", "<i>⋆</i>")  # fonts draw the star so small that it looks like a dot


def note(title: str, *parts: str) -> str:
    """Put parts that are HTML under a heading."""
    return f'<section class="convviz-note"><h3>{prose(title)}</h3>{"".join(parts)}</section>'


def bare_note(*parts: str) -> str:
    """Put parts that are HTML together, where the page has a heading for them."""
    return f'<section class="convviz-note">{"".join(parts)}</section>'


def folded(title: str, *parts: str) -> str:
    """Put parts that are HTML under a heading that unfolds them."""
    return f'<details class="convviz-note"><summary><h3>{prose(title)}</h3></summary>{"".join(parts)}</details>'


def paragraphs(*texts: str) -> str:
    """Write each text as a paragraph."""
    return "".join(f"<p>{prose(text)}</p>" for text in texts)


def verdict(text: str) -> str:
    """Write a text that screen readers read out when it changes."""
    return f'<p class="convviz-note" role="status">{prose(text)}</p>'


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, compared: bool = False) -> str:
    """Write a table; the first cell of each row is its heading, and the last one its result if not ``compared``."""
    columns = "".join(f'<th scope="col">{prose(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{prose(head)}</th>{"".join(f"<td>{_cell(cell)}</td>" for cell in cells)}</tr>'
        for head, *cells in rows
    )
    head = f"<caption>{prose(caption)}</caption><thead><tr>{columns}</tr></thead>"
    kind = ' class="convviz-compared"' if compared else ""
    return f"<table{kind}>{head}<tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return prose(text).replace("·", "·<wbr>")  # a long product may wrap


def code_block(code: str) -> str:
    """Write code; each line is an element of its own, so that what is left of a wrapped line can be indented."""
    lines = [(len(line) - len(line.lstrip()), escape(line)) for line in code.splitlines()]
    spans = "".join(f'<span style="--convviz-indent: {indent}">{line}\n</span>' for indent, line in lines)
    return f"<pre><code>{spans}</code></pre>"
