"""Pictures of matrix products, dense layers, backward passes, groupings and receptive fields."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import convviz
from convviz.geometry import Axis, Geometry
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.matrix.as_dense import as_dense
from convviz.player.frames.frames import Frames
from convviz.scenes import (
    backward,
    default_scene,
    dense_layer,
    groupings,
    matrix_gradient,
    matrix_products,
    receptive_field,
)
from convviz.scenes.panels.cells import cover
from convviz.theme import Look
from tests.scenes.extents import panel_of
from tests.scenes.reading import Number, check_room, check_signs, fresh, numbers_in, texts_in
from tests.strategies import layer_traces, looks, traces

RANDOM = np.random.default_rng(9)
WIDTHS = (320, 390, 560, 830, 1400)


def integers(*shape):
    return RANDOM.integers(-4, 9, shape)


def floats(*shape):
    return RANDOM.normal(size=shape)


def square(size, kernel, padding=0, stride=1):
    return Geometry((Axis(size=size, kernel=kernel, before=padding, after=padding, stride=stride),) * 2)


LAYERS: dict[str, Any] = {
    "one kernel": convviz.correlate(integers(5, 5), integers(3, 3)),
    "flipped": convviz.convolve(integers(4, 4), integers(2, 3), "same"),
    "signal": convviz.convolve(integers(6), integers(3), "full"),
    "single": convviz.correlate([3], [2]),
    "floats": convviz.correlate(floats(4, 4), floats(2, 2)),
    "large": convviz.correlate(floats(12, 12), floats(3, 3)),
    "layer": convviz.conv_layer(integers(2, 3, 3), integers(2, 2, 2, 2), [1, -2], padding=1, activation="relu"),
    "groups": convviz.conv_layer(integers(4, 3, 3), integers(2, 2, 2, 2), groups=2, stride=2, padding=1),
    "copies": convviz.conv_layer(integers(1, 4, 4), integers(1, 1, 3, 3), padding=1, padding_mode="reflect", flip=True),
    "many": convviz.conv_layer(integers(6, 4, 4), integers(5, 6, 2, 2)),
    "signals": convviz.conv_layer(integers(2, 6), integers(3, 2, 3), [1, 2, 3]),
}
UPSTREAM = {name: RANDOM.integers(-3, 4, layer.output.shape) for name, layer in LAYERS.items()}
THREE = (integers(3), integers(2), integers(3))
PLANES = (integers(2, 3), integers(2, 2), integers(1, 2))


class Case(NamedTuple):
    """A picture, and the panels that may begin a statement in it."""

    make: Any
    trace: Any
    beginnings: set[str]


MATRIX = {"input", "window", "channels", "vector", "toeplitz", "kernel_row", "map"}
ON_THE_MATRIX = {"toeplitz", "vector", "local"}
BACKWARD = {"input", "channels", "upstream", "window", "kernel", "local_b", "bordered"}
CASES = {
    **{f"matrix, {name}": Case(matrix_products, convviz.matrix_view(each), MATRIX) for name, each in LAYERS.items()},
    **{
        f"backward, {name}": Case(backward, convviz.gradients(each, UPSTREAM[name]), BACKWARD)
        for name, each in LAYERS.items()
    },
    **{
        f"on the matrix, {name}": Case(
            matrix_gradient, convviz.matrix_view(convviz.gradients(each, UPSTREAM[name])), ON_THE_MATRIX
        )
        for name, each in LAYERS.items()
    },
    **{
        f"dense, {name}": Case(dense_layer, trace, {"inputs", "links", "neurons", "weights"})
        for name, trace in {
            "relu": convviz.dense(integers(4), integers(3, 4), integers(3), "relu"),
            "floats": convviz.dense(floats(5), floats(2, 5), floats(2)),
            "one": convviz.dense([2], [[3]]),
            "many": convviz.dense(integers(64), integers(30, 64)),
            "many neurons": convviz.dense(integers(4), integers(40, 4), activation="tanh"),
            "tied": as_dense(LAYERS["signal"], "relu"),
            "tied layer": as_dense(convviz.conv_layer(integers(2, 4), integers(2, 2, 2), [1, -2])),
        }.items()
    },
    **{
        f"groupings, {name}": Case(groupings, convviz.associativity(*arrays, flip=flip), {"a", "a2", "difference"})
        for name, arrays, flip in (
            ("convolution", THREE, True),
            ("correlation", THREE, False),
            ("planes", PLANES, False),
            ("floats", (floats(2, 2), floats(2, 3), floats(2, 2)), True),
            ("long", (integers(30), integers(9), integers(4)), False),
        )
    },
    **{
        f"sight, {name}": Case(receptive_field, convviz.receptive_field(layers), {"layer 0"})
        for name, layers in {
            "stack": [square(8, 3, 1), square(8, 3, 1), square(8, 2, 0, 2)],
            "signal": [Geometry((Axis(size=9, kernel=3, before=1, after=1, dilation=2),))] * 3,
            "traces": [LAYERS["layer"], convviz.pool(LAYERS["layer"].output, 2)],
            "large": [square(64, 5, 2, 2), square(32, 3)],
            "too small": [square(2, 3), square(2, 3)],
        }.items()
    },
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def a_few(trace):
    return sorted({0, len(trace) // 2, len(trace) - 1})


@every_case
def test_it_is_the_picture_that_a_player_shows(case):
    names = [panel.name for panel in default_scene(case.trace).panels]
    assert names == [panel.name for panel in case.make(case.trace).panels]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("width", WIDTHS)
@every_case
def test_everything_has_its_place_and_no_row_loses_its_sign(case, width):
    scene = case.make(case.trace, Look(width=width))
    check_room(scene, a_few(case.trace))
    check_signs(scene, case.beginnings)


@pytest.mark.parametrize("width", [320, 1100])
@every_case
def test_the_page_is_told_what_stands_in_the_cells(case, width):
    scene = case.make(case.trace, Look(width=width))
    for index in a_few(case.trace):
        scene.draw(index)
        shown = texts_in(scene)
        for panel in scene.panels:
            texts = panel.texts(case.trace[index]) if panel.has_cells else None
            if texts is not None:
                known = sum(1 for text in texts if text) if cover in panel.drawn else len(texts)
                assert shown[panel.name][:known] == texts[:known], panel.name
            if panel.view:
                assert panel.view.shape == (len(panel.slices), panel.rows, panel.columns), panel.name
    scene.about()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "name",
    ["matrix, one kernel", "matrix, layer", "matrix, large", "backward, flipped", "backward, layer", "dense, relu",
     "on the matrix, signal", "on the matrix, layer", "dense, tied",
     "groupings, correlation", "sight, stack", "sight, large"],
)  # fmt: skip
def test_a_frame_is_a_full_drawing_of_its_step_whatever_was_drawn_before(name, dark):
    make, trace, _ = CASES[name]
    look = Look(width=700, dark=dark, density=1.25)
    frames = Frames(make(trace, look))
    expected = {key: fresh(make, trace, look, key) for key in a_few(trace)}
    for key in (*expected, *reversed(expected)):
        assert np.array_equal(frames.pixels(key), expected[key])


# --- any numbers at all


@settings(max_examples=15)
@given(st.one_of(traces(most=6, largest_kernel=4), layer_traces(most=4)), looks, st.data())
def test_everything_has_its_place_in_a_matrix_product_of_any_numbers(trace, look, data):
    try:
        view = convviz.matrix_view(trace)
    except ValueError:  # copies of large weights that may not fit
        reject()
    check_room(matrix_products(view, look), [data.draw(st.integers(0, len(view) - 1))])


@settings(max_examples=15)
@given(st.one_of(traces(most=6, largest_kernel=4), layer_traces(most=4)), looks, st.data())
def test_everything_has_its_place_in_a_backward_pass_of_any_numbers(trace, look, data):
    slope = np.sign if callable(getattr(trace, "activation", None)) else None
    try:
        back = convviz.gradients(trace, derivative=slope)
    except ValueError:  # a gradient that does not fit
        reject()
    check_room(backward(back, look), [data.draw(st.integers(0, len(back) - 1))])


# --- what the numbers say together


def agree(made, shown):
    assert len(made) == len(shown)
    return all((a is None) == (b is None) and (a is None or a.agrees_with(b)) for a, b in zip(made, shown, strict=True))


def total(numbers):
    return sum((number for number in numbers if number), Number(0, 0))


def times(left, right):
    return [a * b if a and b else None for a, b in zip(left, right, strict=True)]


def drawn(case, width=1400):
    """Draw some steps, and read them."""
    scene = case.make(case.trace, Look(width=width))
    for index in a_few(case.trace):
        scene.draw(index)
        yield scene, case.trace[index], numbers_in(scene)


def cases_of(kind, *skipped):
    names = [name for name in CASES if name.startswith(kind) and not any(each in name for each in skipped)]
    return pytest.mark.parametrize("case", [CASES[name] for name in names], ids=names)


@cases_of("matrix", "many", "large")
def test_both_matrices_have_the_same_products_as_the_window(case):
    blank = Number(0, 0)
    for _, step, shown in drawn(case):
        width = len(shown["vector"])
        row = shown["toeplitz"][step.index * width : (step.index + 1) * width]
        assert [number is None for number in row] == [number == -1 for number in case.trace.tied[step.index]]
        filled = [number or blank for number in row]
        assert agree(times(shown["vector"], filled), shown["row_products"])
        table = np.array(shown["im2col"], dtype=object).reshape(case.trace.im2col.shape)
        layer = as_layer(case.trace.layer)
        cells = layer.kernel[0, 0].size
        channels = layer.channels_of(0 if layer.bare else step.position[0])
        column = table[channels.start * cells : channels.stop * cells, step.column_index]
        assert agree(times(shown["kernel_row"], column), shown["column_products"])
        assert agree([total(shown["row_products"])], shown["row_sum"])
        assert agree([total(shown["column_products"])], shown["column_sum"])
        assert agree(shown["row_sum"], shown["column_sum"])


@cases_of("on the matrix", "many", "large")
def test_each_row_of_the_gradient_is_an_outputs_gradient_times_the_input(case):
    trace, columns = case.trace, len(case.trace.vector)
    for scene, step, shown in drawn(case):
        assert agree(shown["vector"], shown["across"])
        held = trace.tied[step.index] != -1
        row = slice(step.index * columns, (step.index + 1) * columns)
        products = times(shown["local"][step.index : step.index + 1] * columns, shown["across"])
        assert agree([each if is_held else None for each, is_held in zip(products, held, strict=True)],
                     shown["gradient"][row])  # fmt: skip
        assert [number is None for number in shown["toeplitz"][row]] == [not each for each in held]
        filled = [number or Number(0, 0) for number in shown["toeplitz"][row]]
        assert agree([total(times(filled, shown["vector"]))], shown["sums"][step.index : step.index + 1])
        assert not any(panel_of(scene, "gradient").texts(step)[row.stop :])


@cases_of("on the matrix", "many", "large", "copies", "single")
def test_entries_of_a_colour_add_up_to_the_gradient_of_its_weight(case):
    trace = case.trace
    for _, step, shown in drawn(case):
        known = trace.tied.reshape(-1)[: (step.index + 1) * len(trace.vector)]
        for weight, number in enumerate(shown["weight"]):
            entries = [shown["gradient"][at] for at in np.flatnonzero(known == weight)]
            assert agree([total(entries)] if entries else [number and Number(0, 0)], [number])
    np.testing.assert_allclose(panel_of(case.make(trace), "weight").values(trace[-1]).ravel(), trace.output.ravel())


@cases_of("dense", "many")
def test_a_row_of_weights_times_the_inputs_and_the_bias_is_the_neuron(case):
    for scene, step, shown in drawn(case):
        width = len(shown["inputs"])
        row = shown["weights"][step.index * width : (step.index + 1) * width]
        if case.trace.tied is not None:
            assert [number is None for number in row] == [weight == -1 for weight in case.trace.tied[step.index]]
            row = [number or Number(0, 0) for number in row]
        assert agree(shown["inputs"], shown["vector"])
        assert agree(times(row, shown["vector"]), shown["products"])
        assert agree([total(shown["products"]) + shown["bias"][0]], shown["total"])
        last = shown["value"] if step.activation else shown["total"]
        assert agree(last, [shown["neurons"][step.index]])
        assert scene.equation.letters.texts[-1]


@cases_of("backward", "many", "large")
def test_what_a_step_adds_makes_the_total_before_it_the_total_after_it(case):
    trace, layer = case.trace, as_layer(case.trace.layer)
    for _, _, shown in drawn(case):
        local = shown["local"] * len(shown["window"])
        assert agree(times(shown["window"], local), shown["weight_part"])
        assert agree(times(shown["kernel"], local), shown["x_part"])
        if trace.slope is not None:
            assert agree(times(shown["upstream"], shown["slope"]), shown["local_map"])
        if layer.bare:
            assert agree([total(shown["full_products"])], shown["full"])
    for index in a_few(trace)[1:]:
        assert_added(case, index)


def assert_added(case, index):
    """Check that the totals of a step are those of the step before it and what it adds."""
    trace, layer = case.trace, as_layer(case.trace.layer)
    scene = case.make(trace, Look(width=1400))
    scene.draw(index - 1)
    before = numbers_in(scene)
    scene.draw(index)
    after, step = numbers_in(scene), trace[index]
    is_same = layer.bare or trace[index - 1].position[0] == step.position[0]
    if is_same:
        assert agree(
            [a + b if a else None for a, b in zip(before["weight"], after["weight_part"], strict=True)], after["weight"]
        )
    shape = (len(layer.x), *((1, *layer.padded.shape[1:])[-2:]))
    old, new = (np.array(each["padded"], dtype=object).reshape(shape) for each in (before, after))
    rows, columns = (slice(0, 1), *step.window[0 if layer.bare else 1 :])[-2:]
    channels = slice(0, 1) if layer.bare else step.window[0]
    part = [number for number in after["x_part"] if number]
    old[channels, rows, columns] = old[channels, rows, columns] + np.array(part, dtype=object).reshape(
        old[channels, rows, columns].shape
    )
    assert agree(list(old.flat), list(new.flat))
    if layer.bare:
        corner = (0, rows.start, columns.start)
        assert new[corner].agrees_with(after["full"][0])


@cases_of("backward")
def test_the_last_totals_are_the_gradients(case):
    trace, layer = case.trace, as_layer(case.trace.layer)
    scene = case.make(trace)
    last = trace[-1]
    number = 0 if layer.bare else last.position[0]
    weight = panel_of(scene, "weight").values(last)
    whole = trace.weight if layer.bare else trace.weight[number]
    own = np.ma.compressed(weight)
    if not scene.channels:
        np.testing.assert_allclose(own, whole.ravel(), rtol=1e-12)
        np.testing.assert_allclose(panel_of(scene, "padded").values(last).ravel(), trace.padded.ravel(), rtol=1e-12)


def test_the_full_convolution_is_the_gradient_of_the_input():
    for name in ("one kernel", "flipped", "signal"):
        layer, upstream = LAYERS[name], UPSTREAM[name]
        trace, full = convviz.gradients(layer, upstream), convviz.convolve if not layer.flip else convviz.correlate
        whole = full(upstream, layer.w, "full").output
        np.testing.assert_array_equal(whole, trace.padded)
        scene = backward(trace)
        for step in trace:
            assert panel_of(scene, "full").values(step).item() == whole[step.position]


@cases_of("groupings")
def test_both_results_and_their_difference_stand_there(case):
    trace = case.trace
    for scene, step, shown in drawn(case):
        known = step.index + 1
        for name, values in (("left", trace.left), ("right", trace.right), ("difference", trace.difference)):
            if name in shown:
                for number, value in zip(shown[name][:known], values.ravel(), strict=False):
                    assert number.agrees_with(Number.read(repr(float(value)))) or abs(float(value)) < 1e-12
                texts = panel_of(scene, name).texts(step)
                assert texts[known:] == [""] * (len(texts) - known)
        differ = next(mark for key, mark in panel_of(scene, "right").drawn.items() if "Differ" in str(key)).artists[0]
        assert len(differ.spots if differ.get_visible() else []) == np.count_nonzero(~trace.agree.ravel()[:known])


@cases_of("sight", "large")
def test_each_layer_shows_in_how_many_ways_the_one_before_the_output_is_read(case):
    trace = case.trace
    for scene, step, _ in drawn(case):
        for level, ways in enumerate(step.ways):
            panel = panel_of(scene, f"layer {level}")
            texts = ["" if not number else str(number) for number in ways.ravel()]
            assert panel.texts(step) == texts
        assert step.value == np.count_nonzero(step.ways[0])
        assert [int(each.sum()) for each in step.ways][-1] == 1
    for level, (below, above) in enumerate(pairwise(trace[0].ways)):
        assert below.shape == tuple(axis.size for axis in trace.layers[level].axes)
        assert above.shape == trace.layers[level].output_shape


# --- ties


def test_a_weight_has_the_same_fill_wherever_it_is_and_blank_entries_have_none():
    trace = convviz.matrix_view(LAYERS["one kernel"])
    scene = matrix_products(trace)
    scene.draw(4)
    fills = {}
    for name, weights in (("toeplitz", trace.tied), ("kernel", np.arange(9)), ("kernel_row", np.arange(9))):
        panel = panel_of(scene, name)
        artists = next(drawn for key, drawn in panel.drawn.items() if "Ties" in str(key)).artists[:-2]
        for (x, y), weight in zip(panel.box.centres(), weights.ravel(), strict=True):
            at = [
                (tuple(artist.get_facecolor()), artist.get_hatch())
                for artist in artists
                if artist.get_visible()
                and any(left < x < left + w and top < y < top + h for left, top, w, h in artist.spots)
            ]
            assert len(at) == (weight >= 0)
            if at:
                fills.setdefault(int(weight), set()).add(at[0])
    assert all(len(each) == 1 for each in fills.values())
    kinds = [each.pop() for each in fills.values()]
    assert len({colour for colour, _ in kinds}) == len({hatch for _, hatch in kinds}) == 9


def test_a_gradient_has_the_fill_of_its_weight():
    trace = convviz.matrix_view(convviz.gradients(LAYERS["signal"]))
    scene = matrix_gradient(trace)
    scene.draw(len(trace) - 1)
    fills = {}
    for name in ("toeplitz", "gradient", "weight"):
        drawn = next(drawn for key, drawn in panel_of(scene, name).drawn.items() if "Ties" in str(key))
        fills[name] = {(artist.get_facecolor(), artist.get_hatch()): len(artist.spots) for artist in drawn.artists[:-2]}
    assert fills["toeplitz"] == fills["gradient"] == dict.fromkeys(fills["weight"], 6)
    assert list(fills["weight"].values()) == [1, 1, 1]


def test_a_layer_without_tied_weights_has_nothing_to_add_up():
    free = convviz.conv_layer([[1, 2, 3]], [[[1, 0, 2]], [[3, 4, 0]]])
    scene = matrix_gradient(convviz.matrix_view(convviz.gradients(free)))
    assert "weight" not in [panel.name for panel in scene.panels]
    assert panel_of(scene, "toeplitz").texts(None) == ["1", "0", "2", "3", "4", "0"]


def test_lines_of_weights_that_are_always_zero_are_dotted():
    links = panel_of(dense_layer(as_dense(convviz.correlate([1, 2, 3, 4], [5, 6, 7]))), "links")
    _, kept, cut = next(drawn for key, drawn in links.drawn.items() if "Links" in str(key)).artists
    assert (len(kept.spots), len(cut.spots)) == (6, 2)


def test_a_matrix_is_readable_up_to_40_columns_where_there_is_room():
    for size, readable in ((6, True), (7, False)):
        trace = convviz.matrix_view(convviz.correlate(np.ones((size, size), int), np.ones((5, 5), int)))
        scene = matrix_products(trace, Look(width=1100))
        assert [panel_of(scene, name).box.readable for name in ("vector", "toeplitz", "row_products")] == [readable] * 3


def test_where_a_matrix_is_in_colours_its_note_does_not_speak_of_greys():
    scene = matrix_products(convviz.matrix_view(LAYERS["large"]), Look(width=360))
    assert panel_of(scene, "toeplitz").plan.note == "100×144, a colour for each weight"
    large = matrix_products(convviz.matrix_view(convviz.correlate(floats(22, 22), floats(20, 20))), Look(width=360))
    assert "black" in panel_of(large, "kernel").plan.note
    assert panel_of(large, "kernel").part.tint is None


def test_entries_in_which_several_weights_add_up_are_grey():
    trace = convviz.matrix_view(LAYERS["copies"])
    scene = matrix_products(trace)
    panel = panel_of(scene, "toeplitz")
    several = next(drawn for key, drawn in panel.drawn.items() if "Ties" in str(key)).artists[-2]
    covered = sum(round(w / panel.box.cell_width) for _, _, w, _ in several.spots)
    assert covered == np.count_nonzero(trace.tied == -2) > 0


# --- pointing


def positive(*shape):
    return RANDOM.integers(1, 10, shape)


def larger(array, number):
    changed = array.copy()
    changed.reshape(-1)[number] += 1000
    return changed


RUNS = {
    "matrix": (
        lambda **arrays: convviz.matrix_view(convviz.convolve(**arrays, mode="same")),
        {"x": positive(3, 4), "w": positive(2, 2)},
        {"x": ("input", "vector", "row_products", "im2col", "column_products", "output", "row_sum", "column_sum"),
         "w": ("given", "kernel", "toeplitz", "kernel_row", "output", "row_sum", "column_products", "column_sum")},
    ),
    "layer as a matrix": (
        lambda x, w: convviz.matrix_view(convviz.conv_layer(x, w, groups=2, padding=1, stride=2)),
        {"x": positive(2, 3, 3), "w": positive(4, 1, 2, 2)},
        {"x": ("input", "vector", "row_products", "im2col", "column_products", "output", "row_sum", "column_sum"),
         "w": ("kernel", "toeplitz", "kernel_row", "output", "row_sum", "column_sum")},
    ),
    "backward on the matrix": (
        lambda x, w, upstream: convviz.matrix_view(convviz.gradients(convviz.convolve(x, w, "same"), upstream)),
        {"x": positive(3, 4), "w": positive(2, 2), "upstream": positive(3, 4)},
        {"x": ("vector", "across", "sums", "gradient", "weight"), "w": ("toeplitz", "sums"),
         "upstream": ("local", "gradient", "weight")},
    ),
    "layer backward on the matrix": (
        lambda x, w, upstream: convviz.matrix_view(convviz.gradients(convviz.conv_layer(x, w, stride=2), upstream)),
        {"x": positive(2, 4, 4), "w": positive(2, 2, 2, 2), "upstream": positive(2, 2, 2)},
        {"x": ("vector", "sums", "gradient", "weight"), "w": ("toeplitz", "sums"),
         "upstream": ("local", "gradient", "weight")},
    ),
    "tied neurons": (
        lambda x, w: as_dense(convviz.correlate(x, w, "full")),
        {"x": positive(5), "w": positive(3)},
        {"x": ("inputs", "vector", "products", "total", "neurons"), "w": ("weights", "products", "total", "neurons")},
    ),
    "dense": (
        lambda x, w: convviz.dense(x, w),
        {"x": positive(3), "w": positive(4, 3)},
        {"x": ("inputs", "vector", "products", "total", "neurons"), "w": ("weights", "products", "total", "neurons")},
    ),
    "backward": (
        lambda x, w, upstream: convviz.gradients(convviz.convolve(x, w, "valid"), upstream),
        {"x": positive(3, 4), "w": positive(2, 2), "upstream": positive(2, 3)},
        {"x": ("input", "window", "weight_part", "weight"), "w": ("kernel", "x_part", "padded", "back"),
         "upstream": ("upstream", "local", "weight_part", "x_part", "weight", "padded", "bordered")},
    ),
    "backward through a layer": (
        lambda x, w, upstream: convviz.gradients(convviz.conv_layer(x, w, stride=2), upstream),
        {"x": positive(2, 4, 4), "w": positive(2, 2, 2, 2), "upstream": positive(2, 2, 2)},
        {"x": ("input", "window", "weight_part", "weight"), "w": ("kernel", "x_part"),
         "upstream": ("upstream", "local", "weight_part", "x_part", "weight", "bias")},
    ),
    "convolutions": (
        lambda a, b, c: convviz.associativity(a, b, c, flip=True),
        {"a": positive(2, 3), "b": positive(2, 2), "c": positive(1, 2)},
        {"a": ("a", "a2", "first", "left", "right"), "b": ("b", "b2", "first", "second", "left", "right"),
         "c": ("c", "c2", "second", "left", "right")},
    ),
    "correlations": (
        lambda a, b, c: convviz.associativity(a, b, c, flip=False),
        {"a": positive(4), "b": positive(2), "c": positive(3)},
        {"a": ("a", "a2", "first", "left", "right"), "b": ("b", "b2", "first", "second", "left", "right"),
         "c": ("c", "c2", "second", "left", "right")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_what_changes_in_a_panel_is_what_is_outlined(name):
    run, arrays, shows = RUNS[name]
    trace = run(**arrays)
    scene, index = default_scene(trace), len(trace) - 1
    terms, step = scene.terms, trace[index]
    for operand, panels in shows.items():
        axes = terms.operands[operand]
        pointed = convviz.terms.View(row=axes)
        for number in range(arrays[operand].size):
            after = run(**arrays | {operand: larger(arrays[operand], number)})
            other = default_scene(after)
            for panel in (panel_of(scene, name) for name in panels):
                new = panel_of(other, panel.name).values(after[index])
                old = panel.values(step)
                expected = {tuple(map(int, at)) for at in np.argwhere(np.ma.filled(old != new, False))}
                blocks = terms.related(pointed, panel.view, (0, number, 0), index)
                assert {cell for block in blocks for cell in block.cells()} == expected, (operand, number, panel.name)


@pytest.mark.parametrize("name", RUNS)
def test_what_is_edited_through_a_cell_is_the_number_that_stands_there(name):
    run, arrays, _ = RUNS[name]
    trace = run(**arrays)
    scene = default_scene(trace)
    for index in a_few(trace):
        for panel in (panel for panel in scene.panels if panel.edits in arrays):
            values = panel.values(trace[index])
            for cell in np.ndindex(values.shape):
                found = scene.terms.cell_of(panel.edits, panel.view, cell, index)
                if found is not None:
                    assert arrays[panel.edits][found] == values[cell], panel.name


@cases_of("sight", "large")
def test_an_output_cell_is_related_to_what_it_sees_and_to_nothing_else(case):
    trace, scene = case.trace, case.make(case.trace)
    output = scene.panels[-1]
    for index, step in enumerate(trace):
        cell = (0, *(0, *step.position)[-2:])
        assert scene.terms.step_of(output.view, cell, 0) == index
        for panel, ways in zip(scene.panels, step.ways, strict=True):
            shape = (1, *(1, *ways.shape)[-2:])
            expected = {tuple(map(int, at)) for at in np.argwhere(ways.reshape(shape))}
            blocks = scene.terms.related(output.view, panel.view, cell, 0)
            assert {at for block in blocks for at in block.cells()} == expected
            for at in expected:
                back = scene.terms.related(panel.view, output.view, at, 0)
                assert cell in {where for block in back for where in block.cells()}
