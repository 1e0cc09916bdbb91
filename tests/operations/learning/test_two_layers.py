"""Two layers that learn: against PyTorch's own gradients, and why their weights must not start alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import conv_layer, gradients
from convviz.operations.learning.two_layers import learn_two_layers

X = [1, 1, 0, 0, 2, 2, 0, 1, 1, 1]
EDGES = np.abs(np.subtract(X[2:], X[:-2]))
STARTS = ("zeros", "constant", "normal", "xavier", "he")


@st.composite
def runs(draw):
    random = np.random.default_rng(draw(st.integers(0, 99)))
    places, weights = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    options = {"start": draw(st.sampled_from(STARTS)), "seed": draw(st.integers(0, 9)), "rate": 0.02, "steps": 6}
    x, target = random.integers(-2, 3, places + weights - 1), random.integers(-2, 3, places)
    return learn_two_layers(x, target, draw(st.integers(1, 3)), **options)


@settings(max_examples=15)
@given(runs())
def test_losses_and_weights_are_those_of_torch(trace):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    x, target, w, v = (torch.tensor(array) for array in (trace.x, trace.target, trace.w, trace.v))
    optimizer = torch.optim.SGD([w.requires_grad_(), v.requires_grad_()], lr=trace.rate)
    for step in trace:
        hidden = torch.relu(torch.nn.functional.conv1d(x[None], w[:, None]))
        prediction = v @ hidden
        loss = torch.nn.functional.mse_loss(prediction, target)
        optimizer.zero_grad()
        loss.backward()
        ours = (step.value, step.w, step.v, step.hidden, step.prediction, step.w_gradient, step.v_gradient)
        theirs = (loss, w, v, hidden, prediction, w.grad, v.grad)
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, other.detach().numpy(), rtol=1e-9, atol=1e-9)
        optimizer.step()


@settings(max_examples=20)
@given(runs(), st.integers(0, 6))
def test_gradients_are_those_of_two_layers_one_after_the_other(trace, index):
    step = trace[index]
    first = conv_layer(trace.x[None], step.w[:, None], activation="relu")
    second = conv_layer(first.output, step.v[None, :, None])
    np.testing.assert_allclose(second.output[0], step.prediction, atol=1e-12)
    back = gradients(second, 2 / len(trace.target) * (second.output - trace.target))
    np.testing.assert_allclose(back.weight[0, :, 0], step.v_gradient, atol=1e-9)
    np.testing.assert_allclose(gradients(first, back.x).weight[:, 0], step.w_gradient, atol=1e-9)


def test_zeros_never_move():
    trace = learn_two_layers(X, EDGES, start="zeros")
    assert (trace.output == trace.output[0]).all()
    for step in (trace[0], trace[50], trace[-1]):
        assert not any(array.any() for array in (step.w, step.v, step.w_gradient, step.v_gradient))
    assert trace[-1].describe() == (
        "After 100 updates the mean squared error is 2; all gradients are 0, so no update changes anything."
    )


def test_filters_that_start_alike_stay_alike_and_do_no_more_than_one():
    trace = learn_two_layers(X, EDGES, start="constant")
    for step in trace:
        assert (step.w[0] == step.w[1]).all()
        assert step.v[0] == step.v[1]
    assert trace[3].describe().endswith("all filters are alike, and so are their gradients.")
    assert 0.4 < trace.output[-1] < trace.output[0]


@pytest.mark.parametrize("start", ["normal", "xavier", "he"])
def test_random_filters_part_ways(start):
    trace = learn_two_layers(X, EDGES, start=start)
    assert trace.output[-1] < 1e-3
    up, down = sorted((filter_ * weight for filter_, weight in zip(trace[-1].w, trace[-1].v, strict=True)), key=tuple)
    np.testing.assert_allclose(up, [-1, 0, 1], atol=0.1)
    np.testing.assert_allclose(down, [1, 0, -1], atol=0.1)
    assert trace[0].describe().endswith("the filters’ gradients differ.")


def test_random_numbers_spread_as_their_definitions_say():
    counts = {"xavier": (np.sqrt(6 / (3 + 64 * 3)), np.sqrt(6 / 65)), "he": (np.sqrt(2 / 3), np.sqrt(2 / 64))}
    for start, sizes in counts.items():
        runs = [learn_two_layers([0] * 5, [0] * 3, 64, start=start, seed=seed, steps=0) for seed in range(40)]
        for array, size in zip(
            (np.stack([run.w for run in runs]), np.stack([run.v for run in runs])), sizes, strict=True
        ):
            if start == "xavier":
                assert 0.95 * size < np.abs(array).max() <= size
            else:
                assert array.std() == pytest.approx(size, rel=0.1)
    assert not np.array_equal(runs[0].w, runs[1].w)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": [1] * 11}, "target has 11 numbers and x has 10; accepted: at most as many as x"),
        ({"filters": 0}, "filters is 0; accepted: an integer from 1 to 64"),
        ({"start": "ones"}, "start is 'ones'; accepted: 'zeros', 'constant'"),
        ({"seed": -1}, "seed is -1; accepted: an integer from 0 on"),
        ({"rate": 0}, "rate is 0; accepted: a number above 0"),
        ({"x": [3, -3, 3, -3], "target": [-9, 9], "rate": 0.3}, "rate is 0.3, at which learning diverges"),
        ({"steps": 10_001}, "steps is 10001; accepted: an integer from 0 to 10000"),
    ],
)
def test_what_is_not_accepted_is_named(options, words):
    with pytest.raises(ValueError, match=words):
        learn_two_layers(**{"x": X, "target": EDGES, **options})


def test_what_changes_in_the_panels_is_related():
    """Whatever reads a changed input number, in the maps, is what the terms say."""
    trace = learn_two_layers(X, EDGES, start="constant", steps=4)
    terms = trace.terms
    for column in range(len(X)):
        blocks = terms.related(terms.views["signal"], terms.views["hidden"], (0, 0, column), step=2)
        found = {(row, at) for block in blocks for row in block.rows for at in block.columns}
        other = np.array(X, dtype=float)
        other[column] += 100
        changed = learn_two_layers(other, EDGES, start="constant", steps=0)[0].hidden != trace[0].hidden
        assert found == set(map(tuple, np.argwhere(changed).tolist()))
    assert terms.cell_of("signal", terms.views["signal"], (0, 0, 4), step=0) == (4,)
    assert terms.cell_of("goal", terms.views["output"], (0, 0, 3), step=0) == (3,)
    assert terms.step_of(terms.views["output"], (0, 0, 3), step=0) is None
