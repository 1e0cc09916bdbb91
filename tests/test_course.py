"""The course and its notebooks say the same."""

import re
from pathlib import Path

import nbformat
import pytest

from convviz import lessons, theme
from convviz.course import COURSE, card, heading, neighbours, template_part, ways_on, where
from convviz.lessons import address
from convviz.lessons.asked import ASKED

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = ROOT / "convviz" / "app" / "share" / "jupyter" / "voila" / "templates" / "convviz"


def cells(name):
    return [cell.source for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells]


def test_every_numbered_notebook_is_a_page_of_the_course_in_order():
    names = [page.notebook for page in COURSE]
    assert sorted(names) == names == sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
    assert all(page.notebook.startswith(f"{page.number:02}_") for page in COURSE)
    assert all(need < page.number or need == page.number for page in COURSE for need in page.needs)


@pytest.mark.parametrize("page", COURSE, ids=lambda page: page.notebook)
def test_a_page_has_its_question_its_ways_on_and_its_card(page):
    first, *_, last = cells(page.notebook)
    assert first.splitlines()[0] == f"# {page.question}"
    assert last.splitlines()[-1] == ways_on(page), "run: make course"
    assert card(page) in cells("index"), "run: make course"
    for ending in ("", "-dark"):
        assert (NOTEBOOKS / "pictures" / f"{page.notebook}{ending}.png").is_file(), "run: make pictures"


def test_a_page_of_a_lesson_with_several_says_which_part_it_is():
    [page] = [page for page in COURSE if page.notebook == "05_filters"]
    assert where(page)[1] == "part 2 of 3"
    assert heading(page).startswith("Lesson 5, part 2: ")
    assert {each.number for each in neighbours(page)} == {5}
    assert (neighbours(COURSE[0])[0], neighbours(COURSE[-1])[1]) == (None, None)


def test_the_template_knows_the_course_and_the_colours():
    part, colours = TEMPLATE / "course.html.j2", TEMPLATE / "static" / "tokens.css"
    assert part.read_text(encoding="utf-8") == template_part(), "run: make course"
    assert colours.read_text(encoding="utf-8").endswith(theme.page_css()), "run: make course"


def start_of(notebook):
    """The state in which a page opens."""
    code = "\n".join(cells(notebook))
    found = re.search(r"from convviz\.lessons import (\w+)", code)
    assert found
    return getattr(lessons, found[1])().state


@pytest.mark.parametrize("asked", [one for topic in ASKED.values() for one in topic], ids=lambda one: one.question)
def test_a_question_leads_to_a_state_that_its_lesson_can_show(asked):
    assert f"**[{asked.question}]({asked.link})** {asked.answer}" in "\n".join(cells("questions")), "run: make course"
    start = start_of(asked.notebook)
    names = [part.split("=")[0] for part in asked.address.split("&") if part]
    assert set(names) <= set(address.names(start))
    state = address.read(asked.address, start)
    assert state.same_as(start) == (not asked.address)


def test_no_question_is_asked_twice():
    questions = [one.question for topic in ASKED.values() for one in topic]
    assert len(questions) == len(set(questions)) >= 28
