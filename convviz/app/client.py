"""A lesson's page in the browser: its program, and its prose as HTML, so that the page needs nothing of Voila's."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbconvert.filters.markdown_mistune import InvalidNotebook
from tornado.web import HTTPError

from convviz.app import prose
from convviz.app.files import keep
from convviz.app.guard import Guarded
from convviz.javascript import joined

NAME = "lesson.js"
_IMPORTED = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_SILENT = frozenset({"convviz", "numpy", "pathlib", "time"})
"""What a notebook may import without showing anything but our widgets."""


@cache
def _script() -> bytes:
    return joined(Path(__file__).parent / "browser" / NAME).encode("utf-8")


@cache
def address() -> str:
    """Return where the program is served, below the app's address: another place for another version."""
    return f"convviz/client/{sha256(_script()).hexdigest()[:16]}/{NAME}"


class Client(Guarded):
    """Serve the program."""

    def get(self, name: str) -> None:
        """Send it."""
        if name != NAME:
            raise HTTPError(404)
        keep(self, name)
        self.finish(_script())

    head = get


def may_show(notebook: Any) -> bool:
    """Whether our program may be able to show a notebook's page: it imports nothing that could show anything else.

    Voila's program, which can show all, then begins to load at once, and not when ours has seen what it cannot show.
    """
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return set(_IMPORTED.findall(code)) <= _SILENT


def write_prose(notebook: Any, *, leads_on: bool) -> None:
    """Write the texts of a notebook as HTML, beside their source; Voila shows those that cannot be written, or fails.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook that a page is made of.
    leads_on : bool
        Whether its page has a footer that leads to other lessons, which the last line of its text then need not do.
    """
    for cell in notebook.cells:
        is_last = leads_on and cell is notebook.cells[-1]
        source = prose.without_way(cell.source) if is_last else cell.source
        cell.metadata["convviz"] = {"html": _written(source)} if cell.cell_type == "markdown" else {}


def _written(source: str) -> str:
    try:
        return prose.html(source, ".ipynb")
    except (ValueError, InvalidNotebook):
        return ""
