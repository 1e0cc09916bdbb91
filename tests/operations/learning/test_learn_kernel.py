"""Learning a kernel: losses and gradients against dull loops and PyTorch, and what is learned in the end."""

import os
import re
from dataclasses import FrozenInstanceError
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz import convolve, correlate, samples
from convviz.operations.learning import squared_error
from convviz.operations.learning.initialisation import starting_kernel
from convviz.operations.learning.learn_kernel import learn_kernel
from tests import reference
from tests.strategies import MODES

SOBEL = samples.kernel("sobel_x")
STARTS = ("normal", "uniform", "zeros", "xavier", "he")
NOISE = np.random.default_rng(3).normal(size=(12, 12))
EDGES = correlate(NOISE, SOBEL).output


@pytest.fixture(scope="module")
def torch():
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


@st.composite
def lessons(draw):
    """Draw an input, a target and a kernel's shape that go together, and the rest of the arguments."""
    dimensions, mode = draw(st.integers(1, 2)), draw(st.sampled_from(MODES))
    shape = tuple(draw(st.integers(1, 3)) for _ in range(dimensions))
    sizes = tuple(draw(st.integers(k if mode == "valid" else 1, 5)) for k in shape)
    made = correlate(np.ones(sizes), np.ones(shape), mode).output.shape
    numbers = st.integers(-9, 9) if draw(st.booleans()) else st.floats(-9, 9, width=16, allow_subnormal=False)
    x = draw(hnp.arrays(float, sizes, elements=numbers))
    x.flat[0] = 5  # not all zeros
    target = draw(hnp.arrays(float, made, elements=numbers))
    rest = {
        "mode": mode,
        "flip": draw(st.booleans()),
        "start": draw(st.sampled_from(STARTS)),
        "seed": draw(st.integers(0, 9)),
    }
    return x, target, shape, rest


# --- what is learned


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("flip", [False, True])
def test_sobel_is_recovered_from_a_filtered_picture(start, flip):
    picture = samples.photograph(32)
    trace = learn_kernel(picture, correlate(picture, SOBEL).output, start=start, flip=flip)
    np.testing.assert_allclose(trace.kernel, np.flip(SOBEL) if flip else SOBEL, rtol=0, atol=1e-3)


@pytest.mark.parametrize("name", ["sharpen", "emboss", "gaussian_blur_5", "corner", "laplacian"])
@pytest.mark.parametrize("scale", [1e-3, 1, 255])
def test_any_kernel_is_recovered_whatever_the_units(name, scale):
    kernel = samples.kernel(name)
    trace = learn_kernel(scale * NOISE, correlate(scale * NOISE, kernel).output)
    np.testing.assert_allclose(trace.kernel, kernel, rtol=0, atol=1e-3)


@pytest.mark.parametrize("mode", ["same", "full"])
def test_a_kernel_is_recovered_in_one_dimension_and_other_modes(mode):
    x, kernel = samples.signal("noise", 40), [1, -2, 0.5, 3]
    target = convolve(x, kernel, mode).output
    trace = learn_kernel(x, target, 4 if mode == "same" else None, flip=True, mode=mode)
    np.testing.assert_allclose(trace.kernel, kernel, rtol=0, atol=1e-3)


@pytest.mark.parametrize("start", STARTS)
def test_a_flipping_layer_learns_the_same_numbers_flipped(start):
    plain, flipped = (learn_kernel(NOISE, EDGES, start=start, flip=flip) for flip in (False, True))
    for ours, theirs in zip(plain, flipped, strict=True):
        np.testing.assert_array_equal(ours.kernel, np.flip(theirs.kernel))
        np.testing.assert_array_equal(ours.gradient, np.flip(theirs.gradient))
        assert ours.loss == theirs.loss
    np.testing.assert_array_equal(plain.layer().output, flipped.layer().output)
    assert flipped.layer().flip
    assert not plain.layer().flip


def test_where_the_input_cannot_tell_the_kernel_stays_as_it_began():
    trace = learn_kernel(np.ones((5, 5)), np.full((3, 3), 9.0), start="normal", seed=5)
    begun = trace[0].kernel
    assert trace.kernel.sum() == pytest.approx(9, abs=1e-3)
    np.testing.assert_allclose(trace.kernel - trace.kernel.mean(), begun - begun.mean(), atol=1e-12)


# --- every step


@settings(max_examples=50)
@given(lessons(), st.integers(0, 3))
def test_losses_and_gradients_are_equal_to_dull_loops(lesson, steps):
    x, target, shape, rest = lesson
    trace = learn_kernel(x, target, shape, steps=steps, **rest)
    assert len(trace) == steps + 1
    assert trace.output.dtype == np.float64
    for index, step in enumerate(trace):
        applied = np.flip(step.kernel) if rest["flip"] else step.kernel
        loss, gradient = reference.squared_error(x, applied, target, rest["mode"])
        gradient = (np.flip(gradient) if rest["flip"] else gradient).astype(float)
        scale = (np.abs(x).max() * np.abs(applied).sum() + np.abs(target).max()) ** 2
        assert (step.index, step.position) == (index, (index,))
        assert step.value == step.loss == trace.output[index]
        assert step.loss == pytest.approx(float(loss), rel=1e-12, abs=1e-13 * scale)
        slopes = 1e-13 * np.sqrt(scale) * np.abs(x).max() * np.sqrt(applied.size)
        np.testing.assert_allclose(step.gradient, gradient, rtol=1e-12, atol=slopes)
        output = trace.layer(index).output
        assert np.mean((output - target) ** 2) == pytest.approx(step.loss, rel=1e-12, abs=1e-13 * scale)


@given(lessons())
def test_each_step_follows_from_the_one_before(lesson):
    x, target, shape, rest = lesson
    trace = learn_kernel(x, target, shape, steps=5, **rest)
    for step, following in pairwise(trace):
        np.testing.assert_array_equal(following.kernel, step.kernel - trace.rate * step.gradient)
        assert following.loss <= step.loss * (1 + 1e-12) + 1e-12
    np.testing.assert_array_equal(trace.kernel, trace[-1].kernel)


@settings(max_examples=30)
@given(lessons())
def test_learning_is_that_of_pytorch(torch, lesson):
    x, target, shape, rest = lesson
    trace = learn_kernel(x, target, shape, steps=4, **rest)
    padded = torch.tensor(trace.layer(0).padded.copy())
    weight = torch.tensor(
        np.flip(trace[0].kernel).copy() if rest["flip"] else trace[0].kernel.copy(), requires_grad=True
    )
    optimizer = torch.optim.SGD([weight], lr=trace.rate)
    layer = {1: torch.nn.functional.conv1d, 2: torch.nn.functional.conv2d}[x.ndim]
    flipped = np.flip if rest["flip"] else np.asarray
    scale = float(np.abs(x).max() * np.abs(trace[0].kernel).sum() + np.abs(target).max()) ** 2 + 1
    for step in trace:
        np.testing.assert_allclose(step.kernel, flipped(weight.detach().numpy()), rtol=1e-11, atol=1e-12 * scale)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(layer(padded[None, None], weight[None, None])[0, 0], torch.tensor(target))
        loss.backward()
        assert step.loss == pytest.approx(loss.item(), rel=1e-11, abs=1e-12 * scale)
        np.testing.assert_allclose(step.gradient, flipped(weight.grad.numpy()), rtol=1e-11, atol=1e-11 * scale)
        optimizer.step()


@pytest.mark.parametrize("shape", [(9, 700), (700, 4), (5000,)])
def test_large_inputs_are_worked_through_in_parts(monkeypatch, shape):
    x = np.random.default_rng(2).normal(size=shape)
    target = correlate(x, SOBEL[0] if x.ndim == 1 else SOBEL).output + 1
    whole = learn_kernel(x, target, steps=3)
    monkeypatch.setattr(squared_error, "_BLOCK", 1)
    parts = learn_kernel(x, target, steps=3)
    np.testing.assert_allclose(parts.output, whole.output, rtol=1e-12)
    assert parts[2].gradient == pytest.approx(whole[2].gradient, rel=1e-11)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        (0, "Before any update the mean squared error is 2; the next update changes each weight by up to 0.5."),
        (1, "After 1 update the mean squared error is 0.5; the next update changes each weight by up to 0.25."),
        (2, "After 2 updates the mean squared error is "),
    ],
)
def test_a_step_says_how_far_learning_has_come(index, sentence):
    step = learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=0.125, steps=2)[index]
    assert step.describe().startswith(sentence)


# --- starts


def test_starts_are_seeded_and_spread_as_they_say():
    shape = (100, 100)
    drawn = {name: starting_kernel(name, shape, 1) for name in STARTS}
    assert not drawn["zeros"].any()
    assert drawn["normal"].std() == pytest.approx(1, rel=0.05)
    assert np.abs(drawn["uniform"]).max() == pytest.approx(1, rel=0.05)
    assert np.abs(drawn["xavier"]).max() == pytest.approx((6 / 20_000) ** 0.5, rel=0.05)
    assert drawn["he"].std() == pytest.approx((2 / 10_000) ** 0.5, rel=0.05)
    for name in ("normal", "uniform", "xavier", "he"):
        np.testing.assert_array_equal(drawn[name], starting_kernel(name, shape, 1))
        assert (drawn[name] != starting_kernel(name, shape, 2)).any()


def test_a_start_of_ones_own_is_taken_as_it_is():
    begun = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    for flip in (False, True):
        assert learn_kernel(NOISE, EDGES, start=begun, flip=flip, steps=0)[0].kernel.tolist() == begun


# --- rates and steps


def test_a_rate_just_below_the_limit_converges_and_the_limit_is_named():
    limit = 2 * learn_kernel(NOISE, EDGES, steps=0).rate
    losses = learn_kernel(NOISE, EDGES, rate=0.99 * limit, steps=200).output
    assert (np.diff(losses) < 0).all()
    message = (
        f"rate is {limit * 1.01}, at which each update overshoots and learning diverges; accepted for this x: above 0"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        learn_kernel(NOISE, EDGES, rate=limit * 1.01)


def test_the_limit_is_where_learning_begins_to_diverge():
    x, target, kernel = NOISE, EDGES, np.zeros((3, 3))
    rate = 2.05 * learn_kernel(x, target, steps=0).rate
    losses = []
    for _ in range(400):
        errors = correlate(x, kernel).output - target
        losses.append(np.mean(errors**2))
        kernel = kernel - rate * 2 / errors.size * correlate(x, errors).output
    assert losses[-1] > losses[0]


def test_where_learning_stops_before_it_arrives_it_says_so():
    trace = learn_kernel([1, 1.0001, 1, 1.0001, 1], [1, 2, 3, 4], start="zeros")
    assert not trace.arrived
    assert trace.updates[-1] == 100_000
    assert "has not arrived after 100000 updates, the most that are made" in trace.describe()
    assert trace[-1].describe().startswith("After 100000 updates, where learning stops although it has not arrived, ")
    assert "arrived" not in trace[-2].describe()
    assert not learn_kernel([1, 1.0001, 1, 1.0001, 1], [1, 2, 3, 4], start="zeros", steps=3).arrived


def test_where_learning_arrives_it_says_so_too():
    trace = learn_kernel(NOISE, EDGES)
    assert trace.arrived
    assert f"has arrived after {len(trace) - 1} updates" in trace.describe()
    assert learn_kernel(NOISE, EDGES, steps=len(trace) - 1).arrived
    assert not learn_kernel(NOISE, EDGES, steps=len(trace) - 2).arrived


def test_of_many_updates_some_are_kept_at_equal_distances():
    few, many = (learn_kernel([2, 0, 0], [2, 0], start="zeros", rate=1e-4, steps=steps) for steps in (2000, 30_000))
    assert few.updates.tolist() == list(range(2001))
    assert len(many) == 10_001
    assert many.updates.tolist() == list(range(0, 30_001, 3))
    assert [step.updates for step in many[:3]] == [0, 3, 6]
    assert many[2].kernel.tolist() == few[6].kernel.tolist()
    assert many.output[2] == few.output[6]


def test_a_trace_holds_its_kernels_and_little_else():
    x = np.random.default_rng(0).normal(size=(300, 300))
    trace = learn_kernel(x, correlate(x, SOBEL).output, steps=10)
    assert len(trace) == 11
    assert trace[3:7][1] == trace[4]
    assert learn_kernel(x, correlate(x, SOBEL).output, steps=10)[4] == trace[4]


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, target = NOISE.copy(), EDGES.copy()
    trace = learn_kernel(x, target, steps=3)
    step = trace[1]
    for array in (trace.output, trace.x, trace.target, trace.kernel, step.kernel, step.gradient):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...], target[...] = 7, 7
    assert trace[1] == step
    with pytest.raises(FrozenInstanceError):
        step.kernel = None


FAULTS = [
    (((3, 3), (2, 2, 2)), {}, ValueError, "target has 3 dimensions (shape (2, 2, 2)); accepted: 1 or 2"),
    (
        ((3, 3), (2,)),
        {},
        ValueError,
        "target has 1 dimensions (shape (2,)) but x has 2 (shape (3, 3)); accepted: the same number",
    ),
    (
        ((3,), (4,)),
        {},
        ValueError,
        "target has shape (4,), which a kernel cannot make from x's (3,) in mode 'valid'; accepted",
    ),
    (
        ((3,), (2,)),
        {"mode": "full"},
        ValueError,
        "target has shape (2,), which a kernel cannot make from x's (3,) in mode 'full'",
    ),
    (((3,), (2,)), {"mode": "same"}, ValueError, "shape is None; accepted in mode 'same', where target does not"),
    (
        ((5,), (2,)),
        {"shape": 3},
        ValueError,
        "target has shape (2,), which a kernel of shape (3,) cannot make from x's (5,)",
    ),
    (
        ((5,), (1,)),
        {"shape": 9},
        ValueError,
        "target has shape (1,), which a kernel of shape (9,) cannot make from x's (5,)",
    ),
    (((5,), (3,)), {"shape": 0}, ValueError, "shape is 0; accepted: an integer from 1 on"),
    (((5,), (3,)), {"shape": "3"}, TypeError, "shape is '3' (str); accepted: an integer from 1 on"),
    (((5,), (3,)), {"mode": "circular"}, ValueError, "mode is 'circular'; accepted: 'valid', 'same' or 'full'"),
    (((5,), (3,)), {"flip": "yes"}, TypeError, "flip is 'yes' (str); accepted: True or False"),
    (
        ((5,), (3,)),
        {"start": "glorot"},
        ValueError,
        "start is 'glorot'; accepted: 'normal', 'uniform', 'zeros', 'xavier', 'he', or",
    ),
    (
        ((5,), (3,)),
        {"start": [1, 2]},
        ValueError,
        "start has shape (2,); accepted: the kernel's shape, (3,), or a name",
    ),
    (((5,), (3,)), {"start": None}, TypeError, "start is None (NoneType); accepted: an array of integers, floats or"),
    (
        ((5,), (3,)),
        {"start": [1e80, 0, 0]},
        ValueError,
        "start holds 1e+80; accepted: numbers up to 1e75, whose squares fit",
    ),
    (((5,), (3,)), {"seed": -1}, ValueError, "seed is -1; accepted: an integer from 0 on"),
    (((5,), (3,)), {"seed": 1.5}, TypeError, "seed is 1.5 (float); accepted: an integer from 0 on"),
    (((5,), (3,)), {"rate": 0}, ValueError, "rate is 0; accepted: a number above 0, or None"),
    (((5,), (3,)), {"rate": float("nan")}, ValueError, "rate is nan; accepted: a number above 0, or None"),
    (((5,), (3,)), {"rate": "fast"}, TypeError, "rate is 'fast' (str); accepted: a number above 0, or None"),
    (((5,), (3,)), {"rate": True}, TypeError, "rate is True (bool); accepted: a number above 0, or None"),
    (
        ((5,), (3,)),
        {"rate": 5},
        ValueError,
        "rate is 5.0, at which each update overshoots and learning diverges; accepted",
    ),
    (((5,), (3,)), {"steps": -1}, ValueError, "steps is -1; accepted: an integer from 0 to 10000000, or None"),
    (((5,), (3,)), {"steps": 1.0}, TypeError, "steps is 1.0 (float); accepted: an integer from 0 to 10000000, or None"),
    (
        ((5,), (3,)),
        {"steps": 10**9},
        ValueError,
        "steps is 1000000000; accepted: an integer from 0 to 10000000, or None",
    ),
]


@pytest.mark.parametrize(("shapes", "arguments", "error", "message"), FAULTS, ids=[fault[-1][:50] for fault in FAULTS])
def test_each_fault_is_named(shapes, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        learn_kernel(*map(np.ones, shapes), **arguments)


@pytest.mark.parametrize(
    ("x", "target", "message"),
    [
        (np.zeros(5), np.ones(3), "x is all zeros, or too close to zero to learn from; accepted: an input with"),
        (np.full(5, 1e-170), np.ones(3), "x is all zeros, or too close to zero to learn from; accepted: an input with"),
        (np.full(5, 1e80), np.ones(3), "x holds 1e+80; accepted: numbers up to 1e75, whose squares fit"),
        (np.ones(5), np.full(3, -1e80), "target holds 1e+80; accepted: numbers up to 1e75, whose squares fit"),
        ([1, np.nan], [1], "x[1] is nan; accepted: finite numbers"),
        ([1, 2], [np.inf], "target[0] is inf; accepted: finite numbers"),
    ],
)
def test_numbers_that_nothing_can_be_learned_from_are_named(x, target, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        learn_kernel(x, target)


def test_the_twin_makes_the_same_output_with_the_flipped_kernel_at_every_step():
    for flip in (False, True):
        trace = learn_kernel(NOISE, EDGES, start="he", steps=20, flip=flip)
        twin = trace.twin
        assert twin.flip != trace.flip
        assert len(twin) == len(trace)
        for number in (0, 7, 20):
            np.testing.assert_allclose(np.flip(twin[number].kernel), trace[number].kernel, atol=1e-12)
            np.testing.assert_allclose(twin.layer(number).output, trace.layer(number).output, atol=1e-9)


def test_what_an_output_cell_reads_is_what_the_terms_say():
    x = np.arange(20.0).reshape(4, 5)
    for flip in (False, True):
        trace = learn_kernel(x, x[1:, 1:], steps=5, flip=flip)
        terms = trace.terms
        for row, column in np.ndindex(3, 4):
            [block] = terms.related(terms.views["output"], terms.views["x"], (0, row, column), step=2)
            assert (block.rows, block.columns) == ((row, row + 1), (column, column + 1))
            assert terms.cell_of("target", terms.views["output"], (0, row, column), step=2) == (row, column)
            assert terms.step_of(terms.views["output"], (0, row, column), step=2) is None
    np.testing.assert_array_equal(trace.start, trace[0].kernel)
