"""What the picture of a layer shows: each channel's own numbers, which channels a map is made of, and nothing else."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import conv_layer
from convviz.numerals import numeral
from convviz.player.frames.frames import Frames
from convviz.scenes import channels, default_scene
from convviz.scenes.drawing.sheet import CellColours, Lines
from convviz.scenes.layer_sums import sum_of_channels
from convviz.scenes.panels.layer_panels import CurrentMap
from convviz.scenes.panels.panel import numerals
from convviz.theme import Look
from tests.player.test_frames import fresh
from tests.scenes.extents import Extent, cells_of, hotspots_of, letterings_of, overlapping, words_of
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


def panels_of(scene, role):
    """List the panels of a role."""
    return [panel for panel in scene.panels if panel.plan.role == role]


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
        assert overlapping([Extent(x, y, x + width, y + height, "links"), *hotspots_of(scene), *words_of(scene)]) == []


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
    """Check the number in each cell of each panel: the hotspots tell which number it has to be."""
    scene.draw(index)
    step = scene.trace[index]
    computed = {role: texts(values) for role, values in numbers_of(scene.trace, step).items()}
    shown = {}
    for lettering in letterings_of(scene):
        if lettering.align:
            shown |= dict(zip(map(rounded, lettering.centres), lettering.texts, strict=True))
    for panel in scene.panels:
        for spot in panel.hotspots:
            expected = computed[spot["role"]][first_of(spot, step) :]
            for number, place in enumerate(cells_in(spot)):
                assert shown.get(rounded(place), "") == (expected[number] if panel.box.readable else "")


def numbers_of(trace, step):
    """Give what every panel may show, from the first cell of the first channel or map to the last; masked: nothing."""
    cells, group = trace.kernel[0, 0].size, group_of(trace, step.position[0])

    def spread(values, size):
        every = np.ma.array(np.zeros((len(trace.x), size), values.dtype), mask=True)
        for channel, numbers in zip(group, values.reshape(len(group), size), strict=True):
            every[channel] = numbers
        return every.reshape(-1)

    return {
        "input": trace.padded.reshape(-1),
        "patch": spread(step.patch, cells),
        "kernel": spread(step.kernel, cells),
        "products": spread(step.products, cells),
        "sums": spread(step.channel_sums, 1),
        "bias": np.array([step.bias]),
        "preactivation": np.array([step.preactivation]),
        "value": np.array([step.value]),
        "output": trace.output.reshape(-1),
    }


def texts(values):
    """Write numbers as cells do; nothing for those that are masked."""
    written = zip(numerals(np.ma.getdata(values)), np.ma.getmaskarray(values), strict=True)
    return ["" if is_hidden else text for text, is_hidden in written]


def first_of(spot, step):
    """Tell the number of a hotspot's first cell; a panel that shows one map at a time shows that of the step."""
    cells = spot["rows"] * spot["columns"]
    return step.position[0] * cells if spot["first"] is None else spot["first"]


def cells_in(spot):
    """List the middles of a hotspot's cells."""
    width, height = spot["width"] / spot["columns"], spot["height"] / spot["rows"]
    return [
        (spot["x"] + (column + 0.5) * width, spot["y"] + (row + 0.5) * height)
        for row in range(spot["rows"])
        for column in range(spot["columns"])
    ]


def rounded(place):
    x, y = place
    return round(x, 3), round(y, 3)


@every_layer
def test_there_is_a_cell_for_each_channel_that_is_shown(trace):
    scene = channels(trace, Look(channel=5))
    shown = range(len(trace.x)) if len(trace.x) <= 4 else [5]
    cells, padded = trace.kernel[0, 0].size, trace.padded[0].size
    for role, each in (("input", padded), ("patch", cells), ("kernel", cells), ("products", cells)):
        for panel in panels_of(scene, role):
            own = range(len(trace.x)) if panel.plan.thumb_px else shown
            assert [spot["first"] for spot in panel.hotspots] == [channel * each for channel in own]
    assert [spot["first"] for panel in panels_of(scene, "sums") for spot in panel.hotspots] == list(range(len(trace.x)))
    large = [panel for panel in panels_of(scene, "output") if isinstance(panel, CurrentMap)]
    assert len(large) == (len(trace.output) > 4)


@pytest.mark.parametrize("channel", [-3, 0, 4, 5, 6, 99])
def test_a_channel_that_does_not_exist_is_the_nearest_that_does(channel):
    trace = LAYERS["many"]
    scene = channels(trace, Look(channel=channel))
    nearest = min(max(channel, 0), 5)
    assert f"Channel {nearest}" in [extent.what for extent in words_of(scene)]
    assert scene.channels == 6
    for index in a_few(trace):
        check_numbers(scene, index)
    assert [panel.plan.marked for panel in panels_of(scene, "kernel")] == [nearest, None]


@settings(max_examples=30)
@given(layer_traces(), looks, st.data())
def test_slots_of_channels_outside_the_filters_group_are_bare(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    group = group_of(trace, trace[index].position[0])
    for panel in scene.panels:
        if panel.plan.role in ("patch", "kernel", "products", "sums"):
            numbered = enumerate(panel.box.pieces, panel.plan.first)
            assert panel.bare.spots == [piece.spot for channel, piece in numbered if channel not in group]
        elif hasattr(panel, "bare"):
            assert panel.bare.spots == []


@pytest.mark.parametrize("name", ["many", "large", "depthwise", "long signal", "large kernel"])
def test_where_numbers_do_not_fit_each_cell_has_its_grey(name):
    trace = LAYERS[name]
    scene = channels(trace, Look(width=390, channel=5))
    for index in a_few(trace):
        scene.draw(index)
        step = trace[index]
        numbers = numbers_of(trace, step)
        for panel in scene.panels:
            if panel.hotspots and not panel.box.readable:
                spots, each = panel.hotspots, panel.box.rows * panel.box.columns
                grey = greys_of(panel).reshape(-1)
                firsts = [first_of(spot, step) for spot in spots]
                values = np.ma.concatenate([numbers[panel.plan.role][first : first + each] for first in firsts])
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
    for panel in panels_of(scene, "output"):
        for spot, cells in zip(panel.hotspots, by_slice(panel), strict=True):
            known = [first_of(spot, trace[index]) + at <= index for at in range(len(cells))]
            assert [covered(panel.cover, cell) for cell in cells] == [not each for each in known]


def by_slice(panel):
    cells, each = cells_of(panel), panel.box.rows * panel.box.columns
    return [cells[first : first + each] for first in range(0, len(cells), each)]


def covered(rectangles, cell):
    """Tell whether some rectangles lie on a cell: on all of it, or on nothing of it."""
    laid = [Extent(x, y, x + width, y + height, "") for x, y, width, height in rectangles.spots]
    on = [cell.within(each, 1e-6) for each in laid]
    assert [cell.meets(each, 1e-6) for each in laid] == on, "a cell half covered"
    return any(on) and rectangles.get_visible()


@settings(max_examples=40)
@given(layer_traces(), looks, st.data())
def test_frames_stand_in_every_slice_that_is_read_and_the_others_are_faded(trace, look, data):
    scene = channels(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step = trace[index]
    group = group_of(trace, step.position[0])
    rows, columns = (slice(0, 1), *step.window[1:])[-2:]
    for panel in panels_of(scene, "input"):
        numbered = list(enumerate(panel.box.pieces, panel.plan.first))
        read = [at_least_seven(piece, rows, columns) for channel, piece in numbered if channel in group]
        np.testing.assert_allclose(np.array(panel.frame.spots).reshape(-1, 4), np.array(read).reshape(-1, 4))
        assert panel.faded.spots == [piece.spot for channel, piece in numbered if channel not in group]
    row, column = (0, *step.position[1:])[-2:]
    for panel in panels_of(scene, "output"):
        if panel.plan.thumb_px:
            assert panel.frame.spots == [panel.box.pieces[step.position[0]].spot]
        else:
            piece = panel.box.pieces[0 if isinstance(panel, CurrentMap) else step.position[0]]
            cell = at_least_seven(piece, slice(row, row + 1), slice(column, column + 1))
            np.testing.assert_allclose(panel.frame.spots, [cell])


def at_least_seven(piece, rows, columns):
    """Tell where a frame around some cells has to be: 7 px wide and high at least."""
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
    unread = [hatched_lines(trace, axis) for axis in range(len(trace.geometry.axes))]
    expected = np.array([any(lines) for lines in product(*unread)]).reshape(trace.padded.shape[1:])
    np.testing.assert_array_equal(expected[trace.geometry.interior], trace.unread[0])
    for panel in panels_of(channels(trace, look), "input"):
        for cells in by_slice(panel):
            assert [covered(panel.hatching, cell) for cell in cells] == expected.ravel().tolist()
        assert ("hatched" in panel.plan.note) <= expected.any()


def hatched_lines(trace, axis):
    """Tell of each line of the bordered input whether no window reads it, nor, of the input's own, a copy of it."""
    along, origins = trace.geometry.axes[axis], trace.origins[axis].tolist()
    read = set()
    for step in trace:
        read |= set(range(*step.window[1 + axis].indices(along.padded)))
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
        assert ends_of(panel, panel.current) == {(c, made) for c in group_of(trace, made)}


def lines_on(panel):
    """List the lines of a panel that stay."""
    x, y, width, height = panel.box.spot
    everywhere = [artist for artist in panel.sheet.figure.get_children() if isinstance(artist, Lines)]
    return [
        lines
        for lines in everywhere
        if lines is not panel.current
        and all(x <= a <= x + width and y <= b <= y + height for line in lines.segments for a, b in line)
    ]


def is_dotted(lines):
    return lines.get_linestyle() == "dotted"


def ends_of(panel, lines):
    """Tell which channel each line comes from, and which map it goes to, by the numbers beside its ends."""
    middle = panel.box.x + panel.box.width / 2
    numbered = [place for lettering in numbers_beside(panel) for place in zip(*lettering, strict=True)]
    channel_at = {round(y, 3): int(text) for (x, y), text in numbered if x < middle}
    map_at = {round(y, 3): int(text) for (x, y), text in numbered if x > middle}
    found = [(channel_at[round(y, 3)], map_at[round(to, 3)]) for (_, y), (_, to) in lines.segments]
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
    assert shown in [without_spaces("".join(text for text, _ in each).replace("-", "−")) for each in tokens]


def without_spaces(text):
    return text.replace(" ", "")


@settings(max_examples=100)
@given(layer_traces(), st.data())
def test_the_sum_of_channels_never_disagrees_with_its_terms(trace, data):
    step = trace[data.draw(st.integers(0, len(trace) - 1))]
    written = sum_of_channels(step)
    terms = [text.removeprefix("bias ").strip("()") for (text,) in written.factors]
    numbers = [*step.channel_sums, step.bias]
    assert [text.startswith("bias") for (text,) in written.factors] == [False] * (len(numbers) - 1) + [True]
    added, total = sum(map(Fraction, terms)), Fraction(written.total)
    if written.sign == "=":
        assert added == total
        assert is_exactly(written.total, step.preactivation)
        assert all(is_exactly(term, number) for term, number in zip(terms, numbers, strict=True))
    elif not written.remark:
        decimal = f"{step.preactivation:.4g}" if "/" in written.total else written.total
        half_unit = Fraction(10) ** Decimal(decimal).as_tuple().exponent / 2
        assert abs(added - total) <= half_unit * (1 + Fraction(1, 10**6))
    if step.activation:
        head, value = (text for text, _ in written.then)
        assert head.startswith(f" → {step.activation}({written.total})")
        assert value == numeral(step.value, 4).strip("≈")
        assert ("≈" in head) == (written.sign == "≈" or numeral(step.value, 4).startswith("≈"))
    else:
        assert written.then == ()
        assert trace.output[step.position] == step.preactivation


def is_exactly(text, number):
    """Tell whether a text is a number, or the fraction that is the float."""
    return float(Fraction(text)) == number if isinstance(number, float) else int(text) == number


def test_colours_tell_the_terms_from_the_total():
    trace = LAYERS["lesson"]
    scene = channels(trace)
    theme = scene.sheet.theme
    for index in a_few(trace):
        scene.draw(index)
        letters = scene.equation.letters
        coloured = list(zip(letters.texts, letters.colours, strict=True))
        written = sum_of_channels(trace[index])
        terms = [text.replace("-", "−") for (text,) in written.factors]
        assert [text for text, colour in coloured if colour == theme.products.strong] == terms
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


def test_filters_turned_by_180_degrees_say_so():
    turned, plain = (conv_layer(integers(2, 3, 3), integers(1, 2, 2, 2), flip=flip) for flip in (True, False))
    notes = [" ".join(extent.what for extent in words_of(channels(trace))) for trace in (turned, plain)]
    assert ["turned by 180°" in note for note in notes] == [True, False]


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
