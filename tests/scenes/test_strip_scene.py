"""The strip of a model's layers: what stands in the boxes is what the steps say."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.layers.parameters import grouped
from convviz.operations.libraries.model_trace import INPUT, UNSEEN, written
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, layer_strip
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.panels.labels import LABEL_PX, Labels
from convviz.scenes.panels.marks import Frame
from convviz.theme import Look
from tests.model_traces import BROKEN, CONV, NET, PLAIN, POOL, model, models
from tests.scenes.extents import letters_of, overlapping, panel_of, sheet_of, slices_of, words_of
from tests.scenes.shown import WIDTHS, check_frames

looks = st.builds(Look, width=st.integers(320, 1400), dark=st.booleans())


def lines_in(scene):
    """Return what is written in each box, from the top."""
    letters = letters_of(panel_of(scene, "layers").drawn[Labels].artists[0])
    return [[word for word in letters if word.within(box)] for box in slices_of(scene)]


def cut(text, whole):
    """Whether a text is another one, or the end of it."""
    return text == whole or (text.startswith("…") and whole.endswith(text[1:]))


@settings(max_examples=40)
@given(models(), looks)
def test_what_stands_in_the_boxes_is_what_the_steps_say(trace, look):
    scene = layer_strip(trace, look)
    assert sum(map(len, lines_in(scene))) == len(panel_of(scene, "layers").drawn[Labels].artists[0].texts)
    for step, found in zip(trace, lines_in(scene), strict=True):
        kind, *lines = [word.what for word in found]
        assert cut(kind, step.kind)
        before, after = written(step.shape_in), written(step.shape_out)
        shapes = [[before, f"→ {after}"], [after] if before == after else [f"{before} → {after}"]]
        together = shapes[1] if len(lines) and cut(lines[0], shapes[1][0]) else shapes[0]
        facts = [*together]
        facts += [f"{grouped(step.parameters)} parameter{'s' * (step.parameters > 1)}"] * bool(step.parameters)
        facts += (
            ["MACs not counted"]
            if step.macs is None
            else [f"{grouped(step.macs)} MAC{'s' * (step.macs > 1)}"] * bool(step.macs)
        )
        facts += ["passes its input on"] if step.passes else ["not explained"] * bool(step.plain)
        if step.reads == UNSEEN:
            facts.append("← other operations")
        elif step.reads != step.index - 1:
            facts.append("← input" if step.reads == INPUT else f"← {trace[step.reads].name}")
        assert len(lines) == len(facts)
        assert all(cut(line, fact) for line, fact in zip(lines, facts, strict=True))


@settings(max_examples=40)
@given(models(), looks)
def test_words_keep_apart_and_stay_in_their_boxes(trace, look):
    scene = layer_strip(trace, look)
    scene.draw(len(trace) - 1)
    boxes = slices_of(scene)
    assert not overlapping(boxes)
    assert not overlapping(words_of(scene))
    assert all(box.within(sheet_of(scene)) for box in boxes)
    assert all(word.within(sheet_of(scene)) for word in words_of(scene) if word.what != f"{trace.name}, layer by layer")


@pytest.mark.parametrize("width", WIDTHS)
def test_boxes_wrap_and_the_box_of_the_step_is_framed(width):
    trace = model(*[CONV, POOL, BROKEN, PLAIN] * 4)
    scene = layer_strip(trace, Look(width=width))
    boxes = slices_of(scene)
    rows = sorted({box.top for box in boxes})
    assert [(box.top, box.left) for box in boxes] == sorted((box.top, box.left) for box in boxes), "in reading order"
    assert len(rows) > 1
    assert sum(box.top == rows[0] for box in boxes) >= 2, "also on a telephone"
    assert scene.size[0] <= width
    for index in (15, 0, 7):
        scene.draw(index)
        [(x, y, wide, high)] = panel_of(scene, "layers").drawn[Frame].artists[0].spots
        box = boxes[index]
        np.testing.assert_allclose((x, y, x + wide, y + high), box[:4])


def test_shapes_that_do_not_fit_on_a_line_stand_on_two():
    trace = model({"shape_in": (3, 224, 224), "shape_out": (64, 112, 112)}, {"shape_in": (1,), "shape_out": (2,)})
    texts = [[word.what for word in found] for found in lines_in(layer_strip(trace))]
    assert texts[0][1:3] == ["3×224×224", "→ 64×112×112"]
    assert texts[1][1] == "1 → 2"


@pytest.mark.parametrize("width", [320, 960])
def test_a_very_deep_model_has_short_boxes(width):
    trace = model(*[CONV, POOL, PLAIN] * 172)
    scene = layer_strip(trace, Look(width=width))
    assert scene.size[1] < 32_000 / 3, "what a canvas of a telephone holds"
    texts = [[word.what for word in found] for found in lines_in(scene)]
    assert texts[:3] == [["Conv2d", "→ 3×3×3"], ["MaxPool2d", "→ 3×1×1"], ["Softmax", "→ 3×3×3"]]
    assert scene.panels[0].text(trace[0], (514, 0, 0)) == trace[514].describe()


def test_names_of_any_length_stand_above_their_boxes():
    trace = model({"name": "conv1"}, {"name": "stages.1.0.downsample.0.of.a.very.deep.network"})
    scene = layer_strip(trace)
    [first, second] = panel_of(scene, "layers").plan.captions
    assert first == "conv1"
    assert second.startswith("…")
    assert second.endswith("very.deep.network")
    assert text_width(second, LABEL_PX) <= 160


@pytest.mark.parametrize(
    ("trace", "note"),
    [
        (model(CONV, POOL), "2 steps, 24 parameters, 216 MACs"),
        (model(CONV, CONV | {"first": 0}), "2 steps, 24 parameters, 432 MACs"),
        (model(CONV, {"macs": None, "parameters": 1}), "2 steps, 25 parameters, at least 216 MACs"),
        (model(CONV, parameters=30), "1 step, 30 parameters, 216 MACs, 6 parameters outside the layers"),
    ],
)
def test_the_note_says_what_the_model_comes_to(trace, note):
    assert layer_strip(trace).panels[0].plan.note == note
    assert layer_strip(trace, Look(width=320)).panels[0].plan.note in note


def test_stripes_tell_what_is_explained_without_colour_alone():
    trace = model(CONV, POOL, PLAIN, {"kind": "Dropout", "passes": True})
    theme = Look().theme
    panel = layer_strip(trace).panels[0]
    stripes = {
        patch.get_hatch(): patch
        for patch in panel.sheet.figure.get_children()
        if getattr(patch, "get_hatch", lambda: None)()
    }
    [hatched] = stripes.values()
    assert hatched.spots == [(panel.slices[2]["x"], panel.slices[2]["y"], 6.0, panel.slices[2]["height"])]
    mark = next(mark for mark in [panel.part.tint] if isinstance(mark, Labels))
    assert list(mark.stripes) == [theme.kernel.strong, theme.output.strong, "", None]


def test_a_box_is_chosen_and_read_as_any_cell_is():
    scene = default_scene(NET)
    [panel] = scene.panels
    assert panel.name == "layers"
    about = json.loads(json.dumps(scene.about()))
    assert about["terms"]["step"] == [{"size": 4, "of": {"n": 1}, "offset": 0, "copies": []}]
    for index in range(4):
        assert scene.terms.step_of(panel.view, (index, 0, 0), step=0) == index
        assert panel.text(NET[0], (index, 0, 0)) == NET[index].describe()
    assert panel.texts(NET[0]) is None


def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one():
    check_frames(layer_strip, NET, Look(width=400, dark=True), (3, 0, 2, 0))
    frames = Frames(layer_strip(NET))
    assert (frames.pixels(0).copy() != frames.pixels(1)).any()
