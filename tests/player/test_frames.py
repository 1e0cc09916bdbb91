"""Frames: the very pixels of a fresh picture, whatever was drawn before, and the same again as PNG."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib._pylab_helpers import Gcf
from matplotlib.colors import to_rgb
from PIL import Image

from convviz import convolve, correlate
from convviz.player.frames.frames import Frames
from convviz.scenes import dot_product, growing_output, sliding_window
from convviz.scenes.drawing.sheet import Sheet
from convviz.theme import Look
from tests.strategies import looks, traces

X = np.arange(25).reshape(5, 5)
W = np.arange(1, 10).reshape(3, 3)
RANDOM = np.random.default_rng(11)
SCENES = (sliding_window, dot_product, growing_output)
PICTURES = {
    "numbers": (convolve(X, W, "same"), Look(width=700, density=2)),
    "dark": (convolve(X / 7, W / 9, "same"), Look(width=320, dark=True)),
    "colours": (convolve(RANDOM.normal(size=(40, 40)), RANDOM.normal(size=(5, 5))), Look(width=960, density=1.25)),
    "signal": (convolve(RANDOM.normal(size=300), RANDOM.normal(size=30)), Look(width=480, density=0.75)),
    "unflipped": (correlate(X, W), Look()),
}


def fresh(make, trace, look, key):
    """Let matplotlib draw the whole picture anew."""
    scene = make(trace, look)
    if key < 0:
        scene.draw_flip(key + scene.flips)
    else:
        scene.draw(key)
    scene.figure.canvas.draw()
    return np.asarray(scene.figure.canvas.buffer_rgba()).copy()


def keys_of(scene):
    """List every frame that there is."""
    return range(-scene.flips, len(scene.trace))


@pytest.mark.parametrize("make", SCENES)
@pytest.mark.parametrize("name", PICTURES)
def test_a_frame_is_a_full_drawing_of_its_step_whatever_was_drawn_before(make, name):
    trace, look = PICTURES[name]
    frames = Frames(make(trace, look))
    first, last = keys_of(frames.scene)[0], keys_of(frames.scene)[-1]
    expected = {key: fresh(make, trace, look, key) for key in {0, 2, first, last}}
    for key in (0, 7, 2, first, 2, last, first, 0):
        if key in expected:
            assert np.array_equal(frames.pixels(key), expected[key])
        else:
            frames.pixels(key)


@settings(max_examples=25)
@given(st.sampled_from(SCENES), traces(most=8, largest_kernel=4), looks, st.data())
def test_a_picture_forgets_the_past(make, trace, look, data):
    frames = Frames(make(trace, look))
    keys = st.integers(-frames.scene.flips, len(trace) - 1)
    for key in data.draw(st.lists(keys, max_size=4)):
        frames.pixels(key)
    key = data.draw(keys)
    pixels = frames.pixels(key).copy()
    np.testing.assert_array_equal(pixels, fresh(make, trace, look, key))
    np.testing.assert_array_equal(decoded(frames.png(key)), pixels[..., :3])


def decoded(png):
    """Let Pillow read a PNG."""
    with Image.open(BytesIO(png)) as picture:
        picture.load()
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_png_holds_the_pixels(name):
    frames = Frames(sliding_window(*PICTURES[name]))
    for key in (keys_of(frames.scene)[0], 0, 3):
        png = frames.png(key)
        np.testing.assert_array_equal(decoded(png), frames.pixels(key)[..., :3])
        assert png.startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("density", [0.5, 1.0, 1.25, 1.5, 2.0, 4.0])
def test_frames_have_the_pixels_of_the_screen(density):
    frames = Frames(sliding_window(convolve(X, W), Look(width=640, density=density)))
    height, width, channels = frames.pixels(0).shape
    assert channels == 4
    assert (frames.pixels(0)[..., 3] == 255).all()
    assert (width, height) == tuple(round(length * density) for length in frames.scene.size)


@given(st.integers(320, 1400), st.integers(20, 60), st.floats(1, 3))
@example(320, 29, 1.0)  # 0.29 inches are 28.999… pixels
@example(1001, 58, 1.0)
@example(1400, 57, 2.0)
def test_a_sheet_has_the_pixels_of_the_screen_and_not_one_less(width, height, density):
    canvas = Sheet(Look(width=width, density=density), width, height).figure.canvas
    canvas.draw()
    assert np.asarray(canvas.buffer_rgba()).shape[:2] == (round(height * density), round(width * density))


@pytest.mark.parametrize("make", SCENES)
def test_each_step_and_each_frame_of_the_flip_looks_different(make):
    trace = convolve(X, W)
    frames = Frames(make(trace))
    assert len({frames.png(key) for key in keys_of(frames.scene)}) == len(trace) + frames.scene.flips


@pytest.mark.parametrize("dark", [False, True])
def test_the_frames_on_input_and_output_are_where_the_step_is(dark):
    trace = correlate(X, W, "same")
    look = Look(width=960, density=2, dark=dark)
    frames = Frames(sliding_window(trace, look))
    panels = {panel.name: panel for panel in frames.scene.panels}
    for index in (0, 9, 24):
        pixels = frames.pixels(index)
        row, column = trace[index].position
        window = (row, column, row + 3, column + 3)
        cell = (row, column, row + 1, column + 1)
        for name, block, colour in (("input", window, look.theme.kernel), ("output", cell, look.theme.output)):
            panel = panels[name]
            [spot] = panel.slices
            width, height = spot["width"] / panel.columns, spot["height"] / panel.rows
            top, left, bottom, right = np.multiply(block, (height, width, height, width)) + [spot["y"], spot["x"]] * 2
            for x, y in (((left + right) / 2, top), (right, (top + bottom) / 2), (left, (top + bottom) / 2)):
                seen = pixels[round(y * 2), round(x * 2), :3]
                np.testing.assert_allclose(seen, np.multiply(to_rgb(colour.strong), 255), atol=1)


def test_a_picture_of_colours_is_the_right_way_up():
    picture = np.zeros((100, 100))
    picture[:50, :50], picture[:50, 50:], picture[50:, :50] = 3.0, 2.0, 1.0
    trace = correlate(picture, [[1.0]])
    frames = Frames(sliding_window(trace, Look(width=960, density=2)))
    pixels = frames.pixels(len(trace) - 1)
    for panel in frames.scene.panels:
        if panel.name in ("input", "output"):
            [spot] = panel.slices
            for row, column, grey in ((0.3, 0.3, 255), (0.3, 0.7, 170), (0.7, 0.3, 85), (0.7, 0.7, 0)):
                x, y = spot["x"] + column * spot["width"], spot["y"] + row * spot["height"]
                assert set(pixels[round(y * 2), round(x * 2), :3]) == {grey}


@pytest.mark.parametrize("make", SCENES)
def test_photographs_work(make):
    photograph = RANDOM.integers(0, 256, (512, 512), dtype=np.uint8)
    trace = convolve(photograph, W, "same")
    look = Look(width=700)
    frames = Frames(make(trace, look))
    for key in (0, 512 * 300 + 99, len(trace) - 1, keys_of(frames.scene)[0]):
        np.testing.assert_array_equal(frames.pixels(key), fresh(make, trace, look, key))


@pytest.mark.parametrize("key", [25, 10**9, -21, -100])
def test_there_is_no_frame_beyond_the_last_nor_before_the_first(key):
    frames = Frames(sliding_window(convolve(X, W, "same")))
    assert frames.scene.flips == 20
    with pytest.raises(
        IndexError, match=r"index=\d+, but there are 25 steps|number=-\d+, but the flip animation has 20 frames"
    ):
        frames.pixels(key)
    np.testing.assert_array_equal(frames.pixels(3), Frames(sliding_window(convolve(X, W, "same"))).pixels(3))


def test_no_figure_is_left_behind():
    before = Gcf.get_num_fig_managers()
    for make in SCENES:
        Frames(make(convolve(X, W))).png(3)
    assert Gcf.get_num_fig_managers() == before
