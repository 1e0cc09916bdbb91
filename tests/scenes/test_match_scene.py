"""What the picture of template matching shows: the step's numbers, the best places so far, and nothing false."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import match_template
from convviz.numerals import numeral, settled
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, matching
from convviz.scenes.panels.ranked import Ranked
from convviz.scenes.panels.words import numerals
from convviz.theme import Look
from tests.scenes.extents import letterings_of, panel_of
from tests.scenes.test_statements import Number, agree, read, rows_of, times
from tests.strategies import looks

METRICS = ("normalized", "ssd", "mse", "correlation")
FOOLED = [0, 1, 0, 9, 9, 9], [0, 1, 0]
BEGINNINGS = {"image", "template", "pattern"}


@st.composite
def matches(draw):
    """Draw a search of any measure, on flat and on lively pictures."""
    random = np.random.default_rng(draw(st.integers(0, 99)))
    dimensions = draw(st.integers(1, 2))
    size = [draw(st.integers(1, 7)) for _ in range(dimensions)]
    image = random.integers(-draw(st.integers(0, 4)), draw(st.integers(1, 9)), size)
    image = image / draw(st.sampled_from([2, 3])) if draw(st.booleans()) else image
    template = image[tuple(slice(0, draw(st.integers(1, n))) for n in size)] + draw(st.integers(0, 1))
    return match_template(image, template, draw(st.sampled_from(METRICS)))


def shown_by(trace, index):
    """Say what must stand in the panels, from the step alone."""
    step = trace[index]
    exact = [Fraction(number).limit_denominator(3) for number in trace.template.ravel().tolist()]
    centred = np.array(exact) - sum(exact) / len(exact)
    length = math.sqrt((centred**2).sum())
    difference = step.patch - step.template
    return {
        "image": trace.image,
        "template": trace.template,
        "window": step.patch,
        "differences": difference,
        "squares": difference * difference,
        "products": step.terms,
        "wanted": centred.astype(float) / (length or 1),
    }


@settings(max_examples=25)
@given(matches(), looks, st.data())
def test_what_stands_in_the_cells_is_what_the_step_says(trace, look, data):
    scene = matching(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step, shown = trace[index], shown_by(trace, index)
    for panel in scene.panels:
        texts = panel.texts(step)
        assert (len(panel.slices), panel.rows, panel.columns) == panel.view.shape
        if texts is None or panel.name == "pattern" or (trace.metric == "normalized" and panel.name == "products"):
            continue
        if panel.name == "scores":
            assert [bool(text) for text in texts] == [at <= index for at in range(len(trace))]
            within = 1e-13 if trace.metric == "normalized" else 0.0  # patterns that have nothing in common give about 0
            assert all(
                agree([Number.read(a)], [Number.read(numeral(settled(b, within), 2))])
                for a, b in zip(texts, trace.output.flat, strict=False)
                if a
            )
        elif panel.name == "wanted" and not shown["wanted"].any():
            assert not any(texts)
        elif panel.name == "wanted":
            assert all(
                agree([Number.read(a)], [Number.read(b)]) for a, b in zip(texts, numerals(shown["wanted"]), strict=True)
            )
        else:
            assert texts == numerals(shown[panel.name])


def check_rows(scene, step):
    """Read the picture row by row, as an equation."""
    places, said = places_of(scene), []
    for row in rows_of(scene):
        assert isinstance(row[0], str) or row[0].name in BEGINNINGS
        assert not isinstance(row[-1], str)
        said += row
    left = made = None
    for before, panel in pairwise(["", *said]):
        if isinstance(panel, str):
            continue
        shown = read(places, panel, step)
        if panel.name == "image" and shown:
            rows, columns = (slice(0, 1), *step.window)[-2:]
            shown = list(np.array(shown, dtype=object).reshape(panel.rows, panel.columns)[rows, columns].flat)
        if before and left and shown:
            made = statement(before, panel, left, made, shown, step)
        left = shown


def statement(sign, panel, left, made, shown, step):
    """Check what a sign says of what is on both of its sides; return what comes of it."""
    match sign:
        case "×":
            return times(left, shown)
        case "−":
            return [a + Number(-1, -1) * b for a, b in zip(left, shown, strict=True)]
        case "=":
            assert made is None or agree(made, shown), (panel.name, made, shown)
        case "→":
            assert agree([a * a for a in left] if panel.name == "squares" else left, shown)
        case "Σ→" | "mean→":
            total = sum(filter(None, left), Number(0, 0))
            share = Number(1, 1) if sign == "Σ→" else Number.read(f"1/{len(left)}")
            assert agree([total * share], [shown[step.index]])
    return None


def places_of(scene):
    """Say what is written where."""
    places = {}
    for lettering in letterings_of(scene):
        places |= dict(zip(map(tuple, np.round(lettering.centres, 3).reshape(-1, 2)), lettering.texts, strict=True))
    return places


@settings(max_examples=25)
@given(matches(), st.integers(320, 1400), st.data())
def test_no_row_says_what_is_false(trace, width, data):
    scene = matching(trace, Look(width=width))
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    check_rows(scene, trace[index])


def spots(scene, name):
    """Return where the badges of a panel stand, and its frames."""
    letters, _, *frames, _ = panel_of(scene, name).drawn[Ranked].artists
    return letters.texts, [frame.spots for frame in frames]


@settings(max_examples=20)
@given(matches(), looks)
def test_badges_mark_the_best_and_the_second_so_far(trace, look):
    scene = matching(trace, look)
    sign = 1 if trace.smaller_is_better else -1
    for index in sorted({0, len(trace) // 2, len(trace) - 1}):
        scene.draw(index)
        order = sorted(range(index + 1), key=lambda at: (sign * trace.output.flat[at], at))[:2]
        badges, frames = spots(scene, "scores")
        assert badges == ["1", "2"][: len(order)]
        box = panel_of(scene, "scores").box
        for number, [(x, y, width, height)] in zip(order, [each for each in frames if each], strict=True):
            assert (x + width / 2, y + height / 2) == pytest.approx(box.centres()[number])
    assert trace[order[0]].position == trace.best
    assert len(trace) == 1 or trace[order[1]].position == trace.runner_up


def test_a_bright_patch_that_fools_correlation_is_seen_beside_the_window_that_fits():
    trace = match_template(*FOOLED, "correlation")
    scene = matching(trace)
    scene.draw(len(trace) - 1)
    badges, [[best], [_], [equal]] = spots(scene, "image")
    assert badges == ["1", "2", "="]
    box = panel_of(scene, "image").box
    assert round((best[0] - box.x) / box.cell_width) == trace.best[0] == 2
    assert round((equal[0] - box.x) / box.cell_width) == match_template(*FOOLED).best[0] == 0
    for metric in ("ssd", "mse", "normalized"):
        other = match_template(*FOOLED, metric)
        scene = matching(other)
        scene.draw(len(other) - 1)
        assert spots(scene, "image")[0] == ["1", "2"]
    near = match_template([0, 2, 0, 9, 9, 9], [0, 1, 0], "correlation")
    scene = matching(near)
    scene.draw(0)
    assert spots(scene, "image")[0] == ["1", "≈"]


def test_a_flat_template_has_no_pattern():
    trace = match_template([5, 7, 5, 1], [2, 2])
    scene = default_scene(trace)
    scene.draw(1)
    for name in ("pattern", "wanted", "products"):
        assert panel_of(scene, name).texts(trace[1]) == ["", ""]


def test_what_is_the_mean_up_to_its_last_bits_is_0_in_a_pattern():
    trace = match_template([4 / 3, 1, 2 / 3], [4 / 3, 1, 2 / 3])
    scene = matching(trace)
    texts = {panel.name: panel.texts(trace[0]) for panel in scene.panels}
    assert texts["pattern"] == texts["wanted"] == ["≈0.71", "0", "≈−0.71"]
    assert texts["products"] == ["0.5", "0", "0.5"]


def test_small_and_large_scores_are_not_rounded_away():
    tiny = match_template([1e-9, 3e-9], [0.0], "ssd")
    assert panel_of(matching(tiny), "scores").texts(tiny[1]) == ["1e−18", "9e−18"]
    trace = match_template([2**31, 0], [0], "mse")
    assert panel_of(matching(trace), "squares").texts(trace[0]) == [str(2**62)]


def test_a_flat_window_has_no_pattern():
    trace = match_template([5, 5, 5, 1], [1, 2])
    scene = default_scene(trace)
    scene.draw(0)
    assert panel_of(scene, "pattern").texts(trace[0]) == panel_of(scene, "products").texts(trace[0]) == ["", ""]
    assert "".join(scene.equation.letters.texts) == "no pattern → 0"


@pytest.mark.parametrize("metric", METRICS)
def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one(metric):
    trace = match_template(np.arange(20).reshape(4, 5) % 7, [[1, 2], [0, 3]], metric)
    for look in (Look(width=360, dark=True), Look(width=1100)):
        frames = Frames(matching(trace, look))
        for index in (11, 0, 7):
            assert np.array_equal(frames.pixels(index), Frames(matching(trace, look)).pixels(index))


@pytest.mark.parametrize("metric", METRICS)
def test_pointing_at_a_cell_leads_to_the_windows_that_read_it(metric):
    trace = match_template(np.arange(20).reshape(4, 5), [[1, 2], [0, 3]], metric)
    scene = matching(trace)
    image, scores = panel_of(scene, "image"), panel_of(scene, "scores")
    for row, column in np.ndindex(4, 5):
        blocks = scene.terms.related(image.view, scores.view, (0, row, column), step=0)
        found = {(r, c) for block in blocks for r in block.rows for c in block.columns}
        changed = trace.image.copy()
        changed[row, column] += 1000
        other = (
            match_template(changed, trace.template, "ssd").output
            != match_template(trace.image, trace.template, "ssd").output
        )
        assert found == set(map(tuple, np.argwhere(other).tolist()))
    for number, step in enumerate(trace):
        assert scene.terms.step_of(scores.view, (0, *step.position), step=0) == number
