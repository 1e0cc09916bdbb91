"""What the pictures of waves show: the spectra, the numbers of each frequency, and what is transformed back."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve, correlate, frequency_response, show, spectrum
from convviz.numerals import complex_numeral
from convviz.player.frames.frames import Frames
from convviz.scenes import default_scene, response, spectra
from convviz.scenes.panels.curve import Curve
from convviz.scenes.panels.marks import Frame
from convviz.scenes.panels.words import numerals
from convviz.theme import Look
from tests.scenes.extents import drawn_by, letterings_of, overlapping, panel_of, sheet_of, words_of
from tests.scenes.test_statements import rows_of
from tests.strategies import looks

SIGNALS = spectrum([1, 2, 3, 0, 1, 5], [1, 1]), spectrum([0.5, 2, -3], [1, -2, 4], conjugate=True), spectrum([3], [2])
PICTURES = (
    spectrum(np.arange(16).reshape(4, 4) % 5, [[1, 0], [0, -1]]),
    spectrum(np.arange(500).reshape(20, 25) % 7, np.ones((3, 3), int)),
)
KERNELS = (
    frequency_response([0.25, 0.5, 0.25], 16),
    frequency_response([0.25, 0.5, 0.25], 16).centred,
    frequency_response([1, -3, 0.5], 5),
    frequency_response([[1, 2], [0, -1]], (3, 4)),
    frequency_response(np.ones((3, 3)) / 9, 24),
)
products, responses = st.sampled_from(SIGNALS + PICTURES), st.sampled_from(KERNELS)


@settings(max_examples=25, deadline=None)
@given(products, looks, st.data())
def test_what_stands_in_the_cells_of_two_spectra_is_what_the_step_says(trace, look, data):
    scene = spectra(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step = trace[index]
    known = np.zeros(trace.output.shape, bool)
    known.reshape(-1)[: index + 1] = True
    shift = np.fft.fftshift
    shown = {
        "input": trace.x,
        "kernel": trace.w,
        "x": np.abs(shift(trace.x_spectrum)),
        "w": np.abs(shift(trace.w_spectrum)),
        "product": np.ma.masked_array(np.abs(shift(trace.output)), ~shift(known)),
        "x_number": np.array(step.x),
        "w_number": np.array(step.w),
        "number": np.array(step.value),
        "frequency": np.array([abs(f) if f == -0.5 else f for f in step.frequency]),
    }
    for panel in scene.panels:
        if panel.has_cells and panel.name != "back":
            assert panel.texts(step) in (None, numerals(shown[panel.name]))


@pytest.mark.parametrize("trace", SIGNALS + PICTURES[:1])
def test_the_waves_add_up_to_the_full_convolution(trace):
    scene = spectra(trace)
    back = panel_of(scene, "back")
    run = correlate if trace.conjugate else convolve
    assert back.texts(trace[len(trace) - 1]) == numerals(run(trace.x, trace.w, "full").output)
    for index in range(len(trace)):
        product = np.where(np.arange(len(trace)) <= index, trace.output.reshape(-1), 0).reshape(trace.output.shape)
        sums = np.fft.ifftn(product).real
        if trace.conjugate:
            sums = np.roll(sums, [n - 1 for n in trace.w.shape], range(sums.ndim))
        np.testing.assert_allclose(trace.back_so_far(index), sums, atol=1e-12)


@pytest.mark.parametrize("trace", SIGNALS)
@pytest.mark.parametrize("name", ["x", "w", "product"])
def test_a_curve_goes_through_the_strengths_and_the_dot_is_at_the_frequency(trace, name):
    scene = spectra(trace)
    values = {"x": trace.x_spectrum, "w": trace.w_spectrum, "product": trace.output}[name]
    panel = panel_of(scene, name)
    dot, _, points, _ = panel.drawn[Curve].artists
    order = np.argsort(trace.frequencies[0])
    heights = {}
    for index, step in enumerate(trace):
        scene.draw(index)
        [(x, y, side, _)] = dot.spots
        heights[step.frequency[0]] = (x + side / 2, -(y + side / 2))
        assert len(points.spots) == (index + 1 if name == "product" else len(trace))
    places = [heights[float(trace.frequencies[0][at])] for at in order]
    assert all(a[0] < b[0] for a, b in pairwise(places))
    strengths, tall = np.abs(values[order]), np.array([height for _, height in places])
    for a, b in pairwise(range(len(order))):
        assert np.sign(round(tall[b] - tall[a], 6)) == np.sign(round(strengths[b] - strengths[a], 9))


@pytest.mark.parametrize("trace", PICTURES)
def test_a_frame_marks_the_frequency_in_all_pictures(trace):
    scene = spectra(trace)
    for index in (0, len(trace) // 2, len(trace) - 1):
        scene.draw(index)
        rows, columns = (
            np.sort(axis).tolist().index(f) for axis, f in zip(trace.frequencies, trace[index].frequency, strict=True)
        )
        for name in ("x", "w", "product"):
            panel = panel_of(scene, name)
            [(x, y, width, height)] = drawn_by(Frame, panel).spots
            assert (x + width / 2, y + height / 2) == pytest.approx(panel.box.centres()[rows * panel.columns + columns])


@settings(max_examples=25, deadline=None)
@given(responses, looks, st.data())
def test_what_stands_in_the_cells_of_a_response_is_what_the_step_says(trace, look, data):
    scene = response(trace, look)
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step = trace[index]
    ordered = trace.magnitude[np.ix_(*(np.argsort(axis) for axis in trace.frequencies))]
    shown = {
        "kernel": trace.kernel,
        "response": ordered,
        "number": np.array(step.value),
        "strength": np.abs(step.value),
    }
    for name, values in shown.items():
        panel = panel_of(scene, name)
        assert not panel.has_cells or panel.texts(step) in (None, numerals(np.asarray(values)))
    [shift] = panel_of(scene, "shift").texts(step)
    assert (shift == "") == (step.value == 0)


@pytest.mark.parametrize("trace", KERNELS[:3])
def test_the_wave_after_is_what_a_convolution_makes_of_the_wave_before(trace):
    """The wave is long enough that the kernel's end is not seen."""
    scene = response(trace)
    before, after = (panel_of(scene, name).part.marks[0] for name in ("before", "after"))
    for step in trace:
        samples = np.cos(2 * np.pi * step.frequency[0] * np.arange(-8, 24))
        np.testing.assert_allclose(before.values_of(step), samples[8:], atol=1e-12)
        made = convolve(samples, trace.kernel, "full").output[8 : 8 + 24]
        np.testing.assert_allclose(after.values_of(step), made, atol=1e-12)
        assert np.abs(made).max() <= before.limits[1] + 1e-12


def test_pictures_of_waves_are_what_a_convolution_makes_of_them():
    trace = KERNELS[3]
    scene = response(trace)
    for step in trace:
        down, right = (np.arange(-4, 24) * f for f in step.frequency)
        wave = np.cos(2 * np.pi * np.add.outer(down, right))
        made = convolve(wave, trace.kernel, "full").output[4:28, 4:28]
        np.testing.assert_allclose(panel_of(scene, "before").values(step)[0], wave[4:, 4:], atol=1e-12)
        np.testing.assert_allclose(panel_of(scene, "after").values(step)[0], made, atol=1e-12)


SIGNS = {
    "x": None,
    "w": "×",
    "product": "=",
    "back": "→",
    "frequency": None,
    "x_number": None,
    "w_number": "×",
    "number": "=",
}


def plain(text):
    """Read a complex number that is written exactly."""
    return complex(re.sub(r"(?<!\d)i", "1i", text.replace("−", "-")).replace("i", "j"))


@settings(max_examples=25, deadline=None)
@given(products, st.integers(320, 1400), st.data())
def test_no_row_says_what_is_false(trace, width, data):
    scene = spectra(trace, Look(width=width))
    index = data.draw(st.integers(0, len(trace) - 1))
    scene.draw(index)
    step, said = trace[index], []
    for row in rows_of(scene):
        assert not isinstance(row[-1], str)
        said += row
    before = {b.name: a if isinstance(a, str) else None for a, b in pairwise([None, *said]) if not isinstance(b, str)}
    assert before == SIGNS | {"input": None, "kernel": None}
    np.testing.assert_allclose(np.abs(trace.x_spectrum) * np.abs(trace.w_spectrum), np.abs(trace.output), atol=1e-9)
    texts = [panel_of(scene, name).texts(step)[0] for name in ("x_number", "w_number", "number")]
    if not any("≈" in text or "/" in text for text in texts):
        a, b, c = map(plain, texts)
        assert a * b == pytest.approx(c)


@pytest.mark.parametrize("trace", [*SIGNALS, *PICTURES, *KERNELS])
@pytest.mark.parametrize("width", [320, 390, 560, 830, 1400])
def test_words_keep_apart_and_stay_on_the_sheet(trace, width):
    scene = default_scene(trace, Look(width=width))
    for index in (0, len(trace) - 1):
        scene.draw(index)
        words = words_of(scene)
        assert not overlapping(words)
        assert all(word.within(sheet_of(scene)) for word in words)
    assert scene.size[0] <= width
    assert letterings_of(scene)


@pytest.mark.parametrize("trace", [SIGNALS[0], PICTURES[1], KERNELS[0], KERNELS[4]])
def test_a_step_drawn_after_any_other_gives_the_pixels_of_a_fresh_one(trace):
    for look in (Look(width=360, dark=True), Look(width=1100)):
        frames = Frames(default_scene(trace, look))
        for index in (len(trace) - 1, 0, len(trace) // 3):
            assert np.array_equal(frames.pixels(index), Frames(default_scene(trace, look)).pixels(index))


def test_a_response_can_be_shown_and_says_what_happens_to_each_wave():
    player = show(frequency_response([0.5, 0.5], 4))
    assert player.pictures[0]["first"]["caption"] == (
        "The wave with 0 cycles per sample is multiplied by 1, and is not shifted."
    )
    trace = frequency_response([0.5, 0.5], 4)
    assert trace[2].describe() == "The wave with 0.5 cycles per sample is removed."
    assert (
        trace[1].describe() == "The wave with 0.25 cycles per sample is multiplied by ≈0.707, and is shifted by -45°."
    )


@given(st.integers(-99, 99), st.integers(-99, 99))
def test_short_complex_numbers_are_written_exactly(real, imaginary):
    text = complex_numeral(complex(real, imaginary))
    read = re.fullmatch(r"(-?\d+(?![\di]))?(?:([+-]?\d*)i)?", text)
    assert text
    assert read
    ends = {"": 1, "+": 1, "-": -1}
    assert int(read[1] or 0) == real
    assert (0 if read[2] is None else ends.get(read[2], 0) or int(read[2])) == imaginary
