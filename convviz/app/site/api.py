"""What the API page shows: each public name, with its signature, its docstring and its pictures."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

import convviz
from convviz.app import prose
from convviz.app.site.docstrings import NOTHING, Section, sections
from convviz.app.site.gallery import Picture, pictures
from convviz.course import COURSE, Page

ROOMS = {
    "convolution": "Convolution",
    "layers": "Layers of a network",
    "libraries": "Layers of PyTorch and Keras",
    "matrix": "Matrix products",
    "learning": "Learning",
    "matching": "Pictures in pictures",
    "trace": "Traces and steps",
    "player": "Looking and saving",
}
"""The headings of the page, by the folder or the module in which the names are at home."""
MODULES = ("scenes", "samples", "lessons")
"""The public modules, whose own names are shown as well."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A public name.

    Parameters
    ----------
    name : str
        The name after ``convviz.``; its address on the page as well.
    signature : Markup
        How it is called; empty for what is not called.
    sections : sequence of Section
        What its docstring says.
    pictures : sequence of Picture
        What it looks like.
    lessons : sequence of Page
        The pages on which it is the lesson.
    members : sequence of Entry
        The methods and properties of a class.
    """

    name: str
    signature: Markup = NOTHING
    sections: Sequence[Section] = ()
    pictures: Sequence[Picture] = ()
    lessons: Sequence[Page] = ()
    members: Sequence["Entry"] = ()

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Names that belong together: a heading, what is said below it, and the entries."""

    title: str
    entries: Sequence[Entry]
    about: Entry | None = None


class Api:
    """The public names of convviz.

    Parameters
    ----------
    notebooks : Path
        The notebooks, whose gallery tells what the pictures show.
    """

    def __init__(self, notebooks: Path) -> None:
        self._notebooks, self._pictures = notebooks, pictures(notebooks)

    def groups(self) -> Iterator[Group]:
        """List all names, those of modules too."""
        names = {name: getattr(convviz, name) for name in convviz.__all__}
        for room, title in ROOMS.items():
            there = {
                name: value for name, value in names.items() if room in getattr(value, "__module__", "").split(".")
            }
            yield Group(title=title, entries=[self._entry(name, value) for name, value in there.items()])
        for name in MODULES:
            module = names[name]
            entries = [self._entry(f"{name}.{short}", getattr(module, short)) for short in module.__all__]
            yield Group(title=name.capitalize(), about=self._entry(name, module), entries=entries)

    def _entry(self, name: str, value: Any) -> Entry:
        if isinstance(value, Mapping):
            return Entry(name=name, sections=[Section(html=_keys(value))])
        is_class = inspect.isclass(value)
        return Entry(
            name=name,
            signature=_signature(name, value) if callable(value) else NOTHING,
            sections=list(sections(inspect.getdoc(value) or "", lambda asked: self._find(asked, name))),
            pictures=[one for one in self._pictures if name in (one.operation, f"scenes.{one.scene}")],
            lessons=self._lessons(value) if is_class else (),
            members=[self._entry(f"{name}.{short}", member) for short, member in _members(value)] if is_class else (),
        )

    def _find(self, asked: str, within: str) -> str | None:
        """Return where a name is explained on the page, if it is not right there."""
        name = asked.removeprefix("convviz.")
        outer = within.rpartition(".")[0] or within
        known = (one for one in (name, f"{within}.{name}", f"{outer}.{name}") if one in self._names)
        found = next(known, None)
        return f"#{found}" if found and found != within else None

    @cached_property
    def _names(self) -> set[str]:
        names = set(convviz.__all__)
        for name in convviz.__all__:
            value = getattr(convviz, name)
            if name in MODULES:
                names |= {f"{name}.{short}" for short in value.__all__}
            elif inspect.isclass(value):
                names |= {f"{name}.{short}" for short, _ in _members(value)}
        return names

    def _lessons(self, value: type) -> list[Page]:
        own = re.compile(rf"import .*\b{value.__name__}\b")
        return [page for page, text in self._texts.items() if own.search(text)]

    @cached_property
    def _texts(self) -> dict[Page, str]:
        paths = {page: self._notebooks / f"{page.notebook}.ipynb" for page in COURSE}
        return {page: path.read_text(encoding="utf-8") for page, path in paths.items() if path.is_file()}


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """List the public methods and properties that a class has of its own."""
    for name, value in vars(kind).items():
        if not name.startswith("_") and (inspect.isroutine(value) or isinstance(value, property)) and value.__doc__:
            yield name, getattr(value, "__func__", value)


def _signature(name: str, value: Any) -> Markup:
    """Write how something is called; what is accepted is said below."""
    empty = inspect.Parameter.empty
    whole = inspect.signature(value)
    bare = [one.replace(annotation=empty) for one in whole.parameters.values() if one.name not in ("self", "cls")]
    short = whole.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return Markup(prose.code(f"{name}{short}"))


def _keys(value: Mapping[str, Any]) -> Markup:
    """Write what a table of named things holds."""
    keys = Markup(", ").join(Markup("<code>{}</code>").format(key) for key in value)
    return Markup("<p>{}</p>").format(keys)
