"""Nothing runs out of the picture or into anything else, whatever is drawn and however narrow the page."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.scenes import dot_product, growing_output, sliding_window
from convviz.theme import NUMBER_PX, Look
from tests.scenes.extents import (
    Extent,
    cells_of,
    letterings_of,
    letterings_on,
    letters_of,
    meeting,
    outside,
    overlapping,
    sheet_of,
    signs_of,
    slices_of,
    words_of,
)
from tests.strategies import looks, traces

SCENES = (sliding_window, dot_product, growing_output)
scenes = st.sampled_from(SCENES)
RANDOM = np.random.default_rng(3)
A_RARE_LONG_NUMBER = np.zeros((90, 90))
A_RARE_LONG_NUMBER[37, 41] = -123456.789012345
CANCELLING = ([1.2345678901234567, -1.2345678901234], [1.9876543210987654, 1.98765432109876])


def check_room(scene, indices):
    """Check that everything has its own place within the picture."""
    sheet, spots, words = sheet_of(scene), slices_of(scene), words_of(scene)
    assert scene.size[0] <= scene.sheet.look.width
    apart = [*spots, *words, *signs_of(scene)]
    for index in indices:
        scene.draw(index)
        written = [letters for lettering in letterings_of(scene) for letters in letters_of(lettering)]
        assert outside(written, [sheet]) == []
        equation = letters_of(scene.equation.letters) if scene.equation else []
        assert overlapping([*apart, *equation]) == []
        check_cells(scene)
    for extent in apart:
        assert extent.within(sheet), (extent, sheet)


def check_cells(scene):
    """Check that numbers stay within their cells."""
    for panel in scene.panels:
        for lettering in letterings_on(panel):
            written = letters_of(lettering)
            assert outside(written, cells_of(panel)) == [], panel.name
            assert overlapping(written) == []


@settings(max_examples=60)
@given(scenes, traces(), looks, st.data())
def test_everything_has_its_place(make, trace, look, data):
    check_room(make(trace, look), data.draw(st.sets(st.integers(0, len(trace) - 1), min_size=1, max_size=3)))


@pytest.mark.parametrize("make", SCENES)
@pytest.mark.parametrize("width", [320, 700, 1400])
@pytest.mark.parametrize(
    "trace",
    [
        convolve(np.arange(25).reshape(5, 5), np.arange(9).reshape(3, 3), "same"),
        correlate(RANDOM.normal(size=(5, 5)), RANDOM.normal(size=(3, 3)), "same"),
        correlate(A_RARE_LONG_NUMBER, RANDOM.normal(size=(3, 3)) * 1e-7),
        convolve(RANDOM.integers(-(2**40), 2**40, (30, 30)), [[2**20, 1], [-(2**20), 1]]),
        convolve(RANDOM.normal(size=(20, 60)), RANDOM.normal(size=(11, 11))),
        correlate(RANDOM.normal(size=400), RANDOM.normal(size=40), "same"),
        correlate(np.full((3, 200), -(2**62)), [[1]]),
        correlate([[0.1, 0.2, -0.3]], [[1, 1, 1]]),
        correlate(*CANCELLING),
        correlate([1], [1]),
    ],
    ids=["lesson", "floats", "rare", "wide", "large", "signal", "strip", "rounding", "cancelling", "single"],
)
def test_everything_has_its_place_in_unusual_pictures(make, width, trace):
    indices = {0, len(trace) // 2, len(trace) - 1}
    if trace.x.shape == (90, 90):
        indices.add(trace.index_of((36, 40)))
    check_room(make(trace, Look(width=width)), indices)


@pytest.mark.parametrize("width", [320, 960])
def test_numbers_of_a_kernel_that_flips_stay_within_the_picture(width):
    trace = convolve(RANDOM.normal(size=(5, 5)), RANDOM.normal(size=(3, 3)))
    scene = sliding_window(trace, Look(width=width))
    for number in range(scene.flips):
        scene.draw_flip(number)
        for lettering in letterings_of(scene):
            for letters in letters_of(lettering):
                assert letters.within(sheet_of(scene))


def test_panels_stand_side_by_side_where_there_is_room_and_below_each_other_where_not():
    trace = convolve(np.arange(25).reshape(5, 5), np.arange(9).reshape(3, 3), "same")
    wide, narrow = (slices_of(sliding_window(trace, Look(width=width))) for width in (1400, 320))
    assert all(a.right < b.left for a, b in pairwise(wide))
    assert narrow[-1].top > narrow[0].bottom


def test_a_larger_picture_of_many_cells_switches_to_colours_and_zooms_in():
    kernel = np.arange(9).reshape(3, 3)
    small = sliding_window(correlate(np.ones((8, 8), int), kernel))
    large = sliding_window(correlate(np.ones((64, 64), int), kernel))
    assert [spot.what for spot in slices_of(small)] == ["input", "kernel", "products", "output"]
    assert [spot.what for spot in slices_of(large)] == ["input", "window", "kernel", "products", "output"]
    assert "64×64; black 1, white 1" in [extent.what for extent in words_of(large)]
    readable = {panel.name: panel.box.readable for panel in large.panels}
    assert readable == {"input": False, "window": True, "kernel": True, "products": True, "output": False}


def test_words_are_right_for_a_single_number():
    notes = [extent.what for extent in words_of(sliding_window(correlate([3], [2])))]
    assert "1 number" in notes
    assert "1 numbers" not in notes


@pytest.mark.parametrize("make", SCENES)
@pytest.mark.parametrize("width", [320, 960])
def test_numbers_in_cells_are_large_enough_to_read(make, width):
    trace = correlate(RANDOM.normal(size=(5, 5)), RANDOM.normal(size=(3, 3)), "same")
    scene = make(trace, Look(width=width))
    for index in range(len(trace)):
        scene.draw(index)
        for panel in scene.panels:
            sizes = [lettering.size_px for lettering in letterings_on(panel)]
            assert all(size >= NUMBER_PX[1] for size in sizes), (panel.name, sizes)


WIDE = np.zeros((5, 5))
WIDE[0, 0] = 13283239189.695384
BELOW = {
    "as wide as the page": (correlate(WIDE, np.ones((3, 3))), "input"),
    "narrower than its words": (convolve(np.ones((5, 5)), np.ones((5, 1))), "kernel"),
    "with few rows": (correlate(np.ones((5, 5)), np.ones((3, 3))), "kernel"),
}


@pytest.mark.parametrize(("trace", "name"), BELOW.values(), ids=BELOW.keys())
def test_buttons_below_a_panel_cover_no_words(trace, name):
    scene = sliding_window(trace, Look(width=320))
    [cells] = [cells for cells in slices_of(scene) if cells.what == name]
    buttons = Extent(cells.left, cells.bottom + 3, max(cells.right, cells.left + 104), cells.bottom + 27, "buttons")
    assert not meeting([buttons], words_of(scene), 0.5).any()
