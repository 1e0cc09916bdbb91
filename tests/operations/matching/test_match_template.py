"""Template matching: the four metrics against dull loops and SciPy, the best place, and what fools it."""

import re
import tracemalloc
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import scipy.signal
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz import samples
from convviz.operations.matching import metrics, normalized
from convviz.operations.matching.match_template import match_template
from tests import reference
from tests.strategies import arrays

METRICS = ("ssd", "mse", "correlation", "normalized")
IMAGE, TEMPLATE = np.arange(1, 19).reshape(3, 6), np.array([[5, 6], [11, 12]])
INT64 = np.iinfo(np.int64)


@st.composite
def searches(draw, dtypes=("bool", "uint8", "int64", "float32", "float64")):
    """Draw an image and a template that fits into it."""
    dimensions = draw(st.integers(1, 2))
    image, template = draw(arrays(dimensions, 7, dtypes)), draw(arrays(dimensions, 4, dtypes))
    assume(all(k <= n for n, k in zip(image.shape, template.shape, strict=True)))
    return image, template


# --- the examples of the sources


@pytest.mark.parametrize("metric", METRICS[:2])
def test_the_classic_pattern_is_found(metric):
    trace = match_template(IMAGE, TEMPLATE, metric=metric)
    assert trace.best == (0, 4)
    assert trace[trace.index_of(trace.best)].value == 0
    assert trace.runner_up == (0, 3)


def test_the_flipped_template_is_not_found():
    assert match_template(IMAGE, TEMPLATE, metric="ssd").output.min() == 0
    assert match_template(IMAGE, np.flip(TEMPLATE), metric="ssd").output.min() == 148
    np.testing.assert_allclose(match_template(IMAGE, TEMPLATE).output, 1)
    np.testing.assert_allclose(match_template(IMAGE, np.flip(TEMPLATE)).output, -1)
    image = np.zeros((6, 9), int)
    image[1:3, 1:4] = corner = np.array([[1, 2, 4], [1, 0, 0]])
    image[3:5, 5:8] = np.flip(corner)
    for metric in METRICS:
        assert match_template(image, corner, metric).best == (1, 1)
        assert match_template(image, np.flip(corner), metric).best == (3, 5)


@pytest.mark.parametrize("metric", ["ssd", "mse", "normalized"])
def test_a_bright_patch_fools_correlation_alone(metric):
    image, template = samples.picture("glare"), samples.picture("plus")
    assert match_template(image, template, metric=metric).best == (1, 1)
    fooled = match_template(image, template, metric="correlation").best
    assert image[fooled[0] : fooled[0] + 3, fooled[1] : fooled[1] + 3].max() == 9


@given(gain=st.floats(0.01, 100), offset=st.floats(-100, 100))
def test_normalized_is_blind_to_brightness_and_contrast(gain, offset):
    image, template = samples.picture("glare"), samples.picture("plus")
    scores = match_template(gain * image + offset, template).output
    np.testing.assert_allclose(scores, match_template(image, template).output, rtol=0, atol=1e-9)
    np.testing.assert_allclose(match_template(-image, template).output, -match_template(image, template).output)


# --- the metrics


@given(searches(), st.sampled_from(METRICS[:3]))
def test_equal_to_dull_loops(pair, metric):
    image, template = pair
    expected = reference.match_scores(image, template, metric)
    output = match_template(image, template, metric).output
    if metric != "mse" and "f" not in image.dtype.kind + template.dtype.kind:
        assert output.dtype == np.int64
        assert output.tolist() == expected.tolist()
    else:
        size = np.abs(image.astype(float)).max() + np.abs(template.astype(float)).max()
        assert output.dtype == np.float64
        np.testing.assert_allclose(output, expected.astype(float), rtol=1e-13, atol=1e-13 * size**2 * template.size)


@given(searches())
@example((np.full((3, 3), 0.1), np.array([[0.1, 0.3]])))
@example((np.array([0.1, 0.1, 0.7, 0.1, 0.1]), np.full(2, 1 / 3)))
@example((np.array([1e6, 1e6 + 1e-3, 1e6]), np.array([1.0, 2.0])))
def test_normalized_is_equal_to_dull_loops(pair):
    image, template = (array.astype(np.float64) for array in pair)
    output = match_template(*pair).output
    # Where numbers differ by less than their own rounding there is nothing to compare.
    assume(all(np.ptp(array) == 0 or np.ptp(array) > 1e-6 for array in (image, template)))
    expected = reference.match_scores(image, template, "normalized").astype(float)
    np.testing.assert_allclose(output, expected, rtol=0, atol=1e-7)
    assert np.abs(output).max() <= 1


@settings(max_examples=50)
@given(
    hnp.arrays(np.int64, (4, 5), elements=st.integers(-99, 99)),
    hnp.arrays(np.int64, (2, 2), elements=st.integers(-99, 99)),
    st.sampled_from([1e-9, 1e-20, 1e-160, 1e-250, 1e9]),
    st.sampled_from([1e-9, 1e-160, 1.0]),
)
@example(np.arange(20).reshape(4, 5) ** 2, np.array([[0, 1], [3, 9]]), 1e-9, 1e-9)
def test_normalized_is_the_same_at_any_contrast(image, template, factor, other):
    expected = match_template(image, template).output
    trace = match_template(image * factor, template * other)
    np.testing.assert_allclose(trace.output, expected, rtol=0, atol=1e-10)
    for step in trace:
        assert step.terms.sum() == pytest.approx(step.value, abs=1e-12)
        assert step.pattern.mask.all() if np.ma.is_masked(step.pattern) else np.ptp(step.pattern) > 0
        assert ("flat" in step.describe()) == bool(np.ma.is_masked(step.pattern))


def test_numbers_that_differ_in_their_last_bits_are_no_pattern():
    trace = match_template([0.3, 0.1 + 0.2, 0.3, 5.0], [1.0, 2.0])
    assert trace.output.tolist()[:2] == [0, 0]
    assert trace.output[2] == pytest.approx(1)


@settings(max_examples=50)
@given(
    hnp.arrays(np.int64, st.tuples(st.integers(3, 9), st.integers(3, 9)), elements=st.integers(-99, 99)),
    hnp.arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-99, 99)),
)
def test_normalized_is_exact_to_twelve_digits_with_small_integers(image, template):
    expected = reference.match_scores(image, template, "normalized").astype(float)
    np.testing.assert_allclose(match_template(image, template).output, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("image", "template", "scores"),
    [  # as skimage.feature.match_template of scikit-image 0.26 gives them, with pad_input=False
        (
            [[2, 3, 2, 3, 4], [2, 4, 1, 1, 2], [0, 3, 3, 4, 2], [2, 0, 1, 0, 2]],
            [[2, 3, 1], [1, 3, 4]],
            [
                [0.05330018, -0.90909091, -0.18835264],
                [0.86015123, 0.32232919, -0.04708816],
                [-0.35942538, -0.35156152, 0.11677484],
            ],
        ),
        # A flat window counts as 0.
        (
            [[3, 3, 3, 0], [3, 3, 3, 7], [1, 0, 0, 2]],
            [[3, 1], [0, 2]],
            [[0, 0, 0.3146266], [0.25819889, 0.4472136, 0.1754116]],
        ),
    ],
)
def test_equal_to_scikit_image(image, template, scores):
    np.testing.assert_allclose(match_template(image, template).output, scores, rtol=0, atol=5e-9)


@settings(max_examples=40)
@given(searches())
def test_correlation_is_scipys(pair):
    image, template = (array.astype(np.float64) for array in pair)
    expected = scipy.signal.correlate(image, template, "valid", method="direct")
    output = match_template(image, template, "correlation").output
    np.testing.assert_allclose(output, expected, rtol=0, atol=reference.rounding(image, template))


@given(
    st.lists(st.integers(INT64.min, INT64.max) | st.integers(-3, 3), min_size=2, max_size=4),
    st.lists(st.integers(INT64.min, INT64.max) | st.integers(-3, 3), min_size=1, max_size=2),
    st.sampled_from(("ssd", "correlation")),
)
def test_integers_are_exact_or_refused(image, template, metric):
    exact = reference.match_scores(np.array(image), np.array(template), metric).tolist()
    wide = [(i, value) for i, value in enumerate(exact) if not INT64.min <= value <= INT64.max]
    if wide:
        at, value = wide[0]
        with pytest.raises(ValueError, match=rf"image and template .* the score at \[{at}\] would be {value}, which"):
            match_template(image, template, metric)
        return
    trace = match_template(image, template, metric)
    assert trace.output.tolist() == exact
    for step in trace:
        assert sum(step.terms.tolist()) == step.value


def test_the_mean_may_fit_where_the_sum_does_not():
    trace = match_template([2**62, 0], [0], "mse")
    assert trace.output.tolist() == [2.0**124, 0]
    assert trace[0].terms.tolist() == [2.0**124]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", [(60, 40), (500,), (3, 400)])
def test_large_images_are_worked_through_in_strips(monkeypatch, metric, shape):
    image = np.random.default_rng(2).integers(0, 9, shape)
    template = image[1:3, 5:9] if image.ndim == 2 else image[7:12]
    whole = match_template(image, template, metric)
    monkeypatch.setattr(metrics, "_STRIP", 100)
    np.testing.assert_array_equal(match_template(image, template, metric).output, whole.output)
    assert whole.best == ((1, 5) if image.ndim == 2 else (7,)) or metric == "correlation"


def test_an_overflow_in_a_later_strip_is_named_at_its_place(monkeypatch):
    monkeypatch.setattr(metrics, "_STRIP", 2)
    with pytest.raises(ValueError, match=r"the score at \[5\] would be 9223372036854775808, which does not fit int64"):
        match_template([0, 0, 0, 0, 0, 2**62, 0], [2], "correlation")


@pytest.mark.parametrize("metric", METRICS)
def test_a_trace_over_a_large_image_needs_little_more_memory_than_its_output(metric):
    image, template = np.zeros((1024, 1024)), np.eye(3)
    tracemalloc.start()
    try:
        match_template(image, template, metric)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3.5 * image.nbytes


# --- the best place


@given(searches(), st.sampled_from(METRICS))
def test_best_and_runner_up_are_the_first_of_the_ranking(pair, metric):
    trace = match_template(*pair, metric)
    assert trace.smaller_is_better is (metric in ("ssd", "mse"))
    scores = trace.output.ravel() if trace.smaller_is_better else -trace.output.ravel()
    order = np.argsort(scores, kind="stable")
    assert trace.best == np.unravel_index(order[0], trace.output.shape)
    if len(order) == 1:
        assert trace.runner_up is None
    else:
        assert trace.runner_up == np.unravel_index(order[1], trace.output.shape)


@pytest.mark.parametrize("metric", METRICS)
def test_of_equal_ones_the_first_wins(metric):
    trace = match_template([0, 1, 0, 0, 1, 0, 0, 1, 0], [0, 1, 0], metric)
    assert trace.best == (0,)
    assert trace.runner_up == (3,)


# --- steps


@settings(max_examples=60)
@given(searches(), st.sampled_from(METRICS))
def test_every_step_keeps_its_promises(pair, metric):
    trace = match_template(*pair, metric)
    assert len(trace) == trace.output.size
    for index, step in enumerate(trace):
        assert step.index == index
        assert step.position == np.unravel_index(index, trace.output.shape)
        assert step.value == trace.output[step.position]
        np.testing.assert_array_equal(step.patch, trace.image[step.window])
        np.testing.assert_array_equal(step.template, trace.template)
        assert step.terms.shape == step.template.shape
        if step.terms.dtype == np.int64:
            assert step.terms.sum() == step.value
        else:
            assert abs(step.terms.sum() - step.value) <= 1e-14 * np.abs(step.terms).sum() + 1e-300
        assert step.describe().startswith(f"Window {list(step.position)}: ")


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        ("ssd", "Window [1]: the squared differences (-1)×(-1) + (-2)×(-2) = 5."),
        ("mse", "Window [1]: the squared differences, 2 in all, are 2.5 on average."),
        ("correlation", "Window [1]: the products 2×3 + 3×5 = 21."),
        (
            "normalized",
            "Window [1]: with both means subtracted and both lengths made 1, the products add up to 1 (1 is the "
            "template's own pattern, -1 its negative).",
        ),
    ],
)
def test_a_step_says_how_its_score_comes_to_be(metric, sentence):
    step = match_template([1, 2, 3, 4], [3, 5], metric)[1]
    assert step.describe().replace("≈1 ", "1 ") == sentence


def test_a_flat_window_is_said_to_be_flat():
    assert match_template([1, 1, 2], [3, 5])[0].describe() == (
        "Window [0]: the window is flat, so there is no pattern to compare, which counts as 0."
    )
    assert "the template is flat" in match_template([1, 3, 2], [5, 5])[0].describe()
    unlike = match_template([1, 2, 1, 1, 1], [0, 0, 0, 1, 2])[0]  # neither is flat
    assert "flat" not in unlike.describe()


@pytest.mark.parametrize("metric", METRICS)
def test_arrays_are_read_only_and_the_callers_stay_the_callers(metric):
    image, template = IMAGE.copy(), TEMPLATE.copy()
    trace = match_template(image, template, metric)
    step = trace[1]
    for array in (trace.output, trace.image, trace.template, step.patch, step.template, step.terms):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    image[...], template[...] = 7, 7
    assert trace[1] == step
    with pytest.raises(FrozenInstanceError):
        step.value = 3


FAULTS = [
    (
        ([[1]], [1]),
        ValueError,
        "template has 1 dimensions (shape (1,)) but image has 2 (shape (1, 1)); accepted: the same number",
    ),
    (
        ([1], [1, 2]),
        ValueError,
        "template has shape (2,), larger than image's (1,); accepted: a template no larger than",
    ),
    ((np.ones((3, 3)), np.ones((1, 4))), ValueError, "template has shape (1, 4), larger than image's (3, 3)"),
    ((np.ones((3, 3, 3)), [1]), ValueError, "image has 3 dimensions (shape (3, 3, 3)); accepted: 1 or 2"),
    (([1], []), ValueError, "template is empty (shape (0,)); accepted: at least one number along each axis"),
    (([1, np.inf], [1]), ValueError, "image[1] is inf; accepted: finite numbers"),
    (([1], [1j]), TypeError, "template holds complex numbers (dtype complex128); accepted: an array of integers"),
    (([1], [1], "sad"), ValueError, "metric is 'sad'; accepted: 'ssd', 'mse', 'correlation' or 'normalized'"),
    (([1], [1], None), ValueError, "metric is None; accepted: 'ssd', 'mse', 'correlation' or 'normalized'"),
    (([1], [1], ["ssd"]), ValueError, "metric is ['ssd']; accepted: 'ssd', 'mse', 'correlation' or 'normalized'"),
    (([2**62, 0], [-(2**62)], "ssd"), ValueError, "image and template are too large: the score at [0] would be"),
    (([1e200, 0.0], [0.0], "mse"), ValueError, "image and template are too large: their products, or sums of these,"),
    (([1e200, 0.0], [1.0, -1e200]), ValueError, "image and template are too large: their products, or sums of these,"),
    (([1e308, 1e308], [1.0, 1.0], "correlation"), ValueError, "image and template are too large: their products, or"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS])
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        match_template(*arguments)


# --- large templates, whose scores are made of sums over windows


def normalized_exactly(image, template):
    """Compute scores in long floats, window by window, with the mean subtracted first."""
    image, pattern = image.astype(np.longdouble), template.astype(np.longdouble)
    pattern = pattern - pattern.mean()
    windows = np.lib.stride_tricks.sliding_window_view(image, pattern.shape)
    axes = tuple(range(-pattern.ndim, 0))
    centred = windows - windows.mean(axis=axes, keepdims=True)
    lengths = np.sqrt((centred**2).sum(axis=axes) * (pattern**2).sum())
    flat = (np.ptp(windows, axis=axes) == 0) | (np.ptp(template) == 0)
    return np.where(flat, 0, (centred * pattern).sum(axis=axes) / np.where(flat, 1, lengths))


def textures():
    """Return pictures that are hard in different ways, by name."""
    random = np.random.default_rng(9)
    rows, columns = np.mgrid[:64, :70]
    smooth = 0.5 + 0.4 * np.sin(columns / 9) * np.cos(rows / 7) + 1e-3 * random.normal(size=rows.shape)
    return {
        "noise": random.random(rows.shape),
        "integers": random.integers(0, 256, rows.shape),
        "long integers": random.integers(-(2**40), 2**40, rows.shape),
        "smooth": smooth,
        "smooth, in 256 steps": np.rint(255 * smooth) / 255,
        "bright": smooth + 100,
        "half of it flat": np.where(columns < 30, 0.1, smooth),
        "one cell is bright": np.where((rows == 40) & (columns == 50), 1e6, smooth),
        "tiny": smooth * 1e-5,
        "huge": smooth * 1e60,
    }


@pytest.mark.parametrize("name", textures())
@pytest.mark.parametrize("shape", [(8, 8), (16, 11), (1, 50), (64, 2)])
def test_normalized_is_as_accurate_with_large_templates(name, shape):
    image = textures()[name]
    template = image[: shape[0], 20 : 20 + shape[1]] if shape[0] > 1 else textures()["noise"][:1, :50]
    exact = normalized_exactly(image, template)
    error = np.abs(match_template(image, template).output - exact).max()
    before = np.abs(normalized.window_by_window(image.astype(float), template.astype(float)) - exact).max()
    assert error <= max(1e-15, before)


def test_flat_windows_score_exactly_zero_with_large_templates():
    random = np.random.default_rng(10)
    image, template = np.full((60, 60), 0.1), random.random((9, 9))
    image[30:, 30:] = random.random((30, 30))
    scores = match_template(image, template).output
    flat = np.ones(scores.shape, dtype=bool)
    flat[30 - 8 :, 30 - 8 :] = False
    assert not scores[flat].any()
    assert scores[~flat].all()
    for dtype in (float, int):
        assert not match_template(np.full((60, 60), 7, dtype), template).output.any()
        assert not match_template((image * 100).astype(dtype), np.full((9, 9), 7, dtype)).output.any()


@pytest.mark.parametrize("dtype", [int, float])
def test_a_large_template_is_found_where_it_was_cut_out(dtype):
    image = (np.random.default_rng(11).random((300, 290)) * 256).astype(dtype)
    for metric in ("normalized", "ssd", "correlation"):
        trace = match_template(image, image[200:240, 130:160], metric)
        assert trace.best == (200, 130) or metric == "correlation"
    trace = match_template(image, image[200:240, 130:160])
    assert trace.output[200, 130] == pytest.approx(1, abs=1e-15)
    assert trace[trace.index_of((200, 130))].terms.sum() == pytest.approx(trace.output[200, 130], abs=1e-14)
    assert match_template(image, -image[200:240, 130:160]).output.min() == pytest.approx(-1, abs=1e-15)


@given(searches(), st.integers(1, 30))
def test_sums_over_windows_are_those_of_a_dull_loop(pair, large):
    image, template = pair
    numbers = image.astype(float).astype(np.int64) * 2**large
    windows = np.lib.stride_tricks.sliding_window_view(numbers, template.shape)
    expected = windows.sum(axis=tuple(range(-numbers.ndim, 0)))
    np.testing.assert_array_equal(normalized.window_sums(numbers, template.shape), expected)
