"""What the browser's Python does, tried in this one."""

import json

import comm
import pytest

from convviz.app.opening.notebook import shown
from convviz.app.site.waking import Waking
from convviz.app.site.widgets import numbered
from tests.browser.servers import ROOT

NOTEBOOK = ROOT / "notebooks" / "01_sliding_window.ipynb"
PLAYER, DESK, FORMULA, BESIDE, CODE = range(5)


class Page:
    """The page's side: what it is told, by widget and name."""

    def __init__(self):
        self.messages = []
        self.waking = Waking(str(NOTEBOOK), lambda text, buffers: self.messages.append((json.loads(text), buffers)))

    def says(self, buffers=(), **message):
        self.messages.clear()
        self.waking.hear(json.dumps(message), buffers)

    def states(self, number):
        updates = [one["data"] for one, _ in self.messages if one["id"] == number and one["data"]["method"] == "update"]
        return {name: value for update in updates for name, value in update["state"].items()}

    def customs(self, number):
        return [one["data"]["content"] for one, _ in self.messages if one["id"] == number and "content" in one["data"]]


@pytest.fixture
def page(monkeypatch):
    for name in ("create_comm", "get_comm_manager"):
        monkeypatch.setattr(comm, name, getattr(comm, name))
    return Page()


def test_it_wakes_up_without_a_word(page):
    assert page.messages == []


def test_both_sides_number_the_widgets_alike(page):
    kinds = [type(widget).__name__ for widget in numbered(shown(NOTEBOOK))]
    assert kinds == ["Player", "Desk", "Text", "Player", "Text"]


def test_a_step_is_taken_over_and_what_is_said_there_comes_back(page):
    page.says(type="update", id=PLAYER, state={"index": 4})
    assert page.states(DESK)["address"] == "step=4"
    assert "[1, 2]" in page.states(DESK)["questions"][0]["prompt"]
    assert "value" in page.states(FORMULA)
    assert "index" not in page.states(PLAYER), "the page knows"


def test_a_look_brings_a_picture_of_just_that_width(page):
    look = {"type": "look", "picture": 0, "width": 349, "density": 2, "dark": True, "channel": 0}
    page.says(type="custom", id=PLAYER, content=look)
    [picture] = page.states(PLAYER)["pictures"]
    assert picture["size"][0] <= 349
    [(message, [png])] = [(one, buffers) for one, buffers in page.messages if one["id"] == PLAYER]
    assert message["data"]["buffer_paths"] == [["pictures", 0, "first", "png"]]
    assert png.startswith(b"\x89PNG")


def test_a_control_changes_the_lesson(page):
    page.says(type="custom", id=DESK, content={"type": "use", "name": "choice mode", "value": 2})
    [picture] = page.states(PLAYER)["pictures"]
    assert picture["count"] == 49
    assert page.states(DESK)["address"] == "mode=full"


def test_what_an_address_asks_for_is_shown_and_answered(page):
    page.says(type="custom", id=DESK, content={"type": "visit", "search": "mode=same&step=3", "lock": "w"})
    assert page.states(PLAYER)["index"] == 3
    assert page.states(DESK)["locked"] == "w"
    assert page.customs(DESK) == [{"type": "visited"}]


def test_an_edit_is_answered(page):
    edit = {"type": "edit", "picture": 0, "operand": "w", "cell": [0, 0], "text": "x", "live": False, "number": 1}
    page.says(type="custom", id=PLAYER, content=edit)
    [answer] = page.customs(PLAYER)
    assert answer["type"] == "refused"
    page.says(type="custom", id=PLAYER, content={**edit, "text": "7", "number": 2})
    assert page.customs(PLAYER)[-1]["type"] == "handled"
    assert page.states(DESK)["content"]["undo"] is True


def test_a_refresh_sends_all_but_what_the_page_may_have_changed(page):
    page.says(type="refresh")
    assert {number for number in range(5) if page.states(number)} == {PLAYER, DESK, FORMULA, BESIDE, CODE}
    assert not {"index", "loop", "interval_ms"} & page.states(PLAYER).keys()
    assert page.states(PLAYER)["pictures"][0]["first"]["key"] == 0
