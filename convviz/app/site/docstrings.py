"""A docstring in NumPy style as HTML: what it says, its parameters, errors, notes and examples."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from docstring_parser import numpydoc
from docstring_parser.common import DocstringExample, DocstringMeta
from markupsafe import Markup

from convviz.app import prose

Find = Callable[[str], str | None]
"""Says where a name is explained."""
NOTHING = Markup("")
_TITLES = {"param": "Parameters", "see_also": "See also"}
_REFERENCE = re.compile(r"(?<!`)`([\w.]+)`(?!`)")


@dataclass(frozen=True, kw_only=True)
class Item:
    """What is said of one parameter, result or error.

    Parameters
    ----------
    name : Markup
        What it is called.
    kind : str
        What is accepted, or returned.
    html : Markup
        What is said of it.
    """

    name: Markup
    kind: str = ""
    html: Markup


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of a docstring.

    Parameters
    ----------
    title : str
        Its heading; empty for what comes first.
    html : Markup
        Its text, if it is no list.
    items : sequence of Item
        What it lists.
    """

    title: str = ""
    html: Markup = NOTHING
    items: Sequence[Item] = ()


def sections(docstring: str, find: Find) -> Iterator[Section]:
    r"""Read a docstring.

    Parameters
    ----------
    docstring : str
        Its text, without the indentation.
    find : callable
        Says where a name in single backticks is explained.

    Examples
    --------
    >>> first, second = sections("Add.\n\nRaises\n------\nValueError\n    If `x` is missing.", lambda name: None)
    >>> first.html, second.title
    (Markup('<p>Add.</p>'), 'Raises')
    >>> second.items
    [Item(name=Markup('<code>ValueError</code>'), kind='', html=Markup('<p>If <code>x</code> is missing.</p>'))]
    """
    read = numpydoc.parse(docstring)
    texts = [text for text in (read.short_description, read.long_description) if text]
    yield Section(html=_html("\n\n".join(texts), find))
    for key, group in groupby(read.meta, lambda meta: meta.args[0]):
        title = _TITLES.get(key, key.capitalize())
        parts: list[Any] = list(group)
        match key:
            case "examples":
                yield Section(title=title, html=_examples(parts, find))
            case "see_also":
                yield Section(title=title, items=list(_others(parts, find)))
            case "notes":
                yield Section(title=title, html=_html("\n\n".join(part.description for part in parts), find))
            case _:
                yield Section(title=title, items=[_item(part, find) for part in parts])


def _html(text: str, find: Find) -> Markup:
    """Return Markdown as HTML; names in single backticks lead to where they are explained, and doctests are code."""

    def linked(found: re.Match[str]) -> str:
        address = find(found[1])
        return f"[{found[0]}]({address})" if address else found[0]

    written = []
    for is_code, blocks in groupby(re.split(r"\n\s*\n", text.strip()), lambda block: block.startswith(">>>")):
        if is_code:
            written.append(prose.code("\n".join(blocks), "pycon"))
        else:
            written.append(prose.html(_REFERENCE.sub(linked, "\n\n".join(blocks))))
    return Markup("\n".join(written))


def _item(part: Any, find: Find) -> Item:
    name, kind = getattr(part, "arg_name", None), part.type_name or ""
    if getattr(part, "is_optional", False):
        kind = f"{kind}, optional"
    if not name:  # what is returned or raised
        name, kind = kind, ""
    return Item(name=_name(name, find), kind=kind.replace("``", ""), html=_html(part.description or "", find))


def _name(name: str, find: Find) -> Markup:
    address = find(name)
    code = Markup("<code>{}</code>").format(name)
    return Markup('<a href="{}">{}</a>').format(address, code) if address else code


def _others(parts: Sequence[DocstringMeta], find: Find) -> Iterator[Item]:
    for line in "\n".join(part.description or "" for part in parts).split("\n"):
        names, _, said = line.partition(" : ")
        yield Item(name=Markup(", ").join(_name(name, find) for name in names.split(", ")), html=_html(said, find))


def _examples(parts: Sequence[DocstringExample], find: Find) -> Markup:
    """Write examples as they stand in the docstring: what is typed, what comes back, and the texts between them."""
    written = ("\n".join(filter(None, (part.snippet, part.description))) for part in parts)
    return _html("\n\n".join(written), find)
