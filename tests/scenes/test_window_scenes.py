"""What the pictures of a sliding window show: the step's own numbers, where the step is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path

from convviz import convolve, correlate
from convviz.numerals import sum_of_products
from convviz.scenes import dot_product, sliding_window
from convviz.scenes.drawing.sheet import CellColours
from convviz.scenes.panels.panel import numerals
from convviz.theme import Look
from tests.scenes.extents import letterings_on
from tests.strategies import looks, traces

X = np.arange(25).reshape(5, 5)
W = np.arange(1, 10).reshape(3, 3)
SCENES = (sliding_window, dot_product)


def panel_of(scene, role):
    """Find the panel of this role."""
    (panel,) = [panel for panel in scene.panels if panel.plan.role == role]
    return panel


def texts_of(panel):
    """List the numbers of a panel's cells, row by row."""
    places = {}
    for lettering in letterings_on(panel):
        places |= dict(zip(lettering.centres, lettering.texts, strict=True))
    return [places.get(centre, "") for centre in panel.box.centres()]


def flat(step, name):
    return np.atleast_1d(getattr(step, name)).ravel()


@settings(max_examples=40)
@given(st.sampled_from(SCENES), traces(), looks, st.data())
def test_the_numbers_shown_are_the_numbers_computed(make, trace, look, data):
    scene = make(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    step = trace[index]
    scene.draw(index)
    shown = {
        "input": trace.padded,
        "output": trace.output,
        "kernel": trace.kernel,
        "given": trace.w,
        "patch": flat(step, "patch"),
        "products": flat(step, "products"),
        "sum": flat(step, "value"),
    }
    for panel in scene.panels:
        if panel.box.readable:
            assert texts_of(panel) == numerals(shown[panel.plan.role])
        else:
            assert not any(texts_of(panel))


@settings(max_examples=40)
@given(st.sampled_from(SCENES), traces(), looks)
def test_hotspots_say_where_which_cells_are(make, trace, look):
    scene = make(trace, look)
    cells = {spot["role"]: (spot["rows"], spot["columns"]) for spot in scene.hotspots()}
    assert len(cells) == len(scene.hotspots())
    assert ("given" in cells) == (make is sliding_window and trace.flip)
    assert {"kernel", "products"} <= set(cells)
    for role in {"patch", "given", "kernel", "products"} & set(cells):
        assert np.prod(cells[role]) == trace.kernel.size
    if make is sliding_window:
        assert cells["input"] == np.atleast_2d(trace.padded).shape
        assert cells["output"] == np.atleast_2d(trace.output).shape
        assert cells["kernel"] == np.atleast_2d(trace.kernel).shape
    else:
        assert cells["patch"] == cells["kernel"] == cells["products"] == (trace.kernel.size, 1)
        assert cells["sum"] == (1, 1)


@settings(max_examples=30)
@given(traces(), looks, st.data())
def test_the_cover_hides_the_cells_still_to_come_and_no_others(trace, look, data):
    scene = sliding_window(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    panel = panel_of(scene, "output")
    assert covered(panel) == [at > index for at in range(len(trace))]
    if scene.turns:
        scene.draw_turn(data.draw(st.integers(0, scene.turns - 1)))
        assert covered(panel) == [True] * len(trace)


def covered(panel):
    """Tell of each cell, by its middle and near its corners, whether the cover lies on it."""
    if not panel.cover.get_visible():
        return [False] * panel.box.rows * panel.box.columns
    outlines = panel.cover.get_path().to_polygons()
    reach = np.array([panel.box.cell_width, panel.box.cell_height]) * 0.49
    answers = []
    for centre in np.array(panel.box.centres()):
        places = [centre + reach * corner for corner in ((0, 0), (-1, -1), (1, -1), (1, 1), (-1, 1))]
        on = {any(Path(outline).contains_point(place) for outline in outlines) for place in places}
        assert len(on) == 1, "a cell half covered"
        answers.append(on.pop())
    return answers


@settings(max_examples=40)
@given(traces(), looks, st.data())
def test_frames_stand_where_the_step_is(trace, look, data):
    scene = sliding_window(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step, spots = trace[index], {spot["role"]: spot for spot in scene.hotspots()}
    lifted = (0, *step.position)[-2:]
    cells = tuple(slice(at, at + 1) for at in lifted)
    for role, block in (("input", (slice(0, 1), *step.window)[-2:]), ("output", cells)):
        spot = spots[role]
        width, height = spot["width"] / spot["columns"], spot["height"] / spot["rows"]
        left, top, right, bottom = frame(panel_of(scene, role))
        middle = ((left + right) / 2, (top + bottom) / 2)
        rows, columns = block
        assert middle == pytest.approx(
            (
                spot["x"] + (columns.start + columns.stop) / 2 * width,
                spot["y"] + (rows.start + rows.stop) / 2 * height,
            )
        )
        assert right - left == pytest.approx(max(7, (columns.stop - columns.start) * width))
        assert bottom - top == pytest.approx(max(7, (rows.stop - rows.start) * height))


def frame(panel):
    """Tell where the frame on a panel is."""
    [(left, top, width, height)] = panel.frame.spots
    return left, top, left + width, top + height


@pytest.mark.parametrize("make", SCENES)
def test_the_equation_is_the_one_of_the_step_in_the_colours_of_the_panels(make):
    trace = convolve(X, W, "same")
    scene = make(trace)
    theme = scene.sheet.theme
    for index in (0, 13, 24):
        scene.draw(index)
        step = trace[index]
        letters = scene.equation.letters
        written = sum_of_products(step.patch.flat, step.kernel.flat, step.value).replace("-", "−")
        assert "".join(letters.texts).replace(" ", "") == written.replace(" ", "")
        colours = dict(zip(("input", "kernel", "sum"), ([], [], []), strict=True))
        roles = {theme.input.strong: "input", theme.kernel.strong: "kernel", theme.output.strong: "sum"}
        for text, colour in zip(letters.texts, letters.colours, strict=True):
            if colour in roles:
                colours[roles[colour]].append(text.strip("()"))
        assert colours["input"] == [str(number) for number in step.patch.flat]
        assert colours["kernel"] == [str(number) for number in step.kernel.flat]
        assert colours["sum"] == [str(step.value)]


def test_a_long_equation_says_how_many_terms_it_leaves_out():
    random = np.random.default_rng(0)
    trace = correlate(random.normal(size=(9, 9)), random.normal(size=(7, 7)))
    scene = sliding_window(trace, Look(width=320))
    scene.draw(4)
    text = "".join(scene.equation.letters.texts)
    left_out = int(text.split("… ")[1].split(" more")[0])
    assert text.count("×") + left_out == 49
    assert len({y for _, y in scene.equation.letters.centres}) <= 6


# --- the turn of the kernel


@pytest.mark.parametrize(("x", "w"), [(X, W), (X, [[1, 2, 3]]), ([1, 2, 3, 4], [5, 6, 7]), (X, np.full((2, 3), 1 / 3))])
@pytest.mark.parametrize("make", SCENES)
def test_the_kernel_turns_from_as_given_to_as_laid(make, x, w):
    trace = convolve(x, w)
    scene = make(trace)
    panel = panel_of(scene, "kernel")
    scene.draw_turn(0)
    assert turned(panel) == as_grid(panel, trace.w)
    scene.draw_turn(scene.turns - 1)
    assert turned(panel) == as_grid(panel, trace.kernel)
    scene.draw(0)
    assert panel.turning.texts == []
    assert texts_of(panel) == numerals(trace.kernel)


def as_grid(panel, values):
    """List the cells of a panel as they should be: where, and what number."""
    return sorted(
        (round(x, 6), round(y, 6), value) for (x, y), value in zip(panel.box.centres(), values.flat, strict=True)
    )


def turned(panel):
    """List the cells of a turning kernel: where, and what number."""
    numbers = dict(zip(numerals(panel.values), panel.values.flat, strict=True))
    letters = panel.turning
    return sorted(
        (round(x, 6), round(y, 6), numbers[text]) for (x, y), text in zip(letters.centres, letters.texts, strict=True)
    )


@pytest.mark.parametrize("shape", [(3, 3), (1, 5), (5, 1), (2, 4), (25, 25)])
@pytest.mark.parametrize("make", SCENES)
def test_turning_cells_stay_within_their_panel_and_keep_their_order(make, shape):
    trace = convolve(np.ones((30, 30)), np.arange(np.prod(shape)).reshape(shape))
    scene = make(trace)
    panel = panel_of(scene, "kernel")
    box = panel.box
    for turn in range(scene.turns):
        scene.draw_turn(turn)
        corners = np.array([path.vertices[:4] for path in panel.turning_cells.get_paths()])
        assert len(corners) == trace.w.size
        assert corners[..., 0].min() >= box.x - 1e-6
        assert corners[..., 1].min() >= box.y - 1e-6
        assert corners[..., 0].max() <= box.x + box.width + 1e-6
        assert corners[..., 1].max() <= box.y + box.height + 1e-6
        if box.readable:
            np.testing.assert_allclose(corners.mean(axis=1), panel.turning.centres)
            assert panel.turning.texts == numerals(trace.w)


@pytest.mark.parametrize("make", SCENES)
def test_while_the_kernel_turns_nothing_has_been_computed(make):
    trace = convolve(X, W)
    scene = make(trace)
    scene.draw(7)
    scene.draw_turn(5)
    assert scene.equation.letters.texts == []
    for panel in scene.panels:
        if panel.plan.role in ("patch", "products", "sum"):
            assert not any(texts_of(panel))
        if panel.plan.role in ("input", "output"):
            assert panel.frame.spots == []


@pytest.mark.parametrize("make", SCENES)
def test_only_a_convolution_turns_the_kernel(make):
    assert make(convolve(X, W)).turns > 10
    scene = make(correlate(X, W))
    assert scene.turns == 0
    with pytest.raises(IndexError, match="turn=0, but there are 0 frames"):
        scene.draw_turn(0)


def test_a_turn_beyond_the_last_is_refused():
    scene = sliding_window(convolve(X, W))
    for turn in (-1, scene.turns):
        with pytest.raises(IndexError, match=f"turn={turn}, but there are {scene.turns} frames"):
            scene.draw_turn(turn)


def test_there_is_no_step_beyond_the_last():
    with pytest.raises(IndexError, match="index=9, but there are 9 steps"):
        sliding_window(correlate(X, W)).draw(9)


# --- colours instead of numbers


def colours_of(panel):
    """Find the picture that a panel shows instead of numbers."""
    (colours,) = [
        artist
        for artist in panel.sheet.figure.get_children()
        if isinstance(artist, CellColours) and artist.spots == [panel.box.spot]
    ]
    return colours


@pytest.mark.parametrize("make", SCENES)
def test_where_numbers_do_not_fit_each_cell_has_its_grey(make):
    random = np.random.default_rng(5)
    trace = convolve(random.normal(size=(40, 30)), random.normal(size=(20, 2)), "same")
    scene = make(trace)
    for index in (0, 600, 1199):
        scene.draw(index)
        step = trace[index]
        values = {"input": trace.padded, "output": trace.output, "kernel": trace.kernel, "given": trace.w}
        values |= {"patch": step.patch, "products": step.products}
        for panel in scene.panels:
            if not panel.box.readable:
                [shown] = colours_of(panel).grey
                assert shown.shape == (panel.box.rows, panel.box.columns)
                ranks = np.argsort(values[panel.plan.role].ravel(), kind="stable")
                assert (np.diff(shown.ravel()[ranks].astype(int)) >= 0).all()


def test_black_is_the_lowest_and_white_the_highest_number():
    picture = np.linspace(-5, 7, 400).reshape(20, 20)
    [grey] = colours_of(panel_of(sliding_window(correlate(picture, [[1.0]])), "input")).grey
    assert (grey.min(), grey.max()) == (grey[0, 0], grey[-1, -1]) == (0, 255)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((20, 20), 3),
        np.where(np.eye(20) > 0, 1.7e308, -1.7e308),
        np.where(np.eye(20) > 0, 2**63 - 1, -(2**63)),
        np.eye(20) * 5e-324,
    ],
    ids=["flat", "huge", "wide", "tiny"],
)
@pytest.mark.parametrize("make", SCENES)
def test_extreme_pictures_are_shown_without_a_warning(make, picture):
    scene = make(correlate(picture, np.ones((1, 1), picture.dtype)))
    scene.draw(0)
    scene.figure.canvas.draw()


# --- cost


@pytest.mark.parametrize("make", SCENES)
@pytest.mark.parametrize("operation", [correlate, convolve])
def test_the_number_of_moving_artists_does_not_grow_with_the_input(make, operation):
    sizes = (64, 128, 512)
    scenes = [make(operation(np.ones((n, n)), np.ones((3, 3)), "same")) for n in sizes]
    moving = [len(scene.moving) for scene in scenes]
    assert moving[0] == moving[1] == moving[2] < 20
    assert len({len(scene.figure.get_children()) for scene in scenes}) == 1
    scenes[-1].draw(512 * 100 + 3)
    assert sum(len(panel.texts) for panel in scenes[-1].moving if hasattr(panel, "texts")) < 100


def test_small_pictures_have_few_moving_artists_too():
    assert len(sliding_window(convolve(X, W, "same")).moving) < 20
