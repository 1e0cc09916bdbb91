"""Lessons 05 and 06, driven from the kernel: every field of the form, and what it says of what makes no sense."""

from html import unescape
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from convviz import conv_layer, samples
from convviz.lessons import Channels, OneByOne
from convviz.lessons.layer_form import LayerForm
from convviz.lessons.layer_spec import LayerSpec
from tests import strategies

APPLE = samples.COLOUR_INPUTS["A red apple on grass"]()
KERNELS = samples.FILTERS["One 3×3 filter, three kernels"]()
MIXERS = samples.FILTERS["1×1 colour mixers"]()


def picture_file(width, height, kind="png"):
    file = BytesIO()
    Image.new("RGB", (width, height), (10, 200, 30)).save(file, kind)
    return file.getvalue()


@pytest.fixture
def channels():
    return Channels()


@pytest.fixture
def one_by_one():
    return OneByOne()


@pytest.fixture(params=[Channels, OneByOne])
def lesson(request):
    """Each of the two lessons."""
    return request.param()


def player_of(lesson):
    return lesson.player if isinstance(lesson, Channels) else lesson.convolution


def said(lesson):
    """What the form's own line says."""
    return unescape(lesson.form.message.value)


def shown(grid):
    return [cell.value for cell in grid.cells]


def is_in_step(lesson):
    """Compare all that is on the screen with the layer that the form holds; give its output."""
    form, spec = lesson.form, lesson.form.spec
    names = ("stride", "padding", "groups", "activation")
    told = {name: getattr(spec, name) for name in names}
    output = conv_layer(spec.x, spec.weight, spec.bias, **told).output
    assert np.array_equal(player_of(lesson).trace.output, output)
    fields_are_in_step(form)
    if isinstance(lesson, OneByOne):
        np.testing.assert_allclose(lesson.dense.trace.output, output, rtol=1e-12, atol=1e-12)
        assert lesson.dense.picture["count"] == lesson.convolution.picture["count"]
    return output


def fields_are_in_step(form):
    spec = form.spec
    assert np.array_equal(form.input.values, spec.x)
    assert np.array_equal(form.filters.values, spec.weight if form.filters.pickers else spec.weight[:, :, 0, 0])
    assert np.array_equal(form.bias.values, spec.bias)
    for grid in (form.input, form.filters):
        if grid.grid.layout.display is None:
            place = tuple(picker.value for picker in grid.pickers)
            assert grid.grid.values.astype(float).ravel().tolist() == grid.values[place].astype(float).ravel().tolist()
    expected = {name: getattr(spec, name) for name in ("channels", "filters", "stride", "padding", "groups")}
    assert {name: form.numbers[name].value for name in expected} == expected
    assert form.numbers["activation"].value == (spec.activation or "none")
    assert [value for _, value in form.numbers["groups"].options] == spec.possible_groups
    assert ("the input in colour" in form.colours.value) == (spec.channels == 3)


# --- what is typed, picked, drawn


def test_lessons_begin_with_an_apple(lesson):
    assert np.array_equal(lesson.form.spec.x, APPLE)
    assert is_in_step(lesson).shape == {Channels: (1, 4, 4), OneByOne: (4, 6, 6)}[type(lesson)]
    assert "⚠" not in said(lesson)


def test_typing_a_number_of_channel_2_changes_just_that(lesson):
    lesson.form.input.pickers[0].value = 2
    lesson.form.input.grid.cells[7].value = "-4"
    expected = APPLE.copy()
    expected[2, 1, 1] = -4
    assert np.array_equal(lesson.form.spec.x, expected)
    is_in_step(lesson)
    assert lesson.form.input.picker.value == "Your own numbers"
    lesson.form.input.grid.cells[7].value = str(APPLE[2, 1, 1])
    assert lesson.form.input.picker.value == "A red apple on grass"


def test_typing_a_weight_of_one_slice_changes_just_that(channels):
    channels.form.numbers["filters"].value = 3
    before = channels.form.spec.weight.copy()
    for picker, number in zip(channels.form.filters.pickers, (2, 1), strict=True):
        picker.value = number
    channels.form.filters.grid.cells[4].value = "1/2"
    expected = before.astype(float)
    expected[2, 1, 1, 1] = 0.5
    assert np.array_equal(channels.form.spec.weight, expected)
    is_in_step(channels)


@pytest.mark.parametrize("title", list(samples.COLOUR_INPUTS))
def test_ready_made_inputs(lesson, title):
    lesson.form.input.picker.value = "Your own numbers"
    lesson.form.input.picker.value = title
    assert np.array_equal(lesson.form.spec.x, samples.COLOUR_INPUTS[title]())
    is_in_step(lesson)


@pytest.mark.parametrize("title", list(samples.FILTERS))
def test_ready_made_filters(channels, title):
    channels.form.filters.picker.value = title
    assert np.array_equal(channels.form.spec.weight, samples.FILTERS[title]())
    assert "⚠" not in said(channels)
    is_in_step(channels)


def test_random_numbers(lesson):
    for grid in (lesson.form.input, lesson.form.filters):
        before = grid.values
        grid.random_button.click()
        assert grid.values.shape == before.shape
        assert not np.array_equal(grid.values, before)
        is_in_step(lesson)
    lesson.form.bias.random_button.click()
    assert np.abs(lesson.form.spec.bias).max() <= 9
    is_in_step(lesson)


def test_after_random_numbers_typing_changes_one_of_them(channels):
    channels.form.input.random_button.click()
    expected = channels.form.spec.x.copy()
    channels.form.input.grid.cells[35].value = "77"
    expected[0, 5, 5] = 77
    assert np.array_equal(channels.form.spec.x, expected)


def test_bias(lesson):
    filters = lesson.form.spec.filters
    before = lesson.form.spec.weight
    lesson.form.bias.cells[filters - 1].value = "-100"
    assert lesson.form.spec.bias[-1] == -100
    assert lesson.form.spec.weight is before
    is_in_step(lesson)
    lesson.form.numbers["filters"].value = 6
    assert shown(lesson.form.bias)[filters - 1 :] == ["-100"] + ["0"] * (6 - filters)
    lesson.form.bias.picker.value = "−10 for each filter"
    assert lesson.form.spec.bias.tolist() == [-10] * 6
    is_in_step(lesson)


# --- a picture of one's own


def test_a_picture_of_ones_own(lesson):
    form = lesson.form
    form.upload.take("green.png", picture_file(5, 4))
    assert form.spec.x.shape == (3, 4, 5)
    assert form.spec.x[:, 0, 0].tolist() == [10, 200, 30]
    assert "green.png, 5×4" in form.upload.said
    is_in_step(lesson)
    form.input.grid.cells[0].value = "7"
    assert form.spec.x[0, 0, :2].tolist() == [7, 10]


def test_a_large_picture_is_shrunk_and_cannot_be_typed_in(lesson):
    side = {Channels: 32, OneByOne: 12}[type(lesson)]
    lesson.form.upload.take("large.jpg", picture_file(200, 100, "jpeg"))
    assert lesson.form.spec.x.shape == (3, side // 2, side)
    assert lesson.form.input.grid.layout.display == (None if side < 15 else "none")
    is_in_step(lesson)
    lesson.form.input.picker.value = "Sunset"
    assert lesson.form.input.grid.layout.display is None
    is_in_step(lesson)


def test_a_picture_takes_the_place_of_many_channels(lesson):
    lesson.form.numbers["channels"].value = 8
    kept = lesson.form.spec.weight[:, :3]
    lesson.form.upload.take("green.png", picture_file(6, 6))
    assert lesson.form.numbers["channels"].value == 3
    assert np.array_equal(lesson.form.spec.weight, kept)
    is_in_step(lesson)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("notes.txt", b"Dear diary", "this is no picture that can be read; accepted: PNG or JPEG"),
        ("moving.gif", picture_file(4, 4, "gif"), "accepted: PNG or JPEG"),
        ("half.png", picture_file(40, 40)[:60], "half.png: "),
        ("nothing.png", b"", "nothing.png: "),
        ("huge.png", bytes(5 * 2**20), "MB"),
    ],
    ids=["text", "GIF", "half a file", "nothing", "too large"],
)
def test_a_refused_file_leaves_all_as_it_was(lesson, name, data, why):
    before, picture = lesson.form.spec, player_of(lesson).picture
    lesson.form.upload.take(name, data)
    assert why in lesson.form.upload.said
    assert "The picture on the screen stays." in lesson.form.upload.said
    assert lesson.form.spec is before
    assert player_of(lesson).picture is picture
    lesson.form.upload.take("green.png", picture_file(4, 4))
    assert lesson.form.spec.x.shape == (3, 4, 4)
    assert "stays" not in lesson.form.upload.said


def test_a_picture_too_small_for_the_window_is_refused_in_the_form(channels):
    before = channels.player.trace
    channels.form.upload.take("tiny.png", picture_file(2, 2))
    assert "does not fit into a picture" in said(channels)
    assert channels.player.trace is before
    assert is_in_step(channels).shape == (1, 4, 4)
    channels.form.numbers["padding"].value = 1
    assert "⚠" not in said(channels)
    channels.form.upload.take("tiny.png", picture_file(2, 2))
    assert is_in_step(channels).shape == (1, 2, 2)


# --- the layer


def test_sixty_four_channels_and_back(lesson):
    form = lesson.form
    form.input.pickers[0].value = 1
    form.input.grid.cells[3].value = "70"
    typed = form.spec.x
    form.numbers["channels"].value = 64
    assert form.spec.x.shape == (64, 6, 6)
    assert form.input.pickers[0].options[-1] == ("channel 63", 63)
    is_in_step(lesson)
    form.input.pickers[0].value = 63
    assert shown(form.input.grid) == [str(number) for number in form.spec.x[63].flat]
    form.numbers["channels"].value = 3
    assert np.array_equal(form.spec.x, typed)
    assert form.input.pickers[0].value == 2
    is_in_step(lesson)
    form.numbers["channels"].value = 1
    assert np.array_equal(form.spec.x, typed[:1])
    assert form.input.pickers[0].layout.display == "none"
    is_in_step(lesson)
    form.numbers["channels"].value = 3
    assert np.array_equal(form.spec.x[0], typed[0])
    is_in_step(lesson)


def test_sixty_four_channels_and_as_many_filters(lesson):
    for name in ("channels", "filters"):
        lesson.form.numbers[name].value = 64
    assert len(is_in_step(lesson)) == 64
    assert "⚠" not in said(lesson)
    assert lesson.form.numbers["channels"].max == lesson.form.numbers["filters"].max == 64
    lesson.form.numbers["channels"].value = 1000
    assert lesson.form.spec.channels == 64


def test_more_filters_keep_those_that_are_there(lesson):
    before = lesson.form.spec
    lesson.form.numbers["filters"].value = before.filters + 3
    assert np.array_equal(lesson.form.spec.weight[: before.filters], before.weight)
    assert len(is_in_step(lesson)) == before.filters + 3
    lesson.form.numbers["filters"].value = 1
    assert np.array_equal(lesson.form.spec.weight, before.weight[:1])
    is_in_step(lesson)


@pytest.mark.parametrize(
    ("changes", "shape"),
    [
        ({"kernel": 1}, (1, 6, 6)),
        ({"kernel": 5}, (1, 2, 2)),
        ({"stride": 2}, (1, 2, 2)),
        ({"stride": 4, "padding": 3}, (1, 3, 3)),
        ({"padding": 1}, (1, 6, 6)),
        ({"filters": 8, "kernel": 5, "padding": 2}, (8, 6, 6)),
        ({"groups": 3}, (3, 4, 4)),
        ({"channels": 4, "filters": 6, "groups": 2}, (6, 4, 4)),
        ({"channels": 8, "groups": 8, "kernel": 5, "stride": 2, "padding": 1}, (8, 2, 2)),
    ],
)
def test_how_the_filters_are_laid(channels, changes, shape):
    for name, value in changes.items():
        channels.form.numbers[name].value = value
    assert is_in_step(channels).shape == shape
    assert channels.form.numbers["kernel"].value == channels.form.spec.weight.shape[-1]
    assert "⚠" not in said(channels)


def test_depthwise_is_named_and_ends_with_a_channel_more(channels):
    groups = channels.form.numbers["groups"]
    assert groups.options == (("1", 1), ("3, depthwise", 3))
    groups.value = 3
    assert channels.form.spec.weight.shape == (3, 1, 3, 3)
    assert channels.form.filters.pickers[1].layout.display == "none", "there is one slice"
    channels.form.numbers["channels"].value = 4
    assert groups.value == 1
    assert groups.options == (("1", 1), ("2", 2), ("4, depthwise", 4))
    is_in_step(channels)


@pytest.mark.parametrize("activation", ["none", "relu", "sigmoid", "tanh"])
def test_activations(lesson, activation):
    lesson.form.numbers["activation"].value = activation
    output = is_in_step(lesson)
    trace = player_of(lesson).trace
    expected = {
        "none": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "sigmoid": lambda z: 1 / (1 + np.exp(-z.astype(float))),
        "tanh": np.tanh,
    }[activation]
    np.testing.assert_allclose(output, expected(trace.preactivation), rtol=1e-12)


def test_a_window_that_is_neither_of_the_sizes_on_the_list():
    lesson = Channels(weight=np.ones((2, 3, 2, 4)))
    assert lesson.form.numbers["kernel"].value is None
    lesson.form.numbers["stride"].value = 2
    assert lesson.form.spec.weight.shape == (2, 3, 2, 4)
    is_in_step(lesson)
    lesson.form.numbers["kernel"].value = 3
    assert lesson.form.spec.weight.shape == (2, 3, 3, 3)
    is_in_step(lesson)


def test_a_layer_that_goes_beyond_the_form_is_shown_as_it_is():
    x, weight = np.ones((70, 9, 9), int), np.ones((66, 70, 3, 3), int)
    lesson = Channels(x, weight, stride=5, padding=4)
    is_in_step(lesson)
    lesson.form.numbers["activation"].value = "none"
    assert (lesson.form.spec.stride, lesson.form.spec.padding) == (5, 4)
    assert len(is_in_step(lesson)) == 66


# --- what makes no sense


def state_of(lesson):
    form = lesson.form
    fields = {name: field.value for name, field in form.numbers.items()}
    grids = [(shown(grid.grid), [picker.value for picker in grid.pickers]) for grid in (form.input, form.filters)]
    names = [grid.picker.value for grid in (form.input, form.filters, form.bias)]
    return fields, grids, names, shown(form.bias), form.colours.value, form.spec.x.tolist(), form.spec.weight.tolist()


def typed(cell, text):
    return lambda form: setattr(cell(form), "value", text)


REFUSED = {
    "a window larger than the input": (
        {"x": APPLE[:, :4, :4]},
        lambda form: setattr(form.numbers["kernel"], "value", 5),
        "does not fit into a picture",
    ),
    "an input smaller than the window": (
        {"x": np.ones((3, 9, 9), int), "weight": np.ones((1, 3, 6, 6), int)},
        lambda form: setattr(form.input.picker, "value", "A single white pixel"),
        "does not fit into a picture",
    ),
    "filters for other channels": (
        {"x": samples.feature_maps(8), "weight": samples.filter_bank(5, 8)},
        lambda form: setattr(form.filters.picker, "value", "Edges in each colour"),
        "these filters have 3 slices each, and the input has 8 channels",
    ),
    "an integer that is too long": (
        {},
        typed(lambda form: form.input.grid.cells[5], "99999999999999999999"),
        "x[0, 0, 5] is 99999999999999999999; accepted: integers that fit int64",
    ),
    "sums that are too large": (
        {"x": np.full((3, 6, 6), 1e10)},
        typed(lambda form: form.filters.grid.cells[0], "1e300"),
        "too large",
    ),
    "a bias that is too large": (
        {"x": np.full((3, 6, 6), 2**60), "weight": np.tile([[0, 0, 0], [0, 2, 0], [0, 0, 0]], (1, 3, 1, 1))},
        typed(lambda form: form.bias.cells[0], str(2**63 - 1)),
        "too large",
    ),
}


@pytest.mark.parametrize("fault", list(REFUSED))
def test_what_makes_no_sense_leaves_all_as_it_was(fault):
    layer, change, why = REFUSED[fault]
    lesson = Channels(**layer)
    for picker in [*lesson.form.input.pickers, *lesson.form.filters.pickers]:
        picker.value = min(1, len(picker.options) - 1) if fault == "filters for other channels" else 0
    before, trace, picture = state_of(lesson), lesson.player.trace, lesson.player.picture
    counts, libraries = lesson.counts.value, lesson.libraries.value
    change(lesson.form)
    assert why in said(lesson)
    assert "the picture still shows the last numbers that made sense" in said(lesson)
    assert state_of(lesson) == before
    assert lesson.player.trace is trace
    assert lesson.player.picture is picture
    assert (lesson.counts.value, lesson.libraries.value) == (counts, libraries)
    lesson.form.numbers["activation"].value = "tanh"
    assert "⚠" not in said(lesson)
    is_in_step(lesson)


def test_weights_for_other_channels_are_refused_in_both_pictures(one_by_one):
    one_by_one.form.numbers["channels"].value = 8
    before, pictures = state_of(one_by_one), (one_by_one.convolution.picture, one_by_one.dense.picture)
    one_by_one.form.filters.picker.value = "1×1 colour mixers"
    assert "these filters have 3 slices each, and the input has 8 channels" in said(one_by_one)
    assert state_of(one_by_one) == before
    assert (one_by_one.convolution.picture, one_by_one.dense.picture) == pictures
    one_by_one.form.numbers["channels"].value = 3
    one_by_one.form.filters.picker.value = "1×1 colour mixers"
    assert "⚠" not in said(one_by_one)
    is_in_step(one_by_one)


@pytest.mark.parametrize(
    "cell",
    [
        lambda form: (form.input.grid, 4),
        lambda form: (form.filters.grid, 1),
        lambda form: (form.bias, 0),
    ],
    ids=["input", "filters", "bias"],
)
def test_a_wrong_word_waits_in_its_cell(lesson, cell):
    grid, number = cell(lesson.form)
    before, trace, typed = lesson.form.spec, player_of(lesson).trace, grid.cells[number].value
    grid.cells[number].value = "many"
    assert "“many” is no number" in unescape(grid.message.value)
    assert lesson.form.spec is before
    assert player_of(lesson).trace is trace
    lesson.form.numbers["activation"].value = "tanh"
    assert grid.cells[number].value == "many", "what has nothing to do with it leaves it"
    grid.cells[number].value = typed
    assert "many" not in grid.message.value
    is_in_step(lesson)


# --- what is said of the layer


def test_counts_follow(channels):
    assert "3·3·3·1 + 1 = 28" in channels.counts.value
    channels.form.numbers["filters"].value = 8
    assert "3·3·3·8 + 8 = 224" in channels.counts.value
    channels.form.numbers["kernel"].value = 5
    assert "5·5·3·8 + 8 = 608" in channels.counts.value
    channels.form.numbers["channels"].value = 16
    assert "5·5·16·8 + 8 = 3208" in channels.counts.value.replace("\N{NO-BREAK SPACE}", "").replace("\u202f", "")
    channels.form.numbers["groups"].value = 8
    assert "5·5·2·8 + 8 = 408" in channels.counts.value


def test_library_lines_follow(lesson):
    before = lesson.libraries.value
    lesson.form.input.pickers[0].value = 2
    assert lesson.libraries.value == before
    lesson.form.numbers["activation"].value = "tanh"
    assert "np.tanh(result)" in lesson.libraries.value
    lesson.form.bias.cells[0].value = "-77"
    assert "-77" in lesson.libraries.value


def test_the_savings_follow(one_by_one):
    assert "3·3·3·4 + 4" in one_by_one.savings.value
    one_by_one.form.numbers["filters"].value = 64
    one_by_one.form.numbers["channels"].value = 64
    assert "3·3·64·64 + 64" in one_by_one.savings.value


def test_questions_follow_the_layer(lesson):
    lesson.form.numbers["filters"].value = 5
    lesson.map_count.guess.value = "15"
    lesson.map_count.button.click()
    assert "15 is how many kernel slices there are" in unescape(lesson.map_count.answer.value)
    lesson.form.numbers["channels"].value = 2
    assert "15" not in lesson.map_count.answer.value
    lesson.map_count.guess.value = "5"
    lesson.map_count.button.click()
    assert "Right! There are 5 filters" in unescape(lesson.map_count.answer.value)
    player = player_of(lesson)
    lesson.prediction.guess.value = str(player.trace.output.flat[1])
    lesson.prediction.button.click()
    assert f"Right! {player.trace[1].describe()}" in unescape(lesson.prediction.answer.value)
    assert player.index == 1


def test_a_smaller_output_brings_the_step_back(lesson):
    player = player_of(lesson)
    player.index = len(player.trace) - 1
    lesson.form.numbers["filters"].value = 2
    lesson.form.input.picker.value = "A single white pixel"
    is_in_step(lesson)
    assert player.index < len(player.trace)
    lesson.form.numbers["filters"].value = 1
    assert player.index < len(player.trace)


# --- the two pictures of lesson 06


def test_a_weight_changes_both_pictures(one_by_one):
    one_by_one.form.filters.grid.cells[4].value = "-2"
    expected = MIXERS[:, :, 0, 0].copy()
    expected.flat[4] = -2
    assert np.array_equal(one_by_one.form.spec.weight[:, :, 0, 0], expected)
    assert np.array_equal(one_by_one.dense.trace.weight, expected)
    is_in_step(one_by_one)
    assert "equal in every one." in one_by_one.verdict.value


def test_the_verdict_tells_shapes_and_rounding(one_by_one):
    assert "each of the 36 pixels:</b> 144 numbers, equal in every one." in one_by_one.verdict.value
    assert "Shape 3×6×6 → 4×6×6: the depth goes from 3 to 4" in one_by_one.verdict.value
    one_by_one.form.numbers["channels"].value = 10
    one_by_one.form.numbers["filters"].value = 2
    one_by_one.form.filters.grid.cells[0].value = "1/3"
    one_by_one.form.numbers["activation"].value = "sigmoid"
    assert "Shape 10×6×6 → 2×6×6" in one_by_one.verdict.value
    assert "equal in every one" in one_by_one.verdict.value
    assert "different" not in one_by_one.verdict.value


def test_own_weights_have_no_bias_unless_they_are_given_one():
    assert OneByOne(weight=[[1, 2, 3]]).form.spec.bias.tolist() == [0]
    assert OneByOne(bias=[4, 3, 2, 1]).form.spec.bias.tolist() == [4, 3, 2, 1]
    with pytest.raises(ValueError, match="weight has 4 dimensions"):
        OneByOne(weight=np.ones((1, 3, 1, 1)))


# --- any numbers, any order


@settings(max_examples=15)
@given(st.lists(strategies.entries(), min_size=3, max_size=6), st.booleans())
def test_extreme_numbers_are_shown_or_refused_and_never_crash(numbers, is_one_by_one):
    x, weight = np.ones((2, 2, 2), int), np.ones((2, 2), int)
    lesson = OneByOne(x, weight) if is_one_by_one else Channels(x, weight[:, :, None, None])
    cells = [lesson.form.input.grid.cells[0], lesson.form.filters.grid.cells[0], lesson.form.bias.cells[1]]
    for cell, number in zip(cells * 2, numbers, strict=False):
        cell.value = repr(number)
        is_in_step(lesson)
        assert "different" not in (lesson.verdict.value if is_one_by_one else "")
        player = player_of(lesson)
        assert player.picture["first"]["caption"] == player.trace[player.index].describe()


CHANGES = st.one_of(
    st.tuples(st.sampled_from(["channels", "filters"]), st.integers(1, 7)),
    st.tuples(st.just("kernel"), st.sampled_from([1, 3, 5])),
    st.tuples(st.just("stride"), st.integers(1, 4)),
    st.tuples(st.just("padding"), st.integers(0, 3)),
    st.tuples(st.just("groups"), st.integers(0, 7)),
    st.tuples(st.just("activation"), st.sampled_from(["none", "relu", "sigmoid", "tanh"])),
    st.tuples(st.just("input"), st.sampled_from(list(samples.COLOUR_INPUTS))),
    st.tuples(st.just("filters picked"), st.sampled_from(list(samples.FILTERS))),
    st.tuples(st.just("bias"), st.sampled_from(["None", "1 for each filter", "−10 for each filter"])),
    st.tuples(st.just("random"), st.sampled_from(["input", "filters", "bias"])),
    st.tuples(st.just("type"), st.integers(-9, 9)),
)


def change_field(form, name, value):
    """Change a field, as the page would."""
    pickers = {"input": form.input.picker, "filters picked": form.filters.picker, "bias": form.bias.picker}
    if name in pickers:
        pickers[name].value = value
    elif name == "random":
        getattr(form, value).random_button.click()
    elif name == "type":
        form.filters.grid.cells[0].value = str(value)
    elif name == "groups":
        form.numbers["groups"].value = form.spec.possible_groups[value % len(form.spec.possible_groups)]
    else:
        form.numbers[name].value = value


@settings(max_examples=40)
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_whatever_is_changed_fields_and_layer_agree(sequence):
    traces = []
    spec = LayerSpec(x=APPLE, weight=KERNELS, bias=np.ones(1, int), activation="relu")
    form = LayerForm(spec, lambda spec: traces.append(spec.trace()))
    traces.append(spec.trace())
    for name, value in sequence:
        known, made = form.spec, len(traces)
        change_field(form, name, value)
        fields_are_in_step(form)
        assert len(traces) - made <= 1, "a change is computed once"
        assert (form.spec is known) == (len(traces) == made)
        spec = form.spec
        told = {name: getattr(spec, name) for name in ("stride", "padding", "groups", "activation")}
        assert np.array_equal(traces[-1].output, conv_layer(spec.x, spec.weight, spec.bias, **told).output)
