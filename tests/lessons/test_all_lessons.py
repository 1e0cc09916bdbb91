"""What holds for every lesson: each control, each question, each edit, each address, each line of code."""

from dataclasses import fields
from functools import cache
from typing import Any

import ipywidgets
import numpy as np
import pytest

from convviz import lessons
from convviz.lessons import address
from convviz.lessons.notes import library_calls
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from convviz.numerals import typed
from convviz.player import Edit, Paste, Resize
from convviz.player.frames import film
from convviz.trace import Trace

LESSONS: list[Any] = [getattr(lessons, name) for name in lessons.__all__ if name != "Lesson"]
WITH_PICTURES = [lesson for lesson in LESSONS if lesson.pictures]


class Unpainted:
    """Frames of a picture that is laid out and drawn, but of which no pixels are made."""

    def __init__(self, scene):
        self.scene = scene

    def png(self, key):
        """Draw a step, and return no picture of it."""
        self.scene.draw(key)
        return b""

    def release(self):
        """There are no pixels to let go of."""


@pytest.fixture
def unpainted(monkeypatch):
    """Paint no pictures; those of all options of all controls are painted."""
    monkeypatch.setattr(film, "Frames", Unpainted)


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.__name__)
def painted(request):
    return request.param()


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.__name__)
def lesson(request, unpainted):
    return request.param()


@pytest.fixture(params=WITH_PICTURES, ids=lambda lesson: lesson.__name__)
def pictured(request, unpainted):
    return request.param()


def controls_of(lesson):
    return [control for group in lesson.controls for control in group.controls]


def about(lesson, name):
    groups = lesson.desk.content["groups"]
    return next(control for group in groups for control in group["controls"] if control["name"] == name)


@cache
def start_of(kind):
    """The state that a lesson opens with: it is frozen, so the pictures need not be drawn again for each question."""
    return kind().state


def test_what_speaks_of_the_step_is_close_to_the_pictures(lesson):
    close = {note.name for note in lesson.notes if note.is_close}
    assert "formula" not in {note.name for note in lesson.notes} - close
    texts = [child for child in lesson.children if "convviz-close" in child._dom_classes]
    assert texts == [lesson.note(name) for name in close]


def is_consistent(lesson):
    """What is on the screen is what the state says, everywhere."""
    for picture in lesson.pictures:
        fresh = picture.trace(lesson.state)
        assert np.array_equal(lesson.traces[picture.name].output, fresh.output)
    if lesson.player:
        shown = [lesson.traces[picture.name] for picture in lesson.pictures if not picture.beside]
        assert list(lesson.player.traces) == shown
        for name, player in lesson.beside.items():
            assert player.trace is lesson.traces[name]
            assert player.index == lesson.player.index
    for note in lesson.notes:
        assert lesson.note(note.name).value == note.text(lesson.state, lesson.traces)
    start = start_of(type(lesson))
    back = address.read(address.write(lesson.state, start), start)
    assert back.same_as(lesson.state)
    assert back.step == lesson.state.step
    assert lesson.desk.address == address.write(lesson.state, start)


def test_names_of_controls_are_unique(lesson):
    names = [control.name for control in controls_of(lesson)]
    assert len(names) == len(set(names)) > 0


def test_every_option_of_every_control_is_shown_or_refused(painted):
    for control in controls_of(painted):
        for value in control.examples(painted.state):
            before = painted.state
            painted.use(control.name, value)
            error = painted.desk.content["error"]
            if error:
                assert error["name"] == control.name
                assert painted.state is before
            elif control.kind not in ("random", "press", "file", "text", "paste"):
                assert about(painted, control.name)["value"] == value
            is_consistent(painted)
        painted.reset()
        assert painted.state.same_as(start_of(type(painted)))


NONSENSE: list[Any] = [
    None,
    -1,
    10**6,
    2.7,
    "2.7",
    "many",
    "",
    "9" * 100,
    [1],
    {},
    True,
    "1e9",
    "0x1",
    "__class__",
    b"\x89PNG",
]


ACCEPTED = [("text", "2.7")]


def test_what_a_control_does_not_offer_is_refused_and_loses_nothing(lesson):
    for control in controls_of(lesson):
        if control.kind in ("random", "press"):
            continue
        for value in NONSENSE:
            if value in control.examples(lesson.state) or (control.kind, value) in ACCEPTED:
                continue
            before = lesson.state
            lesson.use(control.name, value)
            assert lesson.state is before, (control.name, value)
            assert lesson.desk.content["error"]["name"] == control.name
    is_consistent(lesson)


def test_undo_goes_back_one_change_at_a_time(lesson):
    states = [lesson.state]
    for control in controls_of(lesson):
        for value in list(control.examples(lesson.state))[-1:]:
            lesson.use(control.name, value)
            if not lesson.state.same_as(states[-1]):
                states.append(lesson.state)
    assert len(states) > 1
    while len(states) > 1:
        states.pop()
        assert lesson.desk.content["undo"]
        lesson.undo()
        assert lesson.state.same_as(states[-1])
        is_consistent(lesson)
    assert not lesson.desk.content["undo"]
    lesson.undo()
    is_consistent(lesson)


def test_every_right_answer_is_accepted_and_shown(pictured):
    for _ in range(1 + min(40, max(map(len, pictured.traces.values())))):
        for number, asked in enumerate(pictured.desk.questions):
            if not asked["prompt"]:
                continue
            prediction = pictured.predictions[number]
            truth, leads_to = prediction.question.truth, prediction.leads_to
            pictured.predictions.guess(number, typed(truth))
            prompt, mark, text = pictured.desk.questions[number]["before"]
            assert (prompt, mark) == (asked["prompt"], "✓")
            assert text.startswith("Right! ")
            if leads_to is not None:
                assert pictured.player.index == leads_to
                assert pictured.traces[next(iter(pictured.traces))][leads_to].value is not None


def test_a_wrong_answer_stays_and_shows_no_number(pictured):
    asked = pictured.desk.questions[0]
    step = pictured.player.index
    pictured.predictions.guess(0, "123456")
    mark, text = pictured.desk.questions[0]["verdict"]
    assert mark == "✗"
    assert text.startswith("Not yet. ")
    assert pictured.desk.questions[0]["prompt"] == asked["prompt"]
    assert pictured.player.index == step
    pictured.predictions.guess(0, "many")
    assert pictured.desk.questions[0]["verdict"][0] == "⚠"


def test_show_me_leads_to_the_answer(pictured):
    number = next((n for n, one in enumerate(pictured.predictions) if one.leads_to is not None), None)
    if number is None:
        pictured.predictions.reveal(0)
        assert pictured.desk.questions[0]["before"][1] == "→"
        return
    leads_to = pictured.predictions[number].leads_to
    assert pictured.player.ghost == leads_to
    pictured.predictions.reveal(number)
    assert pictured.player.index == leads_to
    assert pictured.desk.questions[number]["before"][1] == "→"


def test_at_the_last_step_nothing_is_asked_and_one_may_start_over(pictured):
    pictured.player.index = min(map(len, pictured.traces.values())) - 1
    number = next(n for n, one in enumerate(pictured.questions) if pictured.predictions[n].leads_to is None)
    assert pictured.desk.questions[number]["prompt"] == "" or pictured.predictions[number].question
    pictured.player.index = 0
    assert pictured.player.index == 0


def operands_of(lesson):
    """The arrays that are edited in a lesson's picture, the input first."""
    names = {field.name for field in fields(lesson.state)}
    return [operand for operand in lesson.player.trace.terms.operands if operand in names]


def test_cells_are_edited(pictured):
    assert operands_of(pictured) or not pictured.state.dimensions
    for operand in operands_of(pictured):
        array = getattr(pictured.state, operand)
        for at in {0, array.size // 2, array.size - 1}:
            cell = tuple(map(int, np.unravel_index(at, array.shape)))
            pictured.edit(Edit(operand=operand, cell=cell, text="-1/4", live=False))
            assert getattr(pictured.state, operand)[cell] == -0.25
            is_consistent(pictured)
        with pytest.raises(ValueError, match="no number"):
            pictured.edit(Edit(operand=operand, cell=cell, text="many", live=False))
        is_consistent(pictured)


def test_a_drag_is_one_change(pictured):
    before = pictured.state
    for operand in operands_of(pictured)[:2]:
        cell = (0,) * getattr(before, operand).ndim
        for number in range(2, 6):
            pictured.edit(Edit(operand=operand, cell=cell, text=str(number), live=True))
            assert getattr(pictured.state, operand)[cell] == number
        pictured.edit(Edit(operand=operand, cell=cell, text="5", live=False))
        pictured.undo()
        assert pictured.state.same_as(before)
    is_consistent(pictured)


def test_rows_and_columns_come_and_go(pictured):
    if not pictured.state.dimensions:
        return
    operand = operands_of(pictured)[0]
    limits = pictured.state.sides[operand]
    for axis in [axis for axis in (-2, -1)[-getattr(pictured.state, operand).ndim :] if limits[axis] > 1]:
        at = axis % getattr(pictured.state, operand).ndim
        for by in (1, -1, -1):
            before = getattr(pictured.state, operand).shape[at]
            pictured.edit(Resize(operand=operand, axis=at, by=by))
            assert getattr(pictured.state, operand).shape[at] == before + by
            is_consistent(pictured)


def test_a_block_is_pasted(pictured):
    if not pictured.state.dimensions:
        return
    operand = operands_of(pictured)[0]
    array = getattr(pictured.state, operand)
    block = [[7, 8], [9, 6]][: 1 if array.ndim == 1 else array.shape[-2]]
    text = "\n".join("\t".join(map(str, row)) for row in block)
    pictured.edit(Paste(operand=operand, cell=(0,) * array.ndim, text=text))
    pasted = getattr(pictured.state, operand)
    assert (
        np.atleast_2d(pasted[..., :2, :2] if array.ndim > 1 else pasted[:2]).reshape(-1, len(block), 2)[0].tolist()
        == block
    )
    is_consistent(pictured)


def test_a_link_is_opened(lesson):
    other = type(lesson)()
    for control in controls_of(other):
        for value in list(control.examples(other.state))[-1:]:
            other.use(control.name, value)
    lesson.visit(other.desk.address)
    assert lesson.state.same_as(other.state)
    assert not lesson.desk.content["notice"]


def test_a_link_that_cannot_be_read_shows_the_start_and_says_so(lesson):
    names = address.names(lesson.state)
    for search in ("x=many", "a=many", "step=-1", "x=1&x=2", "w=" + "9" * 20_000, "mode=no", "stride=9", "b=1000"):
        if search.split("=")[0] not in names:
            continue
        lesson.visit(search)
        assert "could not be opened" in lesson.desk.content["notice"]
        assert lesson.state.same_as(start_of(type(lesson)))
    is_consistent(lesson)


def states_of(lesson):
    """Some states that controls lead to, small enough for code with all numbers in it; no picture is drawn of them."""
    yield lesson.state
    for control in controls_of(lesson):
        for value in control.examples(lesson.state):
            if control.accepts(lesson.state, value):
                yield control.changed(lesson.state, value)


def test_every_library_call_gives_the_output_on_the_screen(pictured):
    # With tensors as small as these, threads wait for each other longer than they compute.
    pytest.importorskip("torch").set_num_threads(1)
    if all(note.name != "code" for note in pictured.notes):
        return
    seen = set()
    for state in states_of(pictured):
        try:
            trace: Trace = pictured.pictures[0].trace(state)
        except ValueError:  # the numbers do not go together
            continue
        for call in library_calls(trace):
            code = f"{numbers_in_code(trace)}\n{call.code}"
            if code in seen or trace.output.size > 5000:
                continue
            seen.add(code)
            names = {"trace": trace}
            exec(code, names)
            np.testing.assert_allclose(np.asarray(names["result"]), trace.output, rtol=1e-9, atol=1e-9)
    assert len(seen) >= 9


def test_a_lesson_takes_nothing_from_the_widget_that_it_is():
    """A method of a widget's own name would be called by the widget."""
    ours = {name for name, value in vars(lessons.Lesson).items() if callable(value) and not name.startswith("__")}
    assert {name for name in ours if hasattr(ipywidgets.Box, name)} == {"_repr_mimebundle_"}
