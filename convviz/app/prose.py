"""A notebook's Markdown as HTML: links lead to pages, and formulas are MathML."""

import re
from functools import cache
from typing import Any

from jupyterlab_pygments import JupyterStyle
from latex2mathml import exceptions
from latex2mathml.converter import convert
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from pygments.formatters import HtmlFormatter

_FORMULA = re.compile(r"(```.*?```|`[^`\n]+`)|\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
_THEIRS = [each for each in vars(exceptions).values() if isinstance(each, type) and issubclass(each, Exception)]
_UNREADABLE: tuple[type[Exception], ...] = (IndexError, KeyError, *_THEIRS)
"""What latex2mathml raises."""
_LINK = re.compile(r'(href="[\w/]+)\.ipynb')
_ANCHOR = re.compile(r'<a class="anchor-link".*?</a>')


@cache
def html(markdown: str, ending: str = ".html") -> str:
    """Return Markdown as HTML.

    Parameters
    ----------
    markdown : str
        The source of a cell. Code in it is left alone.
    ending : str
        With what the addresses of pages end.

    Raises
    ------
    ValueError
        If a formula cannot be read.

    Examples
    --------
    >>> html("See [the flip](02_flip.ipynb?mode=full).")
    '<p>See <a href="02_flip.html?mode=full">the flip</a>.</p>'
    """
    formulas: list[str] = []

    def kept(found: re.Match[str]) -> str:
        code, display, inline = found.groups()
        if code:
            return code
        formulas.append(mathml(display or inline, is_display=bool(display)))
        return f"FORMULA{len(formulas) - 1}END"

    written = markdown2html_mistune(_FORMULA.sub(kept, markdown)).strip()
    for number, formula in enumerate(formulas):
        written = written.replace(f"FORMULA{number}END", formula)
    return _LINK.sub(rf"\1{ending}", _ANCHOR.sub("", written))


def without_way(markdown: str) -> str:
    r"""Return a text without its last line where that leads on to other lessons: a page has its footer for that.

    Examples
    --------
    >>> without_way("That is all.\n[All lessons](index.ipynb)")
    'That is all.'
    """
    *lines, last = markdown.split("\n")
    return "\n".join(lines) if "(index.ipynb)" in last else markdown


def mathml(tex: str, *, is_display: bool) -> str:
    r"""Return a formula as MathML.

    Raises
    ------
    ValueError
        If it cannot be read, or holds a command that is not known.

    Examples
    --------
    >>> mathml(r"x_i", is_display=False)
    '<math ... display="inline"><mrow><msub><mi>x</mi><mi>i</mi></msub></mrow></math>'
    """
    try:
        written: str = convert(tex.strip(), display="block" if is_display else "inline")
    except _UNREADABLE as error:
        raise ValueError(f"the formula {tex!r} cannot be read ({type(error).__name__})") from error
    if "\\" in written:
        raise ValueError(f"the formula {tex!r} holds a command that is not known; accepted: what latex2mathml reads")
    return written


@cache
def code(source: str, language: str = "python") -> str:
    """Return code as HTML, coloured as quoted code is; "pycon" is Python with what it answers."""
    return str(Highlight2HTML(pygments_lexer=language)(source))


def code_style() -> str:
    """Return the style of coloured code, as JupyterLab has it."""
    return str(HtmlFormatter(style=JupyterStyle).get_style_defs(".highlight"))


def title(cells: list[dict[str, Any]]) -> str:
    r"""Return the first heading of a notebook.

    Examples
    --------
    >>> title([{"cell_type": "markdown", "source": ["# Is the kernel `flipped`?\n", "More."]}])
    'Is the kernel flipped?'
    """
    first = next(
        (line for cell in cells for line in "".join(cell["source"]).split("\n") if line.startswith("# ")), "# "
    )
    return first[2:].replace("`", "").strip()
