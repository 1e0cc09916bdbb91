"""What the picture of a layer shows: each channel's own numbers, which channels a map is made of, and nothing else."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import conv_layer
from convviz.numerals import numeral, rounding
from convviz.player.frames.frames import Frames
from convviz.scenes import channels, default_scene
from convviz.scenes.drawing.sheet import CellColours, Shapes
from convviz.scenes.panels.cells import bare, cover
from convviz.scenes.panels.links import Links
from convviz.scenes.panels.marks import Fade, Frame, Hatch
from convviz.scenes.panels.words import numerals
from convviz.scenes.sums import sum_of_channels
from convviz.theme import Look
from tests.player.test_frames import fresh
from tests.scenes.extents import (
    Extent,
    cells_of,
    drawn_by,
    letterings_of,
    lying,
    meeting,
    overlapping,
    slices_of,
    words_of,
)
from tests.scenes.test_layout import check_room
from tests.strategies import layer_traces, looks

RANDOM = np.random.default_rng(8)
WIDTHS = (320, 390, 700, 960, 1400)


def integers(*shape):
    return RANDOM.integers(-9, 10, shape)


def floats(*shape):
    return RANDOM.normal(size=shape)


LAYERS = {
    "lesson": conv_layer(integers(3, 5, 5), integers(2, 3, 3, 3), [1, -2], stride=2, padding=1, activation="relu"),
    "groups": conv_layer(integers(4, 5, 5), integers(4, 2, 2, 2), groups=2, stride=3),
    "depthwise": conv_layer(floats(64, 9, 9), floats(64, 1, 3, 3), groups=64),
    "one by one": conv_layer(integers(4, 4, 4), integers(4, 4, 1, 1)),
    "single": conv_layer(integers(1, 1, 1), integers(1, 1, 1, 1)),
    "floats": conv_layer(floats(3, 6, 6), floats(2, 3, 3, 3), floats(2), activation="sigmoid"),
    "wide": conv_layer(integers(3, 4, 4) * 2**38, integers(2, 3, 2, 2) * 2**16, [2**60, -5]),
    "many": conv_layer(floats(6, 8, 8), floats(12, 6, 3, 3), padding=1, padding_mode="reflect", activation="tanh"),
    "many channels": conv_layer(integers(64, 8, 8), integers(2, 64, 3, 3), flip=True),
    "hundreds of channels": conv_layer(integers(130, 3, 3), integers(70, 130, 2, 2)),
    "many filters": conv_layer(integers(2, 8, 8), integers(64, 2, 3, 3)),
    "signal": conv_layer(integers(3, 7), integers(2, 3, 3), activation=np.abs),
    "long signal": conv_layer(floats(8, 200), floats(6, 8, 9), stride=4, dilation=3),
    "strip": conv_layer(integers(2, 1, 40), integers(2, 2, 1, 3)),
    "large": conv_layer(floats(3, 40, 40), floats(2, 3, 5, 5), padding="same", padding_mode="replicate"),
    "large kernel": conv_layer(integers(3, 12, 12), integers(3, 3, 11, 11)),
}
every_layer = pytest.mark.parametrize("trace", LAYERS.values(), ids=LAYERS.keys())


def a_few(trace):
    """Choose some steps, of the first map and of later ones."""
    return sorted({0, len(trace) // 3, len(trace) // 2 + 1, len(trace) - 1} & set(range(len(trace))))


ALL_OF = {"channels": "input", "kernels": "kernel"}
"""What the thumbnails show."""
TOTALS = ("bias", "total", "value")


def panels_of(scene, *names):
    """List the panels of some names."""
    return [panel for panel in scene.panels if panel.name in names]


def group_of(trace, number):
    """List the channels that a filter reads."""
    return [
        channel
        for channel in range(len(trace.x))
        if channel * trace.groups // len(trace.x) == number * trace.groups // len(trace.output)
    ]


# --- room


@settings(max_examples=40)
@given(layer_traces(), looks, st.integers(-1, 12), st.data())
def test_everything_has_its_place(trace, look, channel, data):
    look = Look(width=look.width, density=look.density, dark=look.dark, channel=channel)
    check(channels(trace, look), data.draw(st.sets(st.integers(0, len(trace) - 1), min_size=1, max_size=3)))


@pytest.mark.parametrize("width", WIDTHS)
@every_layer
def test_everything_has_its_place_in_layers_of_all_kinds(trace, width):
    check(channels(trace, Look(width=width, channel=1)), a_few(trace))


@pytest.mark.parametrize("width", WIDTHS)
def test_names_have_room_beside_the_next_panel(width):
    names = ("near infrared", "short-wave infrared", "panchromatic")
    check(channels(conv_layer(integers(3, 1, 1), integers(1, 3, 1, 1)), Look(width=width), names), [0])


def check(scene, indices):
    """Check that everything has its own place within the picture: lines, and titles that change, as well."""
    scene.draw(len(scene.trace) - 1)
    check_room(scene, indices)
    for panel in panels_of(scene, "links"):
        x, y, width, height = panel.box.spot
        assert overlapping([Extent(x, y, x + width, y + height, "links"), *slices_of(scene), *words_of(scene)]) == []


# --- numbers


@settings(max_examples=60)
@given(layer_traces(), looks, st.data())
def test_the_numbers_shown_are_the_numbers_computed(trace, look, data):
    check_numbers(channels(trace, look), data.draw(st.integers(0, len(trace) - 1)))


@every_layer
def test_the_numbers_shown_are_the_numbers_computed_in_layers_of_all_kinds(trace):
    scene = channels(trace, Look(channel=5))
    for index in a_few(trace):
        check_numbers(scene, index)


def check_numbers(scene, index):
    """Check the number in each cell of each panel."""
    scene.draw(index)
    step = scene.trace[index]
    computed = numbers_with_bounds(scene.trace, step)
    shown = {}
    for lettering in letterings_of(scene):
        if lettering.align:
            shown |= dict(zip(map(rounded, lettering.centres), lettering.texts, strict=True))
    for panel in filter(lambda panel: panel.has_cells, scene.panels):
        own = slice(first_of(panel, step), first_of(panel, step) + len(panel.box.centres()))
        expected = computed[ALL_OF.get(panel.name, panel.name)][own]
        there = [shown.get(rounded(place), "") for place in panel.box.centres()]
        if panel.box.readable:
            assert all(map(says, there, expected))
            assert panel.texts(step) == known_of(panel, step, there)
        else:
            assert not any(there)
            assert panel.texts(step) is None


def says(text, number):
    """Whether a text is how a number is written, or the short number that rounding has moved so little away from."""
    if number is None or text == numerals(np.array(number.value))[0]:
        return (text == "") == (number is None)
    return "≈" not in text and abs(float(Fraction(text.replace("−", "-"))) - number.value) <= number.within


def known_of(panel, step, texts):
    """Leave out what is not known yet: of the outputs, those of later steps."""
    first = first_of(panel, step)
    later = [panel.name in ("output", "map") and first + at > step.index for at in range(len(texts))]
    return ["" if is_later else text for is_later, text in zip(later, texts, strict=True)]


def numbers_of(trace, step):
    """Return what every panel may show, from the first channel or map to the last; masked where nothing stands."""
    cells, group = trace.kernel[0, 0].size, group_of(trace, step.position[0])

    def spread(values, size):
        every = np.ma.array(np.zeros((len(trace.x), size), values.dtype), mask=True)
        for channel, numbers in zip(group, values.reshape(len(group), size), strict=True):
            every[channel] = numbers
        return every.reshape(-1)

    return {
        "input": trace.padded.reshape(-1),
        "window": spread(step.patch, cells),
        "kernel": spread(step.kernel, cells),
        "products": spread(step.products, cells),
        "sums": spread(step.channel_sums, 1),
        "bias": np.array([step.bias]),
        "total": np.array([step.preactivation]),
        "value": np.array([step.value]),
        "output": trace.output.reshape(-1),
        "map": trace.output.reshape(-1),
    }


class Computed(NamedTuple):
    value: Any
    within: float


def numbers_with_bounds(trace, step):
    """Return the same with how far rounding can have moved each number; nothing for what is masked."""
    bounds = dict.fromkeys(("input", "window", "kernel", "products", "bias"), 0.0)
    bounds |= dict.fromkeys(("sums", "total", "value"), bound_of(step))
    bounds |= dict.fromkeys(("output", "map"), 0.0 if trace.output.dtype.kind == "i" else list(map(bound_of, trace)))
    return {
        name: [
            None if is_hidden else Computed(value, within)
            for value, is_hidden, within in zip(
                np.ma.getdata(values),
                np.ma.getmaskarray(values),
                np.broadcast_to(bounds[name], len(values)),
                strict=True,
            )
        ]
        for name, values in numbers_of(trace, step).items()
    }


def bound_of(step):
    return rounding(step.products.size + 1, float(np.abs(step.products).sum()) + abs(float(step.bias)))


def first_of(panel, step):
    """Return the number of a panel's first cell; one that shows a map at a time shows that of the step."""
    first = step.position[0] if panel.name == "map" else panel.first
    return first * panel.rows * panel.columns


def rounded(place):
    x, y = place
    return round(x, 3), round(y, 3)


@every_layer
def test_there_is_a_slice_for_each_channel_that_is_shown(trace):
    scene = channels(trace, Look(channel=5))
    is_deep = len(trace.x) > 4
    for panel in panels_of(scene, "input", "window", "kernel", "products"):
        assert (panel.first, len(panel.slices)) == ((5, 1) if is_deep else (0, len(trace.x)))
    for panel in panels_of(scene, "channels", "kernels", "sums"):
        assert (panel.first, len(panel.slices)) == (0, len(trace.x))
    assert len(panels_of(scene, "channels", "kernels")) == (2 if is_deep else 0)
    assert scene.channels == (len(trace.x) if is_deep else 0)
    assert scene.maps == len(trace.output)


@settings(max_examples=40)
@given(layer_traces(), looks, st.integers(0, 9))
def test_each_cell_stands_for_what_its_panel_says(trace, look, channel):
    scene = channels(trace, Look(width=look.width, channel=channel))
    names = [panel.name for panel in scene.panels]
    assert len(set(names)) == len(names)
    for panel in scene.panels:
        if panel.has_cells:
            assert panel.view.shape == (len(panel.slices), panel.rows, panel.columns)
    assert {panel.name for panel in panels_of(scene, "links") if panel.slices} == set()
    numbers = {panel.name: panel.box.readable for panel in scene.panels}
    edited = "input" if numbers["input"] else "window"
    assert {panel.name: panel.edits for panel in scene.panels if panel.edits} == {
        edited: "x",
        "kernel": "w",
        "bias": "bias",
    }
    assert [each["name"] for each in scene.about()["panels"]] == [name for name in names if name != "links"]


@settings(max_examples=30)
@given(layer_traces(), looks, st.data())
def test_what_is_edited_through_a_cell_is_the_number_that_stands_there(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    arrays = {"x": trace.x, "w": trace.weight, "bias": trace.bias}
    for panel in scene.panels:
        if panel.edits:
            values = panel.values(trace[index])
            for cell in np.ndindex(values.shape):
                found = scene.terms.cell_of(panel.edits, panel.view, cell, index)
                if found is None:
                    assert np.ma.getmaskarray(values)[cell] or panel.edits == "x"
                elif not np.ma.getmaskarray(values)[cell]:
                    assert arrays[panel.edits][found] == values[cell]


@pytest.mark.parametrize("channel", [-3, 0, 4, 5, 6, 99])
def test_a_channel_that_does_not_exist_is_the_nearest_that_does(channel):
    trace = LAYERS["many"]
    scene = channels(trace, Look(channel=channel))
    nearest = min(max(channel, 0), 5)
    assert f"Channel {nearest}" in [extent.what for extent in words_of(scene)]
    assert scene.channels == 6
    for index in a_few(trace):
        check_numbers(scene, index)
    marked = {panel.name: panel.plan.marked for panel in scene.panels if panel.plan.marked is not None}
    assert marked == {"channels": nearest, "kernels": nearest, "sums": nearest}


@settings(max_examples=30)
@given(layer_traces(), looks, st.data())
def test_slots_of_channels_outside_the_filters_group_are_bare(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    group = group_of(trace, trace[index].position[0])
    for panel in scene.panels:
        if panel.name in ("window", "kernel", "kernels", "products", "sums"):
            numbered = enumerate(panel.box.pieces, panel.first)
            outside = [piece.spot for channel, piece in numbered if channel not in group]
            assert (drawn_by(bare, panel).spots if bare in panel.drawn else []) == outside
        else:
            assert bare not in panel.drawn or panel.name in TOTALS
            assert bare not in panel.drawn or drawn_by(bare, panel).spots == []


@pytest.mark.parametrize("name", ["many", "large", "depthwise", "long signal", "large kernel"])
def test_where_numbers_do_not_fit_each_cell_has_its_grey(name):
    trace = LAYERS[name]
    scene = channels(trace, Look(width=390, channel=5))
    for index in a_few(trace):
        scene.draw(index)
        step = trace[index]
        numbers = numbers_of(trace, step)
        for panel in scene.panels:
            if panel.has_cells and not panel.box.readable:
                grey, first = greys_of(panel).reshape(-1), first_of(panel, step)
                values = numbers[ALL_OF.get(panel.name, panel.name)][first : first + len(panel.box.centres())]
                known = ~np.ma.getmaskarray(values)
                ranks = np.argsort(np.ma.getdata(values)[known], kind="stable")
                assert (np.diff(grey[known][ranks].astype(int)) >= 0).all()


def greys_of(panel):
    """Find the pictures that a panel shows instead of numbers."""
    spots = [piece.spot for piece in panel.box.pieces]
    [colours] = [
        artist
        for artist in panel.sheet.figure.get_children()
        if isinstance(artist, CellColours) and artist.spots == spots
    ]
    assert colours.grey.shape == (len(spots), panel.box.rows, panel.box.columns)
    return colours.grey


# --- what is known, what is read


@settings(max_examples=40)
@given(layer_traces(), looks, st.data())
def test_the_cover_hides_the_cells_still_to_come_and_no_others(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    for panel in panels_of(scene, "output", "map"):
        cells, first = cells_of(panel), first_of(panel, trace[index])
        expected = [first + at > index for at in range(len(cells))]
        assert covered(drawn_by(cover, panel), cells) == expected


def by_slice(panel):
    cells, each = cells_of(panel), panel.box.rows * panel.box.columns
    return [cells[first : first + each] for first in range(0, len(cells), each)]


def covered(rectangles, cells):
    """Whether some rectangles lie on each of some cells: on all of it, or on nothing of it."""
    spots = [Extent(x, y, x + width, y + height, "") for x, y, width, height in rectangles.spots]
    on = lying(cells, spots, 1e-6)
    assert np.array_equal(meeting(cells, spots, 1e-6), on), "a cell half covered"
    return list(on.any(axis=1) & rectangles.get_visible())


@settings(max_examples=40)
@given(layer_traces(), looks, st.data())
def test_frames_stand_in_every_slice_that_is_read_and_the_others_are_faded(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step = trace[index]
    group = group_of(trace, step.position[0])
    rows, columns = (slice(0, 1), *step.window[1:])[-2:]
    for panel in panels_of(scene, "input", "channels"):
        numbered = list(enumerate(panel.box.pieces, panel.first))
        read = [at_least_seven(piece, rows, columns) for channel, piece in numbered if channel in group]
        np.testing.assert_allclose(np.array(drawn_by(Frame, panel).spots).reshape(-1, 4), np.array(read).reshape(-1, 4))
        faded = drawn_by(Fade, panel).spots if Fade in panel.drawn else []
        assert faded == [piece.spot for channel, piece in numbered if channel not in group]
    row, column = (0, *step.position[1:])[-2:]
    for panel in panels_of(scene, "output", "map"):
        framed = drawn_by(Frame, panel).spots
        if panel.plan.thumb_px:
            np.testing.assert_allclose(framed, [panel.box.pieces[step.position[0]].spot])
        else:
            piece = panel.box.pieces[0 if panel.name == "map" else step.position[0]]
            np.testing.assert_allclose(framed, [at_least_seven(piece, slice(row, row + 1), slice(column, column + 1))])


def at_least_seven(piece, rows, columns):
    """Return where a frame around some cells has to be: 7 px wide and high at least."""
    middle = (
        piece.x + (columns.start + columns.stop) / 2 * piece.cell_width,
        piece.y + (rows.start + rows.stop) / 2 * piece.cell_height,
    )
    width = max(7, (columns.stop - columns.start) * piece.cell_width)
    height = max(7, (rows.stop - rows.start) * piece.cell_height)
    return middle[0] - width / 2, middle[1] - height / 2, width, height


@settings(max_examples=60)
@given(layer_traces(), looks)
def test_what_no_window_reads_is_hatched(trace, look):
    windows = [step.window for step in trace]
    unread = [hatched_lines(trace, windows, axis) for axis in range(len(trace.geometry.axes))]
    expected = np.array([any(lines) for lines in product(*unread)]).reshape(trace.padded.shape[1:])
    np.testing.assert_array_equal(expected[trace.geometry.interior], trace.unread[0])
    for panel in panels_of(channels(trace, look), "input", "channels"):
        for cells in by_slice(panel):
            hatched = covered(drawn_by(Hatch, panel), cells) if Hatch in panel.drawn else [False] * len(cells)
            assert hatched == expected.ravel().tolist()
    for panel in panels_of(channels(trace, look), "input"):
        assert ("hatched" in panel.plan.note) <= expected.any()


def hatched_lines(trace, windows, axis):
    """Whether each line of the bordered input is read by no window, nor a copy of it if it is no border."""
    along, origins = trace.geometry.axes[axis], trace.origins[axis].tolist()
    read = set()
    for window in windows:
        read |= set(range(*window[1 + axis].indices(along.padded)))
    copied = {origins[line] for line in read} - {-1}
    inside = range(along.before, along.before + along.size)
    return [line not in read and not (line in inside and origins[line] in copied) for line in range(along.padded)]


# --- links


@pytest.mark.parametrize("width", [320, 960])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(("channel_count", "filters"), [(4, 4), (8, 4), (4, 8)])
def test_links_are_those_of_the_groups(groups, channel_count, filters, width):
    trace = conv_layer(integers(channel_count, 3, 3), integers(filters, channel_count // groups, 2, 2), groups=groups)
    scene = channels(trace, Look(width=width))
    [panel] = panels_of(scene, "links")
    [kept], [cut] = ([lines for lines in lines_on(panel) if is_dotted(lines) == dotted] for dotted in (False, True))
    linked = {(channel, made) for made in range(filters) for channel in group_of(trace, made)}
    assert ends_of(panel, kept) == linked
    assert ends_of(panel, cut) == {*product(range(channel_count), range(filters))} - linked
    for index in a_few(trace):
        scene.draw(index)
        made = trace[index].position[0]
        assert ends_of(panel, drawn_by(Links, panel)) == {(c, made) for c in group_of(trace, made)}


def lines_on(panel):
    """List the lines of a panel that stay."""
    x, y, width, height = panel.box.spot
    everywhere = [artist for artist in panel.sheet.figure.get_children() if type(artist) is Shapes]
    return [
        lines
        for lines in everywhere
        if lines is not drawn_by(Links, panel)
        and all(x <= a <= x + width and y <= b <= y + height for line in lines.spots for a, b in line)
    ]


def is_dotted(lines):
    return lines.get_linestyle() == "dotted"


def ends_of(panel, lines):
    """Return which channel each line comes from, and which map it goes to, by the numbers beside its ends."""
    middle = panel.box.x + panel.box.width / 2
    numbered = [place for lettering in numbers_beside(panel) for place in zip(*lettering, strict=True)]
    channel_at = {round(y, 3): int(text) for (x, y), text in numbered if x < middle}
    map_at = {round(y, 3): int(text) for (x, y), text in numbered if x > middle}
    found = [(channel_at[round(y, 3)], map_at[round(to, 3)]) for (_, y), (_, to) in lines.spots]
    assert len(set(found)) == len(found)
    return set(found)


def numbers_beside(panel):
    """List the places and texts of the letterings on a panel without cells."""
    x, y, width, height = panel.box.spot
    return [
        (lettering.centres, lettering.texts)
        for lettering in letterings_of(panel.sheet)
        if lettering.align
        and lettering.centres
        and all(x <= a <= x + width and y <= b <= y + height for a, b in lettering.centres)
    ]


@pytest.mark.parametrize(
    ("channel_count", "filters", "linked"), [(3, 1, 0), (1, 2, 1), (8, 8, 1), (9, 2, 0), (2, 9, 0)]
)
def test_lines_are_drawn_where_they_tell_something_and_are_no_tangle(channel_count, filters, linked):
    scene = channels(conv_layer(integers(channel_count, 3, 3), integers(filters, channel_count, 2, 2)))
    assert len(panels_of(scene, "links")) == linked


# --- words


@settings(max_examples=40)
@given(layer_traces(), st.integers(320, 1400), st.data())
def test_the_equation_is_the_sum_of_channels(trace, width, data):
    scene = channels(trace, Look(width=width))
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    shown = without_spaces("".join(scene.equation.letters.texts))
    written = sum_of_channels(trace[index])
    total = len(written.factors)
    tokens = [written.tokens(most) for most in range(min(total, 25) + 1)]
    assert shown in [without_spaces(signed("".join(text for text, _ in each))) for each in tokens]


def test_a_hyphen_is_no_minus():
    trace = conv_layer(np.array([1e16, 1, -1e16]).reshape(3, 1, 1), np.ones((1, 3, 1, 1)), [0.75])
    scene = channels(trace, Look(width=1400))
    scene.draw(0)
    assert "".join(scene.equation.letters.texts).endswith("(floating-point rounding)")


def signed(text):
    """Write minus signs, which no letter follows: a hyphen stays."""
    return re.sub("-(?![a-z])", "−", text)


def without_spaces(text):
    return text.replace(" ", "")


@settings(max_examples=100)
@given(layer_traces(), st.data())
def test_the_sum_of_channels_never_disagrees_with_its_terms(trace, data):
    step = trace[data.draw(st.integers(0, len(trace) - 1))]
    written = sum_of_channels(step)
    terms = [text.strip("()") for (text,) in written.factors]
    numbers = [*step.channel_sums, step.bias]
    assert written.has_bias
    assert len(terms) == len(numbers)
    added, total = sum(map(Fraction, terms)), Fraction(written.total)
    if written.sign == "=":
        assert added == total
        written_numbers = zip([*terms, written.total], [*numbers, step.preactivation], strict=True)
        assert all(is_exactly(text, number, bound_of(step)) for text, number in written_numbers)
    elif not written.remark:
        decimal = f"{step.preactivation:.4g}" if "/" in written.total else written.total
        half_unit = Fraction(10) ** Decimal(decimal).as_tuple().exponent / 2
        assert abs(added - total) <= half_unit * (1 + Fraction(1, 10**6))
    if step.activation:
        *head, value = (text for text, _ in written.then)
        head = "".join(head)
        assert head.startswith(f" → {step.activation}({written.total})")
        exact = numeral(step.settled_value, 4)
        is_fraction_by_chance = "≈" in head and "/" in exact  # rounded: it is written with a decimal point
        assert value == (f"{step.settled_value:.4g}" if is_fraction_by_chance else exact.strip("≈"))
        assert ("≈" in head) == (written.sign == "≈" or exact.startswith("≈"))
        assert abs(step.settled_value - step.value) <= bound_of(step)
    else:
        assert written.then == ()
        assert trace.output[step.position] == step.preactivation


def is_exactly(text, number, within):
    """Whether a text is a number: an integer, or a float up to what rounding can have moved it."""
    if isinstance(number, float):
        return abs(float(Fraction(text)) - number) <= within + 1e-15 * abs(number)
    return int(text) == number


def test_colours_tell_the_terms_from_the_total():
    trace = LAYERS["lesson"]
    scene = channels(trace)
    theme = scene.sheet.theme
    for index in a_few(trace):
        scene.draw(index)
        letters = scene.equation.letters
        coloured = list(zip(letters.texts, letters.colours, strict=True))
        written = sum_of_channels(trace[index])
        terms = [text.replace("-", "−") for (text,) in written.factors[:-1]]
        assert [text for text, colour in coloured if colour == theme.products.strong] == terms
        assert [text for text, colour in coloured if colour == theme.kernel.strong] == [
            written.factors[-1][0].replace("-", "−")
        ]
        totals = [text.replace("-", "−") for text in (written.total, written.then[-1][0])]
        assert [text for text, colour in coloured if colour == theme.output.strong] == totals


def test_channels_are_called_by_their_names():
    trace = LAYERS["lesson"]
    named = [extent.what for extent in words_of(channels(trace, names=("red", "green", "blue")))]
    plain = [extent.what for extent in words_of(channels(trace))]
    assert [text for text in named if text.startswith("channel")] == [
        "channel 0, red",
        "channel 1, green",
        "channel 2, blue",
    ]
    assert [text for text in plain if text.startswith("channel")] == ["channel 0", "channel 1", "channel 2"]


@pytest.mark.parametrize("name", ["lesson", "many", "signal"])
def test_titles_tell_which_filter_and_which_map(name):
    trace = LAYERS[name]
    scene = channels(trace)
    for index in (*a_few(trace), 0):
        scene.draw(index)
        words, made = [extent.what for extent in words_of(scene)], trace[index].position[0]
        assert {text for text in words if text.startswith("Filter")} == {f"Filter {made}"}
        assert [text for text in words if text.startswith("Map")] == [f"Map {made}"] * (name == "many")


def test_filters_that_are_flipped_say_so():
    flipped, plain = (conv_layer(integers(2, 3, 3), integers(1, 2, 2, 2), flip=flip) for flip in (True, False))
    notes = [" ".join(extent.what for extent in words_of(channels(trace))) for trace in (flipped, plain)]
    assert ["flipped" in note for note in notes] == [True, False]


def test_layers_are_shown_by_their_channels():
    words = [extent.what for extent in words_of(default_scene(LAYERS["lesson"]))]
    assert "3 channels, 5×5 in a zero border" in words
    assert "Feature maps" in words


# --- pixels and cost


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["lesson", "groups", "depthwise", "many", "signal", "large", "wide"])
def test_a_frame_is_a_full_drawing_of_its_step_whatever_was_drawn_before(name, dark):
    trace, look = LAYERS[name], Look(width=700, dark=dark, density=1.25)
    frames = Frames(channels(trace, look))
    expected = {key: fresh(channels, trace, look, key) for key in (0, 2, len(trace) - 1)}
    for key in (0, 7, 2, len(trace) - 1, 2, 0):
        pixels = frames.pixels(key)
        if key in expected:
            np.testing.assert_array_equal(pixels, expected[key])


@pytest.mark.parametrize("grouped", [False, True])
def test_the_number_of_moving_artists_does_not_grow_with_the_channels(grouped):
    def moving(count):
        groups = count if grouped else 1
        return len(
            channels(conv_layer(integers(count, 6, 6), integers(count, count // groups, 3, 3), groups=groups)).moving
        )

    assert moving(2) == moving(4) < 30
    assert moving(10) == moving(16) == moving(64) < 40
