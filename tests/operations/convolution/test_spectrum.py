"""The convolution theorem: spectra, their product and the way back; and what kernels do to waves."""

import re
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve, correlate, samples
from convviz.operations.convolution.frequency_response import frequency_response
from convviz.operations.convolution.spectrum import spectrum
from tests import reference
from tests.strategies import arrays, pairs


def size(x, w):
    """What the numbers of a full convolution are made of, at most: errors are measured by it."""
    return float(np.abs(x.astype(float)).sum() * np.abs(w.astype(float)).sum()) + 1e-300


# --- there and back


@given(pairs(), st.booleans())
def test_back_is_the_full_convolution_or_cross_correlation(pair, conjugate):
    x, w = pair
    direct = (correlate if conjugate else convolve)(x, w, "full").output
    back = spectrum(x, w, conjugate=conjugate).back
    assert back.dtype == np.float64
    assert back.shape == direct.shape
    np.testing.assert_allclose(back, direct, rtol=0, atol=1e-14 * size(x, w))


@given(st.integers(1, 40), st.integers(1, 12), st.booleans())
def test_twelve_digits_are_right(n, k, conjugate):
    random = np.random.default_rng(n * 13 + k)
    x, w = random.normal(size=(n, n + 1)), random.normal(size=(k, 2))
    expected = (scipy.signal.correlate if conjugate else scipy.signal.convolve)(x, w, "full", method="direct")
    back = spectrum(x, w, conjugate=conjugate).back
    assert np.abs(back - expected).max() <= 1e-12 * np.abs(expected).max()


@settings(max_examples=40)
@given(pairs(most=4, largest_kernel=3), st.booleans())
def test_spectra_are_those_of_the_definition(pair, conjugate):
    x, w = (array.astype(float) for array in pair)
    trace = spectrum(x, w, conjugate=conjugate)
    x_hat, w_hat = (reference.transform(array, trace.output.shape) for array in (x, w))
    w_hat = w_hat.conj() if conjugate else w_hat
    for ours, theirs, scale in (
        (trace.x_spectrum, x_hat, np.abs(x).sum()),
        (trace.w_spectrum, w_hat, np.abs(w).sum()),
        (trace.output, x_hat * w_hat, size(x, w)),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14 * scale)


@settings(max_examples=60)
@given(pairs(most=5, largest_kernel=4), st.booleans())
def test_every_step_is_one_frequency(pair, conjugate):
    trace = spectrum(*pair, conjugate=conjugate)
    assert trace.conjugate is conjugate
    assert len(trace) == trace.output.size
    for index, step in enumerate(trace):
        assert step.index == index
        assert step.position == np.unravel_index(index, trace.output.shape)
        assert step.frequency == tuple(axis[i] for axis, i in zip(trace.frequencies, step.position, strict=True))
        assert step.value == trace.output[step.position]
        assert abs(step.x * step.w - step.value) <= 1e-15 * abs(step.value)
        assert step.describe()
    for axis, n in zip(trace.frequencies, trace.output.shape, strict=True):
        np.testing.assert_array_equal(axis, np.fft.fftfreq(n))


def test_numbers_below_their_own_rounding_are_zero():
    assert np.count_nonzero(spectrum(np.full(9, 0.1), np.full(1, 0.3)).x_spectrum) == 1


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (spectrum([1, 0, 0], [1, 1])[2], "The wave with 0.5 cycles per sample and strength 1 is removed."),
        (
            spectrum([1, 0], [2])[1],
            "The wave with 0.5 cycles per sample and strength 1 gets strength 1×2 = 2, and is not shifted.",
        ),
        (
            spectrum([3, 0, 0], [0, 2])[1],
            "The wave with 0.25 cycles per sample and strength 3 gets strength 3×2 = 6, and is shifted by -90°.",
        ),
        (
            spectrum([[1, 0]], [[-2]])[1],
            "The wave with (0, 0.5) cycles per sample and strength 1 gets strength 1×2 = 2, and is shifted by 180°.",
        ),
    ],
)
def test_a_step_says_what_becomes_of_the_wave(step, sentence):
    assert step.describe() == sentence


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, w = np.arange(4.0), np.arange(1.0, 3)
    trace = spectrum(x, w)
    for array in (trace.output, trace.back, trace.x_spectrum, trace.w_spectrum, *trace.frequencies):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...] = 7
    with pytest.raises(FrozenInstanceError):
        trace[0].value = 3


# --- what kernels keep and drop


def at(response, *frequency):
    """Find the magnitude at a frequency."""
    place = tuple(int(np.flatnonzero(axis == f)[0]) for axis, f in zip(response.frequencies, frequency, strict=True))
    return response.magnitude[place]


@pytest.mark.parametrize("name", ["box_blur", "gaussian_blur", "gaussian_blur_5", "motion_blur"])
def test_a_blur_keeps_what_is_even_and_weakens_what_is_fast(name):
    response = frequency_response(samples.kernel(name), 16)
    assert at(response, 0, 0) == pytest.approx(1) == response.magnitude.max()
    assert at(response, -0.5, 0) < 0.4


def test_sharpening_keeps_what_is_even_and_strengthens_what_is_fast():
    response = frequency_response(samples.kernel("sharpen"), 8)
    assert at(response, 0, 0) == pytest.approx(1) == response.magnitude.min()
    assert at(response, -0.5, -0.5) == pytest.approx(9) == response.magnitude.max()


def test_sobel_drops_what_does_not_change_along_the_row():
    response = frequency_response(samples.kernel("sobel_x"), 8)
    assert (response.magnitude[:, 0] == 0).all()  # whatever changes from row to row alone
    assert at(response, 0, 0.25) == pytest.approx(8) == response.magnitude.max()
    np.testing.assert_allclose(frequency_response(samples.kernel("sobel_y"), 8).magnitude, response.magnitude.T)


@given(st.integers(1, 2).flatmap(lambda n: arrays(n, 4)), st.integers(4, 9))
def test_equal_to_numpy_and_to_the_definition(w, n):
    shape = (n,) * w.ndim
    response = frequency_response(w, n)
    scale = np.abs(w.astype(float)).sum() + 1e-300
    np.testing.assert_allclose(
        response.response, np.fft.fftn(w.astype(float), shape, range(w.ndim)), rtol=0, atol=1e-15 * scale
    )
    np.testing.assert_allclose(
        response.response, reference.transform(w.astype(float), shape), rtol=0, atol=1e-14 * scale
    )
    np.testing.assert_array_equal(response.magnitude, np.abs(response.response))
    back = response.magnitude * np.exp(1j * response.phase)
    np.testing.assert_allclose(back, response.response, rtol=0, atol=1e-14 * scale)


def test_equal_to_scipy_in_one_dimension():
    w = [0.2, -1, 3, 0.5]
    frequencies, expected = scipy.signal.freqz(w, worN=8, whole=True, fs=1)
    response = frequency_response(w, 8)
    np.testing.assert_allclose(response.response, expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(response.frequencies[0] % 1, frequencies, rtol=1e-15)


def test_centred_puts_frequency_zero_in_the_middle():
    response = frequency_response(samples.kernel("box_blur"), (4, 6))
    centred = response.centred
    assert [axis.tolist() for axis in centred.frequencies] == [
        [-0.5, -0.25, 0, 0.25],
        pytest.approx([-0.5, -1 / 3, -1 / 6, 0, 1 / 6, 1 / 3]),
    ]
    assert centred.magnitude[2, 3] == response.magnitude[0, 0]
    assert centred.describe().startswith("Frequency (0, 0) is multiplied by 1; the kernel keeps frequency (0, 0)")


def test_a_response_says_what_is_kept():
    assert frequency_response([-0.5, 1, -0.5], 4).describe() == (
        "Frequency 0 is multiplied by 0; the kernel keeps frequency 0.5 (times 2) most and frequency 0 (times 0) least."
    )


def test_nothing_of_a_response_can_be_changed():
    response = frequency_response([1, 2], 4)
    for array in (
        response.response,
        response.magnitude,
        response.phase,
        *response.frequencies,
        response.centred.response,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    with pytest.raises(AttributeError, match="no setter"):
        response.response = 3


FAULTS: list[Any] = [
    (
        spectrum,
        ([1], [[1]]),
        {},
        ValueError,
        "w has 2 dimensions (shape (1, 1)) but x has 1 (shape (1,)); accepted: the same",
    ),
    (spectrum, ([], [1]), {}, ValueError, "x is empty (shape (0,)); accepted: at least one number along each axis"),
    (spectrum, ([1], [np.nan]), {}, ValueError, "w[0] is nan; accepted: finite numbers"),
    (spectrum, ([1], ["a"]), {}, TypeError, "w holds text (dtype <U1); accepted: an array of integers, floats or"),
    (spectrum, ([1], [1]), {"conjugate": 1}, TypeError, "conjugate is 1 (int); accepted: True or False"),
    (spectrum, ([1], [1]), {"conjugate": "yes"}, TypeError, "conjugate is 'yes' (str); accepted: True or False"),
    (
        spectrum,
        ([1e308, 1e308], [1.0]),
        {},
        ValueError,
        "x is too large: its sums do not fit float64; accepted: sums",
    ),
    (
        spectrum,
        ([1.0], [1e308, -1e308]),
        {},
        ValueError,
        "w is too large: its sums do not fit float64; accepted: sums",
    ),
    (spectrum, ([1e200], [1e200]), {}, ValueError, "x and w are too large: their products, or sums of these, do not"),
    (frequency_response, ([1, 2, 3], 2), {}, ValueError, "n is 2, fewer than the cells of w, whose shape is (3,)"),
    (frequency_response, ([[1], [2]], (1, 8)), {}, ValueError, "n is (1, 8), fewer than the cells of w, whose shape"),
    (frequency_response, ([1], 0), {}, ValueError, "n is 0; accepted: an integer from 1 on"),
    (frequency_response, ([1], 2.5), {}, TypeError, "n is 2.5 (float); accepted: an integer from 1 on"),
    (frequency_response, ([1], True), {}, TypeError, "n is True (bool); accepted: an integer from 1 on"),
    (frequency_response, ([[1]], (4, 4, 4)), {}, ValueError, "n is (4, 4, 4), with 3 numbers for 2 axes; accepted:"),
    (frequency_response, ([[[1]]],), {}, ValueError, "w has 3 dimensions (shape (1, 1, 1)); accepted: 1 or 2"),
    (
        frequency_response,
        ([1e308, 1e308], 4),
        {},
        ValueError,
        "w is too large: its sums do not fit float64; accepted",
    ),
]


@pytest.mark.parametrize(
    ("function", "arguments", "options", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS]
)
def test_each_fault_is_named(function, arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        function(*arguments, **options)


@pytest.mark.parametrize("shape", [(20_000,), (1, 17_001), (130, 127), (127, 130)])
@pytest.mark.parametrize("size", [1.0, 1e-200, 1e200])
def test_large_spectra_are_numpys(shape, size):
    random = np.random.default_rng(13)
    x = random.normal(size=shape) * size
    both = spectrum(x, np.ones((1,) * len(shape)))
    expected = np.fft.fftn(x)
    for found in (both.x_spectrum, both.output):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.abs(expected).max())
        assert not found.flags.writeable
    np.testing.assert_allclose(both.back, x, rtol=0, atol=1e-13 * size)
    np.testing.assert_allclose(
        frequency_response(x, n=shape).response, expected, rtol=0, atol=1e-13 * np.abs(expected).max()
    )
    assert both[len(both) - 1].value == both.output.flat[-1]
