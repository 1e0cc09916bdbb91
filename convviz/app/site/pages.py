"""The pages of the site, from the templates of the app."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from voila.paths import collect_static_paths

from convviz.app import prose
from convviz.app.files import find_in
from convviz.app.pages import cards
from convviz.app.settings import HERE
from convviz.app.site.api import Api
from convviz.course import COURSE, beside

TEMPLATE = HERE / "share" / "jupyter" / "voila" / "templates" / "convviz"
OPENING, STATIC, PICTURES = "opening", "static", "pictures"
API = "api"
NO_LESSON = ("questions", "gallery")
"""Pages that are no part of the course's way."""
_STYLES = {"jupyter.css": "index.css", "jupyter-light.css": "theme-light.css", "jupyter-dark.css": "theme-dark.css"}


@dataclass(frozen=True, kw_only=True)
class Site:
    """What all pages of a site have in common.

    Parameters
    ----------
    key : str
        The folder of what pages are made of: another one for another version, as browsers keep what they have.
    python : dict
        Where pages find the Python that computes them; empty if there is none.
    """

    key: str
    python: dict[str, Any]

    def landing(self, notebooks: Path) -> str:
        """Write the first page."""
        there = {name: f"{name}.html" for name in NO_LESSON if (notebooks / f"{name}.ipynb").is_file()}
        return _template("landing.html").render(cards=cards(notebooks), **self._frame(), **there)

    def api(self, notebooks: Path) -> str:
        """Write the page of all public names."""
        groups = list(Api(notebooks).groups())
        has_gallery = (notebooks / "gallery.ipynb").is_file()
        return _template("api.html").render(groups=groups, has_gallery=has_gallery, **self._frame())

    def lesson(self, notebook: Path, awaited: set[int]) -> str:
        """Write a page of the course.

        Parameters
        ----------
        notebook : Path
            What it is made of.
        awaited : set of int
            The cells that show something, counted from 1.
        """
        read = json.loads(notebook.read_text(encoding="utf-8"))
        place = next((page for page in COURSE if page.notebook == notebook.stem), None)
        shows_code = read["metadata"].get("convviz", {}).get("shows_code", False)
        about = {"name": notebook.stem, "opening": f"{self.key}/{OPENING}/", "python": self.python}
        return _template("lesson.html").render(
            name=notebook.stem,
            title=prose.title(read["cells"]),
            page=beside(place) if place else None,
            cells=list(_cells(read["cells"], shows_code=shows_code, leads_on=place is not None)),
            awaited=bool(awaited),
            site=about,
            **self._frame(),
        )

    def _frame(self) -> dict[str, Any]:
        return {
            "base_url": "",
            "theme": "light",
            "api": f"{API}.html",
            "pictures": PICTURES,
            "opening": f"{self.key}/{OPENING}/",
            "include_url": lambda name: f"{self.key}/{name}",
            "include_css": lambda name: Markup('<link rel="stylesheet" href="{}">').format(f"{self.key}/{name}"),
        }


def _cells(cells: list[dict[str, Any]], *, shows_code: bool, leads_on: bool) -> Iterator[dict[str, Any]]:
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown":
            yield {"cell_type": "code", "code": Markup(prose.code(source)) if shows_code else ""}
            continue
        source = prose.without_way(source) if leads_on else source
        yield {"cell_type": "markdown", "source": source, "html": Markup(prose.html(source))}


def _template(name: str) -> jinja2.Template:
    return _templates().get_template(name)


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATE)
    return jinja2.Environment(loader=loader, extensions=["jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True)


def jupyter_styles() -> dict[str, Path]:
    """Find the styles of JupyterLab's prose and code, which the app's pages have as well."""
    folders = collect_static_paths(["voila", "nbconvert"], "lab")
    found = {ours: find_in(folders, theirs) for ours, theirs in _STYLES.items()}
    return {ours: path for ours, path in found.items() if path}
