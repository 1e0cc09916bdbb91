"""Write what follows from the course: the cards of the index, the last line of each page, what Voila's template knows.

`make course`. The colours of the template's pages are written as well.
"""

import json
from pathlib import Path
from typing import Any

from convviz import theme
from convviz.lessons.course import COURSE, card, template_part, ways_on

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = ROOT / "convviz" / "app" / "share" / "jupyter" / "voila" / "templates" / "convviz"
INTRODUCTION = 1
"""So many cells of the index come before the cards."""


def written(cell: str, name: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": cell.splitlines(keepends=True)}


def notebooks() -> dict[Path, dict[str, Any]]:
    """Return all notebooks as they should be."""
    index = NOTEBOOKS / "index.ipynb"
    made = {index: json.loads(index.read_text(encoding="utf-8"))}
    cards = [written(card(page), f"card-{page.notebook.replace('_', '-')}") for page in COURSE]
    made[index]["cells"][INTRODUCTION:] = cards
    for page in COURSE:
        path = NOTEBOOKS / f"{page.notebook}.ipynb"
        made[path] = json.loads(path.read_text(encoding="utf-8"))
        *text, _ = "".join(made[path]["cells"][-1]["source"]).split("\n")
        made[path]["cells"][-1]["source"] = "\n".join([*text, ways_on(page)]).splitlines(keepends=True)
    return made


def files() -> dict[Path, str]:
    """Return the text of every file that follows from the course."""
    texts = {path: json.dumps(made, indent=1, ensure_ascii=False) + "\n" for path, made in notebooks().items()}
    colours = "/* Written by `make course` from convviz/theme.py. */\n" + theme.page_css()
    return {**texts, TEMPLATE / "course.html.j2": template_part(), TEMPLATE / "static" / "tokens.css": colours}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
