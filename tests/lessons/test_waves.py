"""Lesson 07, the part on waves: what its text claims, done on the lesson."""

import numpy as np
import pytest
from scipy.signal import convolve2d

from convviz import samples, spectrum
from convviz.lessons import Waves
from convviz.player import Edit

MIDDLE, FASTEST = 12, 0
"""Where frequency 0 and frequency −0.5, which is 0.5, are along an axis of the response."""


@pytest.fixture
def lesson():
    return Waves()


def strengths(lesson, kernel=""):
    if kernel:
        lesson.use("list w", kernel)
        assert not lesson.desk.content["error"]
    return lesson.traces["response"].magnitude


def test_each_cell_of_the_response_is_a_wave_that_the_kernel_multiplies(lesson):
    trace = lesson.traces["response"]
    rows, columns = np.indices((40, 40))
    for step in list(trace)[::37]:
        wave = np.exp(2j * np.pi * (step.frequency[0] * rows + step.frequency[1] * columns))
        made = convolve2d(wave, trace.kernel, mode="valid")
        np.testing.assert_allclose(made, step.value * wave[2:, 2:], atol=1e-12)


def test_pointing_at_a_wave_leads_to_its_step(lesson):
    trace = lesson.traces["response"]
    view = trace.terms.views["response"]
    for cell in ((0, 0), (MIDDLE, FASTEST), (23, 5)):
        step = trace[trace.terms.step_of(view, (0, *cell), 0)]
        assert step.frequency == (trace.frequencies[0][cell[0]], trace.frequencies[1][cell[1]])


def test_every_weight_takes_part_in_every_wave(lesson):
    terms = lesson.traces["response"].terms
    [block] = terms.related(terms.views["response"], terms.views["kernel"], (0, 3, 4), 0)
    assert (block.rows, block.columns) == ((0, 1, 2), (0, 1, 2))


def test_blurs_are_low_pass_and_edges_lose_even_areas(lesson):
    for kernel in ("Box blur", "Gaussian blur", "Gaussian blur, 5×5"):
        found = strengths(lesson, kernel)
        assert found[MIDDLE, MIDDLE] == pytest.approx(1) == found.max()
    for kernel in ("Sobel, left to right", "Laplacian", "Edges of any direction", "Scharr, top to bottom"):
        assert strengths(lesson, kernel)[MIDDLE, MIDDLE] == 0


def test_task_1_a_gaussian_removes_what_a_box_leaves(lesson):
    assert strengths(lesson, "Box blur")[MIDDLE, FASTEST] == pytest.approx(1 / 3)
    stripes = np.tile([1, -1], (9, 6))
    assert convolve2d(stripes, samples.kernel("box_blur"), mode="same")[4, 4] == pytest.approx(-1 / 3)
    assert stripes[4, 4] == 1
    assert strengths(lesson, "Gaussian blur")[MIDDLE, FASTEST] == 0


def test_task_2_sobel_prefers_stripes_of_four_pixels(lesson):
    found = strengths(lesson, "Sobel, left to right")
    assert found.max() == 8
    assert np.argwhere(found == 8).tolist() == [[MIDDLE, 6], [MIDDLE, 18]]
    assert lesson.traces["response"].frequencies[1][[6, 18]].tolist() == [-0.25, 0.25]
    assert not found[:, FASTEST].any()


def test_task_3_a_row_that_keeps_level_stripes(lesson):
    for cell, text in zip(np.ndindex(3, 3), ["0", "0", "0", "1/4", "1/2", "1/4", "0", "0", "0"], strict=True):
        lesson.edit(Edit(operand="w", cell=cell, text=text, live=False))
    np.testing.assert_allclose(strengths(lesson)[:, MIDDLE], 1)
    assert not strengths(lesson)[:, FASTEST].any()


def test_a_product_of_spectra_is_the_full_convolution():
    photograph, kernel = samples.photograph(32), samples.kernel("gaussian_blur")
    both = spectrum(photograph, kernel)
    np.testing.assert_allclose(both.back, convolve2d(photograph, kernel), atol=1e-9)
    before, after = np.abs(both.x_spectrum), np.abs(both.output)
    assert before.argmax() == after.argmax() == 0
    assert (after <= before * (1 + 1e-12)).all()
    slow = [np.abs(axis) < 0.125 for axis in both.frequencies]
    energy = before**2
    assert energy[np.ix_(*slow)].sum() > 0.8 * energy.sum()
