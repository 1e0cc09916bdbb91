"""What a link locks stays as it is, whichever way somebody tries to change it; all else can be changed as before."""

import numpy as np
import pytest

from convviz.lessons import SlidingWindow
from convviz.lessons.locks import Locks
from convviz.player import Edit

OWN = "mode=full&w=1,2;3,4&step=5"


@pytest.fixture
def lesson():
    return SlidingWindow()


def controls(lesson):
    return {one["name"]: one for group in lesson.desk.content["groups"] for one in group["controls"]}


def test_a_link_locks_what_it_names(lesson):
    lesson.visit(OWN, "mode,unknown")
    assert (lesson.state.mode, lesson.state.step, lesson.desk.locked) == ("full", 5, "mode,unknown")
    locked = {name: one["locked"] for name, one in controls(lesson).items()}
    assert {name for name, is_so in locked.items() if is_so} == {name for name in locked if name.endswith(" mode")}
    assert any(locked.values())
    [mode] = [name for name, is_so in locked.items() if is_so]
    for value in (2, 1, 0):
        lesson.use(mode, value)
        assert lesson.state.mode == "full"
    assert "mode is locked by the link of this page" in lesson.desk.content["error"]["text"]
    lesson.edit(Edit(operand="w", cell=(0, 0), text="9"))
    assert lesson.state.w[0, 0] == 9
    assert lesson.player.editable


def test_a_locked_array_takes_no_number(lesson):
    lesson.visit(OWN, "w")
    with pytest.raises(ValueError, match="w is locked by the link of this page, and stays as it is"):
        lesson.edit(Edit(operand="w", cell=(0, 0), text="9"))
    np.testing.assert_array_equal(lesson.state.w, [[1, 2], [3, 4]])
    lesson.edit(Edit(operand="x", cell=(0, 0), text="9"))
    assert lesson.state.x[0, 0] == 9
    lesson.undo()
    lesson.undo()
    np.testing.assert_array_equal(lesson.state.w, [[1, 2], [3, 4]], "what was before the link is not returned to")


def test_with_all_locked_only_the_step_changes(lesson):
    lesson.visit(OWN, "all")
    assert not lesson.player.editable
    assert all(one["locked"] for one in controls(lesson).values())
    lesson.player.index = 7
    assert lesson.state.step == 7
    assert "step=7" in lesson.desk.address
    lesson.reset()
    assert (lesson.state.mode, lesson.state.step) == ("full", 5)
    np.testing.assert_array_equal(lesson.state.w, [[1, 2], [3, 4]])


def test_another_link_unlocks(lesson):
    lesson.visit(OWN, "all")
    lesson.visit("mode=same")
    assert lesson.player.editable
    assert lesson.state.mode == "same"
    assert lesson.desk.locked == ""
    lesson.reset()
    np.testing.assert_array_equal(lesson.state.w, SlidingWindow().state.w)
    assert lesson.desk.address == ""


def test_a_link_that_cannot_be_read_locks_nothing(lesson):
    lesson.visit("mode=sideways", "all")
    assert "This link could not be opened" in lesson.desk.content["notice"]
    assert lesson.player.editable


def test_the_step_cannot_be_locked():
    assert Locks.read("step", ["step", "w"]) == Locks()
