"""Write what follows from the course: cards, questions, the last line of each page, what Voila knows.

`make course`. The colours of the template's pages are written as well.
"""

import json
import re
from pathlib import Path
from typing import Any

from convviz import theme
from convviz.course import COURSE, card, template_part, ways_on
from convviz.lessons.asked import ASKED

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = ROOT / "convviz" / "app" / "share" / "jupyter" / "voila" / "templates" / "convviz"
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


def notebooks() -> dict[Path, dict[str, Any]]:
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


def files() -> dict[Path, str]:
    """Return the text of every file that follows from the course."""
    texts = {path: json.dumps(made, indent=1, ensure_ascii=False) + "\n" for path, made in notebooks().items()}
    colours = "/* Written by `make course` from convviz/theme.py. */\n" + theme.page_css()
    return {**texts, TEMPLATE / "course.html.j2": template_part(), TEMPLATE / "static" / "tokens.css": colours}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
