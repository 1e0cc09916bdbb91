"""What the pictures of a sliding window show: the step's own numbers, where the step is."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.path import Path

from convviz import conv_layer, convolve, correlate
from convviz.numerals import rounding, sum_of_products
from convviz.scenes import channels, dot_product, sliding_window
from convviz.scenes.drawing.sheet import CellColours
from convviz.scenes.panels.cells import cover, grid, ground
from convviz.scenes.panels.flip import Flip
from convviz.scenes.panels.marks import Frame
from convviz.scenes.panels.words import numerals
from convviz.theme import Look
from tests.scenes.extents import drawn_by, letterings_on, panel_of
from tests.strategies import looks, traces

X = np.arange(25).reshape(5, 5)
W = np.arange(1, 10).reshape(3, 3)
SCENES = (sliding_window, dot_product)


def texts_of(panel):
    """List the numbers of a panel's cells, row by row."""
    places = {}
    for lettering in letterings_on(panel):
        places |= dict(zip(lettering.centres, lettering.texts, strict=True))
    return [places.get(centre, "") for centre in panel.box.centres()]


def flat(step, name):
    return np.atleast_1d(getattr(step, name)).ravel()


def says(text, step):
    """Whether a text is how a step's value is written, or the short number that rounding has moved it away from."""
    moved = rounding(step.products.size, float(np.abs(step.products).sum()))
    is_short = "≈" not in text and abs(float(Fraction(text.replace("−", "-"))) - step.value) <= moved
    return text == numerals(np.array(step.value))[0] or is_short


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
        "window": flat(step, "patch"),
        "products": flat(step, "products"),
        "sum": flat(step, "value"),
    }
    for panel in scene.panels:
        if panel.box.readable and panel.name not in ("output", "sum"):
            assert texts_of(panel) == numerals(shown[panel.name])
        elif panel.box.readable:
            steps = [step] if panel.name == "sum" else trace
            assert all(says(text, each) for text, each in zip(texts_of(panel), steps, strict=True))
        else:
            assert not any(texts_of(panel))


@settings(max_examples=40)
@given(st.sampled_from(SCENES), traces(), looks, st.data())
def test_what_the_page_is_told_is_what_stands_there(make, trace, look, data):
    scene = make(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    about = scene.about()
    assert [each["name"] for each in about["panels"]] == [panel.name for panel in scene.panels]
    for each, panel in zip(about["panels"], scene.panels, strict=True):
        texts = panel.texts(trace[index])
        if panel.box.readable:
            hidden = covered(panel) if cover in panel.drawn else [False] * len(texts)
            assert texts == ["" if at else text for at, text in zip(hidden, texts_of(panel), strict=True)]
        assert (texts is None) == (not panel.box.readable)
        assert each["texts"] == (None if panel.changing else texts)
        assert panel.changing == (panel.box.readable and panel.name not in ("input", "kernel", "given"))
        assert (len(each["slices"]), each["rows"], each["columns"]) == panel.view.shape
        assert each["view"] == panel.view.as_json()


@settings(max_examples=40)
@given(st.sampled_from(SCENES), traces(), looks)
def test_each_panel_has_the_cells_of_its_array_and_says_what_is_edited_through_it(make, trace, look):
    scene = make(trace, look)
    cells = {panel.name: (panel.rows, panel.columns) for panel in scene.panels}
    assert len(cells) == len(scene.panels)
    edits = {panel.name: panel.edits for panel in scene.panels if panel.edits}
    assert ("given" in cells) == (make is sliding_window and trace.flip)
    assert {"kernel", "products"} <= set(cells)
    for name in {"window", "given", "kernel", "products"} & set(cells):
        assert np.prod(cells[name]) == trace.kernel.size
    kernels = {name: "w" for name in ("given", "kernel") if name in cells}
    if make is sliding_window:
        assert cells["input"] == np.atleast_2d(trace.padded).shape
        assert cells["output"] == np.atleast_2d(trace.output).shape
        assert cells["kernel"] == np.atleast_2d(trace.kernel).shape
        readable = panel_of(scene, "input").box.readable
        assert ("window" in cells) == (not readable)
        assert edits == kernels | {"input" if readable else "window": "x"}
    else:
        assert cells["window"] == cells["kernel"] == cells["products"] == (trace.kernel.size, 1)
        assert cells["sum"] == (1, 1)
        assert edits == kernels | {"window": "x"}


@settings(max_examples=30)
@given(traces(), looks, st.data())
def test_the_cover_hides_the_cells_still_to_come_and_no_others(trace, look, data):
    scene = sliding_window(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    panel = panel_of(scene, "output")
    assert covered(panel) == [at > index for at in range(len(trace))]
    if scene.flips:
        scene.draw_flip(data.draw(st.integers(0, scene.flips - 1)))
        assert covered(panel) == [True] * len(trace)


def covered(panel):
    """Return for each cell, by its middle and near its corners, whether the cover lies on it."""
    rest = drawn_by(cover, panel)
    if not rest.get_visible():
        return [False] * panel.box.rows * panel.box.columns
    outlines = rest.get_path().to_polygons()
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
    step = trace[index]
    lifted = (0, *step.position)[-2:]
    cells = tuple(slice(at, at + 1) for at in lifted)
    for name, block in (("input", (slice(0, 1), *step.window)[-2:]), ("output", cells)):
        panel = panel_of(scene, name)
        [spot] = panel.slices
        width, height = spot["width"] / panel.columns, spot["height"] / panel.rows
        left, top, right, bottom = frame(panel)
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
    """Return where the frame on a panel is."""
    [(left, top, width, height)] = drawn_by(Frame, panel).spots
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


# --- the same number is written one way


KERNELS = {
    "box blur": [[Fraction(1, 9)] * 3] * 3,
    "tenths": [[Fraction(1, 10), Fraction(2, 10), Fraction(-3, 10)]],
    "mixed": [[Fraction(1, 3), Fraction(-1, 7)], [Fraction(5, 2), Fraction(-1, 10)]],
}


@settings(max_examples=40)
@given(st.lists(st.integers(-9, 9), min_size=25, max_size=25), st.sampled_from(sorted(KERNELS)), st.booleans())
@example([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] * 2 + [0, 1, 2, 3, 4], "box blur", True)
def test_cells_that_hold_the_same_value_are_written_alike(cells, name, has_channels):
    kernel = KERNELS[name]
    x, w = np.reshape(cells, (5, 5)), np.array(kernel, dtype=float)
    exact = [
        sum(Fraction(int(x[i + u, j + v])) * kernel[u][v] for u, v in np.ndindex(w.shape))
        for i, j in np.ndindex(6 - w.shape[0], 6 - w.shape[1])
    ]
    if has_channels:
        trace = conv_layer(np.stack([x, x]), np.stack([w, -2 * w])[None])
        exact, scene = [-value for value in exact], channels(trace)
    else:
        trace = correlate(x, w)
        scene = sliding_window(trace)
    written = {}
    for index, (value, text) in enumerate(
        zip(exact, panel_of(scene, "output").texts(trace[len(trace) - 1]), strict=True)
    ):
        assert written.setdefault(value, text) == text
        if value.denominator <= 64:
            assert Fraction(text.replace("−", "-")) == value
            scene.draw(index)
            assert "".join(scene.equation.letters.texts).endswith(f" {text}")


# --- the flip of the kernel


@pytest.mark.parametrize(("x", "w"), [(X, W), (X, [[1, 2, 3]]), ([1, 2, 3, 4], [5, 6, 7]), (X, np.full((2, 3), 1 / 3))])
@pytest.mark.parametrize("make", SCENES)
def test_the_kernel_is_flipped_from_as_given_to_as_applied(make, x, w):
    trace = convolve(x, w)
    scene = make(trace)
    panel = panel_of(scene, "kernel")
    scene.draw_flip(0)
    assert flipped(panel) == as_grid(panel, trace.w)
    scene.draw_flip(scene.flips - 1)
    assert flipped(panel) == as_grid(panel, trace.kernel)
    scene.draw(0)
    assert panel.drawn[Flip].artists[1].texts == []
    assert texts_of(panel) == numerals(trace.kernel)


def as_grid(panel, values):
    """List the cells of a panel as they should be: where, and what number."""
    return sorted(
        (round(x, 6), round(y, 6), value) for (x, y), value in zip(panel.box.centres(), values.flat, strict=True)
    )


def flipped(panel):
    """List the cells of a kernel on its way: where, and what number."""
    values = panel.values(None)
    numbers = dict(zip(numerals(values), values.flat, strict=True))
    letters = panel.drawn[Flip].artists[1]
    return sorted(
        (round(x, 6), round(y, 6), numbers[text]) for (x, y), text in zip(letters.centres, letters.texts, strict=True)
    )


@pytest.mark.parametrize("shape", [(3, 3), (1, 5), (5, 1), (2, 4), (25, 25)])
@pytest.mark.parametrize("make", SCENES)
def test_cells_of_a_kernel_that_flips_stay_within_their_panel_and_keep_their_order(make, shape):
    trace = convolve(np.ones((30, 30)), np.arange(np.prod(shape)).reshape(shape))
    scene = make(trace)
    panel = panel_of(scene, "kernel")
    box = panel.box
    for number in range(scene.flips):
        scene.draw_flip(number)
        cells, letters, _ = panel.drawn[Flip].artists
        corners = np.array([path.vertices[:4] for path in cells.get_paths()])
        assert len(corners) == trace.w.size
        assert corners[..., 0].min() >= box.x - 1e-6
        assert corners[..., 1].min() >= box.y - 1e-6
        assert corners[..., 0].max() <= box.x + box.width + 1e-6
        assert corners[..., 1].max() <= box.y + box.height + 1e-6
        if box.readable:
            np.testing.assert_allclose(corners.mean(axis=1), letters.centres)
            assert letters.texts == numerals(trace.w)


@pytest.mark.parametrize("make", SCENES)
def test_while_the_kernel_flips_nothing_has_been_computed(make):
    trace = convolve(X, W)
    scene = make(trace)
    scene.draw(7)
    scene.draw_flip(5)
    assert scene.equation.letters.texts == []
    for panel in scene.panels:
        if panel.name in ("window", "products", "sum"):
            assert not any(texts_of(panel))
        if panel.name in ("input", "output"):
            assert drawn_by(Frame, panel).spots == []


@pytest.mark.parametrize("make", SCENES)
def test_only_a_convolution_flips_the_kernel(make):
    assert make(convolve(X, W)).flips > 10
    scene = make(correlate(X, W))
    assert scene.flips == 0
    with pytest.raises(IndexError, match="number=0, but the flip animation has 0 frames"):
        scene.draw_flip(0)


def test_a_frame_of_the_flip_beyond_the_last_is_refused():
    scene = sliding_window(convolve(X, W))
    for number in (-1, scene.flips):
        with pytest.raises(IndexError, match=f"number={number}, but the flip animation has {scene.flips} frames"):
            scene.draw_flip(number)


def test_there_is_no_step_beyond_the_last():
    with pytest.raises(IndexError, match="index=9, but there are 9 steps"):
        sliding_window(correlate(X, W)).draw(9)


# --- what can be edited looks like it


@settings(max_examples=40)
@given(traces(), looks, st.data())
def test_padding_is_grey_wherever_it_shows(trace, look, data):
    index = data.draw(st.integers(0, len(trace) - 1))
    for scene in (sliding_window(trace, look), dot_product(trace, look)):
        scene.draw(index)
        for panel in scene.panels:
            if panel.name == "window" and panel.box.readable:
                cells = list(np.ndindex(1, panel.rows, panel.columns))
                padding = [scene.terms.cell_of("x", panel.view, cell, index) is None for cell in cells]
                grey = drawn_by(ground, panel).spots if any(padding) else []
                assert sum(width * height for _, _, width, height in grey) == pytest.approx(
                    sum(padding) * panel.box.cell_width * panel.box.cell_height
                )
                on = [any(x < a < x + w and y < b < y + h for x, y, w, h in grey) for a, b in panel.box.centres()]
                assert on == padding


@pytest.mark.parametrize("dark", [False, True])
def test_only_what_can_be_edited_has_the_lines_of_a_field(dark):
    scene = sliding_window(convolve(X, W, "same"), Look(dark=dark))
    theme = scene.sheet.theme
    for panel in scene.panels:
        fields = [artist for artist in panel.drawn[grid].artists if artist.get_edgecolor() == to_rgba(theme.field)]
        assert bool(fields) == bool(panel.edits)
        if panel.name == "input":
            left, top, width, height = panel.box.part(slice(1, 6), slice(1, 6))
            ends = np.array(fields[0].spots).reshape(-1, 2)
            np.testing.assert_allclose(ends.min(axis=0), (left, top))
            np.testing.assert_allclose(ends.max(axis=0), (left + width, top + height))


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
        values |= {"window": step.patch, "products": step.products}
        for panel in scene.panels:
            if not panel.box.readable:
                [shown] = colours_of(panel).grey
                assert shown.shape == (panel.box.rows, panel.box.columns)
                ranks = np.argsort(values[panel.name].ravel(), kind="stable")
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
