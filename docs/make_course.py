"""Write what the notebooks say of each other: the cards of the index, and the last line of each page: `make course`."""

import json
import re
from pathlib import Path
from typing import Any

from convviz.lessons.course import COURSE, card, ways_on

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE_CARD = re.compile(r"card-\d")
INTRODUCTION = 1
"""So many cells of the index come before the cards."""


def written(cell: str, name: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": cell.splitlines(keepends=True)}


def course() -> dict[Path, dict[str, Any]]:
    """Return all notebooks as they should be."""
    index = NOTEBOOKS / "index.ipynb"
    made = {index: json.loads(index.read_text(encoding="utf-8"))}
    cards = [written(card(page), f"card-{page.notebook.replace('_', '-')}") for page in COURSE]
    cells = made[index]["cells"]
    others = [cell for cell in cells[INTRODUCTION:] if not PAGE_CARD.match(cell["id"])]
    made[index]["cells"] = [*cells[:INTRODUCTION], *cards, *others]
    for page in COURSE:
        path = NOTEBOOKS / f"{page.notebook}.ipynb"
        made[path] = json.loads(path.read_text(encoding="utf-8"))
        *text, _ = "".join(made[path]["cells"][-1]["source"]).split("\n")
        made[path]["cells"][-1]["source"] = "\n".join([*text, ways_on(page)]).splitlines(keepends=True)
    return made


if __name__ == "__main__":
    for path, notebook in course().items():
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
