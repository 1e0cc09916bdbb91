"""Write what the notebooks say of each other: the cards, the questions, each page's last line: `make course`."""

import json
import re
from pathlib import Path
from typing import Any

from convviz.lessons.asked import ASKED
from convviz.lessons.course import COURSE, card, ways_on

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE_CARD = re.compile(r"card-\d")
INTRODUCTION = 1
"""So many cells of the index come before the cards."""


def written(cell: str, name: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": cell.splitlines(keepends=True)}


QUESTIONS = """# I have a question

Each of these leads to a lesson that is already set to what answers it: in the web app. JupyterLab opens the lesson with
its own example."""


def questions() -> dict[str, Any]:
    """Return the page of questions."""
    cells = [written(QUESTIONS, "questions")]
    for number, (topic, asked) in enumerate(ASKED.items()):
        said = "\n\n".join(f"**[{one.question}]({one.link})** {one.answer}" for one in asked)
        cells.append(written(f"## {topic}\n\n{said}", f"topic-{number}"))
    cells.append(written("[All lessons](index.ipynb)", "ways-on"))
    example = json.loads((NOTEBOOKS / "index.ipynb").read_text(encoding="utf-8"))
    return {**example, "cells": cells}


def course() -> dict[Path, dict[str, Any]]:
    """Return all notebooks as they should be."""
    index = NOTEBOOKS / "index.ipynb"
    made = {index: json.loads(index.read_text(encoding="utf-8"))}
    cards = [written(card(page), f"card-{page.notebook.replace('_', '-')}") for page in COURSE]
    cells = made[index]["cells"]
    others = [cell for cell in cells[INTRODUCTION:] if not PAGE_CARD.match(cell["id"])]
    made[index]["cells"] = [*cells[:INTRODUCTION], *cards, *others]
    made[NOTEBOOKS / "questions.ipynb"] = questions()
    for page in COURSE:
        path = NOTEBOOKS / f"{page.notebook}.ipynb"
        made[path] = json.loads(path.read_text(encoding="utf-8"))
        *text, _ = "".join(made[path]["cells"][-1]["source"]).split("\n")
        made[path]["cells"][-1]["source"] = "\n".join([*text, ways_on(page)]).splitlines(keepends=True)
    return made


if __name__ == "__main__":
    for path, notebook in course().items():
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
