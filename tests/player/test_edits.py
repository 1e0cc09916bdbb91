"""What the page asks to change: what is passed on, what is refused, and what is dropped."""

import logging

import numpy as np
import pytest

from convviz import conv_layer, convolve, correlate
from convviz.player import Edit, Paste, Player, Resize
from tests.player.test_player import Page

X = np.arange(25).reshape(5, 5)
W = np.array([[1, 2], [3, 4]])

EDIT = {"type": "edit", "number": 1, "picture": 0, "operand": "w", "cell": [0, 1], "text": "-2", "live": False}
PASTE = {"type": "paste", "number": 1, "picture": 0, "operand": "x", "cell": [4, 4], "text": "1\t2\n3\t4"}
RESIZE = {"type": "resize", "number": 1, "picture": 0, "operand": "x", "axis": 1, "by": -1}


class Reader:
    """Somebody who reads what a player passes on, and may refuse it."""

    def __init__(self, player, refusal=None):
        self.changes, self.refusal = [], refusal
        player.on_edit(self.read)

    def read(self, change):
        self.changes.append(change)
        if self.refusal:
            raise self.refusal


@pytest.fixture
def player():
    return Player(correlate(X, W))


def answers(page):
    return [content for content, _ in page.frames]


@pytest.mark.parametrize(
    ("message", "change"),
    [
        (EDIT, Edit(operand="w", cell=(0, 1), text="-2", live=False)),
        ({**EDIT, "live": True, "text": ""}, Edit(operand="w", cell=(0, 1), text="", live=True)),
        ({**EDIT, "text": "1" * 40}, Edit(operand="w", cell=(0, 1), text="1" * 40)),
        (PASTE, Paste(operand="x", cell=(4, 4), text="1\t2\n3\t4")),
        (RESIZE, Resize(operand="x", axis=1, by=-1)),
    ],
)
def test_a_change_is_passed_on_and_answered(player, message, change):
    page, reader = Page(player), Reader(player)
    page.say(**message)
    assert reader.changes == [change]
    assert answers(page) == [{"type": "handled", "number": 1, "generations": [1]}]


def test_the_answer_comes_after_the_new_picture_and_names_it(player):
    page = Page(player)
    player.on_edit(lambda change: player.show([correlate(X, W + 1)]))
    page.sent.clear()
    page.say(**EDIT)
    update, answer = (data for data, _ in page.sent)
    assert update["state"]["pictures"][0]["generation"] == 2
    assert answer["content"]["generations"] == [2]


def test_while_a_number_is_dragged_only_the_frame_that_is_looked_at_is_drawn(player):
    drawn = []
    player.on_edit(lambda change: player.show([correlate(X, W + 1)]))
    player.on_edit(lambda change: drawn.append([*player._gallery.showings[0].film._kept]))
    player.index = 7
    Page(player).say(**{**EDIT, "live": True})
    assert drawn == [[7]]


def test_a_refusal_travels_back_with_what_was_typed(player):
    page, _ = Page(player), Reader(player, ValueError("“x” is no number"))
    page.say(**{**EDIT, "text": "x"})
    [answer] = answers(page)
    assert answer == {**EDIT, "type": "refused", "text": "x", "reason": "“x” is no number"}


def test_a_fault_in_the_program_is_logged_and_the_page_told(player, caplog):
    page, _ = Page(player), Reader(player, ZeroDivisionError("nobody's business"))
    with caplog.at_level(logging.ERROR):
        page.say(**EDIT)
    [answer] = answers(page)
    assert answer["type"] == "refused"
    assert "nobody" not in answer["reason"]
    assert "ZeroDivisionError" in caplog.text


MALFORMED = [
    {**EDIT, "operand": "y"},
    {**EDIT, "operand": None},
    {**EDIT, "operand": ["w"]},
    {**EDIT, "cell": [0, 2]},
    {**EDIT, "cell": [-1, 0]},
    {**EDIT, "cell": [0]},
    {**EDIT, "cell": [0, 0, 0]},
    {**EDIT, "cell": [0, 1.0]},
    {**EDIT, "cell": [0, True]},
    {**EDIT, "cell": [0, "1"]},
    {**EDIT, "cell": "01"},
    {**EDIT, "text": 3},
    {**EDIT, "text": None},
    {**EDIT, "text": "1" * 41},
    {**EDIT, "live": 1},
    {**EDIT, "live": None},
    {**PASTE, "text": "1" * 20_001},
    {**PASTE, "cell": [5, 0]},
    {**RESIZE, "axis": 2},
    {**RESIZE, "axis": -1},
    {**RESIZE, "axis": True},
    {**RESIZE, "by": 2},
    {**RESIZE, "by": 0},
    {**RESIZE, "by": True},
    {**RESIZE, "by": 1.0},
    {key: value for key, value in EDIT.items() if key != "cell"},
    {key: value for key, value in EDIT.items() if key != "live"},
]


@pytest.mark.parametrize("message", MALFORMED)
def test_what_makes_no_sense_is_dropped_and_logged(player, message, caplog):
    page, reader = Page(player), Reader(player)
    page.say(**message)
    assert reader.changes == []
    assert answers(page) == [{"type": "dropped", "number": 1}]
    assert "makes no sense" in caplog.text
    assert len(caplog.text) < 500


@pytest.mark.parametrize(
    "change", [{"picture": 1}, {"picture": -1}, {"picture": "0"}, {"number": "1"}, {"number": None}]
)
def test_without_a_picture_and_a_number_there_is_no_answer(player, change, caplog):
    page, reader = Page(player), Reader(player)
    page.say(**EDIT | change)
    assert reader.changes == []
    assert answers(page) == []
    assert "makes no sense" in caplog.text


def test_nothing_is_editable_until_somebody_reads_it(player):
    page = Page(player)
    assert player.editable is False
    page.say(**EDIT)
    assert answers(page) == [{"type": "dropped", "number": 1}]
    reader = Reader(player)
    assert player.editable is True
    player.editable = False
    page.say(**EDIT)
    assert reader.changes == []


def test_arrays_are_known_by_the_panels_that_show_them():
    layer = conv_layer(np.zeros((2, 3, 3)), np.zeros((4, 2, 2, 2)), [1, 2, 3, 4])
    player = Player(layer, convolve(X, W))
    reader = Reader(player)
    page = Page(player)
    page.say(**{**EDIT, "cell": [3, 1, 0, 1]})
    page.say(**{**EDIT, "picture": 1, "cell": [1, 1]})
    page.say(**{**EDIT, "operand": "x", "cell": [1, 2, 2]})
    assert [(change.operand, change.cell) for change in reader.changes] == [
        ("w", (3, 1, 0, 1)),
        ("w", (1, 1)),
        ("x", (1, 2, 2)),
    ]
