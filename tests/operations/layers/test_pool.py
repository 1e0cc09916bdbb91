"""What pool gives, against dull loops; and what it says of bad input."""

import re
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from convviz.operations.layers.pool import pool
from tests import reference
from tests.strategies import filled

INT64 = np.iinfo(np.int64)
MOST = {"bool": 1, "float64": 9, "int64": 9}
CEILED = {
    "size": (3,),
    "kind": "mean",
    "stride": (2,),
    "padding": (1,),
    "dilation": (1,),
    "ceil_mode": True,
    "count_include_pad": True,
}


@st.composite
def calls(draw, pairs=False):
    """Draw an input and the parameters of a pooling, of which not every one has a window that fits."""
    axes, kind = draw(st.integers(1, 3)), draw(st.sampled_from(["max", "mean"]))
    shape = (draw(st.integers(1, 2)), *(draw(st.integers(1, 7 if axes < 3 else 4)) for _ in range(axes)))
    size = tuple(draw(st.integers(1, 4)) for _ in range(axes))
    parameters = {
        "size": size,
        "kind": kind,
        "stride": tuple(draw(st.integers(1, 3)) for _ in range(axes)),
        "padding": tuple(draw(paddings(k) if pairs else st.integers(0, k // 2)) for k in size),
        "dilation": tuple(draw(st.integers(1, 3 if kind == "max" else 1)) for _ in range(axes)),
        "ceil_mode": draw(st.booleans()),
        "count_include_pad": draw(st.booleans()),
    }
    return filled(draw, shape, MOST), parameters


def paddings(size):
    return st.integers(0, size // 2) | st.tuples(st.integers(0, 4), st.integers(0, 4))


def as_pairs(parameters):
    pairs = tuple(part if isinstance(part, tuple) else (part, part) for part in parameters["padding"])
    return {**parameters, "padding": pairs}


def starts(x, parameters):
    names = ("size", "stride", "padding", "dilation")
    axes = zip(x.shape[1:], *(as_pairs(parameters)[name] for name in names), strict=True)
    return [reference.pool_windows(*axis, parameters["ceil_mode"]) for axis in axes]


def reads_input(x, parameters):
    """Whether there is a window, and each one reads at least one cell of the input."""
    along = zip(starts(x, parameters), x.shape[1:], parameters["size"], parameters["dilation"], strict=True)
    return all(first and all(any(0 <= at + o * d < n for o in range(k)) for at in first) for first, n, k, d in along)


@given(calls(pairs=True))
@example((np.arange(4)[None], CEILED))
def test_equal_to_dull_loops(call):
    x, parameters = call
    assume(reads_input(x, parameters))
    trace = pool(x, **parameters)
    expected, winners = reference.pool(x, **as_pairs(parameters))
    assert trace.output.dtype == (np.int64 if parameters["kind"] == "max" and x.dtype.kind in "ib" else np.float64)
    if parameters["kind"] == "max":
        assert trace.output.tolist() == expected.tolist()
        assert {step.position: step.winner for step in trace} == winners
    else:
        np.testing.assert_allclose(trace.output, expected.astype(float), rtol=1e-14, atol=1e-14)


@given(calls(pairs=True))
def test_a_pooling_without_windows_is_refused(call):
    x, parameters = call
    if all(starts(x, parameters)):
        assume(not reads_input(x, parameters))
        with pytest.raises(
            ValueError, match=r"padding is \d before and \d after spatial axis \d of x, where window \d+ reads"
        ):
            pool(x, **parameters)
    else:
        with pytest.raises(ValueError, match=r"size is .*: no window fits; accepted: windows no larger"):
            pool(x, **parameters)


@given(calls(pairs=True))
def test_every_step_keeps_its_promises(call):
    x, parameters = call
    assume(reads_input(x, parameters))
    trace = pool(x, **parameters)
    assert len(trace) == trace.output.size
    np.testing.assert_array_equal(trace.x, x)
    read = np.zeros(trace.padded.shape, bool)
    for index, step in enumerate(trace):
        read[step.window] = True
        assert (step.index, trace.index_of(step.position)) == (index, index)
        assert step.position == np.unravel_index(index, trace.output.shape)
        assert step.value == trace.output[step.position]
        assert step.patch.shape == step.counted.shape == parameters["size"]
        np.testing.assert_array_equal(step.patch, trace.padded[step.window])
        if trace.kind == "max":
            assert step.patch[step.place] == x[step.winner] == step.value == step.patch[step.counted].max()
            assert step.counted[step.place]
        else:
            assert step.divisor == step.counted.sum()
            np.testing.assert_array_equal(step.parts, step.patch / step.divisor)
            assert step.parts.sum() == pytest.approx(step.value, rel=1e-14, abs=1e-14)
            assert not step.parts[~step.counted].any()
        for array in (step.patch, step.counted, *([step.parts] if trace.kind == "mean" else [])):
            assert not array.flags.writeable
    np.testing.assert_array_equal(trace.unread, ~read[(slice(None), *trace.geometry.interior)])


@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 4))
def test_same_as_tensorflow_says_it(cells, size, stride):
    x = np.arange(cells)[None]
    largest = pool(x, size, stride=stride, padding="same_tf")
    total = max((ceil(cells / stride) - 1) * stride + size - cells, 0)
    assert largest.output.shape == (1, ceil(cells / stride))
    assert (largest.geometry.before, largest.geometry.after) == ((total // 2,), (total - total // 2,))
    means = pool(x, size, kind="mean", stride=stride, padding="same_tf", count_include_pad=False)
    met = [x[0, max(0, at - total // 2) : at - total // 2 + size] for at in range(0, cells, stride)]
    assert largest.output.tolist() == [[max(window) for window in met]]
    np.testing.assert_allclose(means.output, [[window.mean() for window in met]])


@pytest.mark.parametrize(
    ("padding", "before", "after"),
    [
        ("valid", (0, 0), (0, 0)),
        ("same", (1, 0), (1, 1)),
        ((1, (1, 0)), (1, 1), (1, 0)),
        (np.array([[2, 0], [0, 1]]), (2, 0), (0, 1)),
    ],
)
def test_forms_of_padding(padding, before, after):
    geometry = pool(np.ones((1, 6, 6)), (3, 2), padding=padding, stride=1).geometry
    assert (geometry.before, geometry.after) == (before, after)


def test_a_window_may_look_back():
    assert pool([[3, 1, 2, 5, 4]], 3, stride=1, padding=(2, 0)).output.tolist() == [[3, 3, 3, 5, 5]]


def test_left_out_the_stride_is_the_size():
    assert pool(np.arange(12).reshape(1, 2, 6), (1, 3)).output.tolist() == [[[2, 5], [8, 11]]]
    assert pool(np.arange(7)[None], 3).unread.tolist() == [[False] * 6 + [True]]


def test_the_border_never_wins():
    lowest = pool([[INT64.min, INT64.min]], 2, stride=1, padding=1)
    assert lowest.output.tolist() == [[INT64.min] * 3]
    assert [step.winner for step in lowest] == [(0, 0), (0, 0), (0, 1)]
    floats = pool([[-5.0, -7.0]], 2, stride=1, padding=1)
    assert floats.output.tolist() == [[-5, -5, -7]]
    assert floats.padded.tolist() == [[-np.inf, -5, -7, -np.inf]]


def test_what_ceil_mode_adds_is_never_divided_by():
    trace = pool([[1, 2, 3, 4]], 3, kind="mean", stride=2, padding=1, ceil_mode=True)
    assert trace.output.tolist() == [[1, 3, 2]]
    assert [step.divisor for step in trace] == [3, 3, 2]
    assert trace.geometry.after == (2,)
    inside = pool([[1, 2, 3, 4]], 3, kind="mean", stride=2, padding=1, ceil_mode=True, count_include_pad=False)
    assert inside.output.tolist() == [[1.5, 3, 4]]


@given(st.lists(st.integers(INT64.min, INT64.max) | st.integers(-9, 9), min_size=3, max_size=3))
@example([INT64.max] * 3)
@example([2**53 + 1, 0, 0])
def test_means_of_integers_are_rounded_once(numbers):
    mean = pool([numbers], 3, kind="mean")
    assert mean.output.tolist() == [[float(Fraction(sum(numbers), 3))]]


def test_means_of_huge_floats_are_floats():
    assert pool([[1.5e308, 1.5e308]], 2, kind="mean").output.tolist() == [[1.5e308]]


@pytest.mark.parametrize("kind", ["max", "mean"])
def test_arrays_are_read_only_and_the_callers_stay_the_callers(kind):
    x = np.arange(6).reshape(1, 6)
    trace = pool(x, 2, kind=kind)
    before = trace.output.copy()
    for array in (trace.output, trace.padded, trace.x, trace.unread):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...] = 7
    np.testing.assert_array_equal(trace.output, before)
    assert trace[1] == pool(np.arange(6)[None], 2, kind=kind)[1]


@pytest.mark.parametrize(
    ("trace", "index", "sentence"),
    [
        (pool([[1, 4, 2, 3]], 2), 1, "Output [0, 1] = max(2, 3) = 3, found at [0, 3] of the input."),
        (pool([[4, 4, 4]], 3), 0, "Output [0, 0] = max(4, 4, 4) = 4, found 3 times, first at [0, 0] of the input."),
        (pool([[4, 5]], 2, padding=1), 1, "Output [0, 1] = max(5) = 5, found at [0, 1] of the input."),
        (pool([[2**0.5, 1]], 2), 0, "Output [0, 0] = max(≈1.414, 1) ≈ 1.414, found at [0, 0] of the input."),
        (
            pool(np.arange(49).reshape(1, 7, 7), 7),
            0,
            "Output [0, 0, 0] = max of 49 numbers = 48, found at [0, 6, 6] of the input.",
        ),
        (pool([[1, -4]], 2, kind="mean"), 0, "Output [0, 0] = (1 + (-4)) / 2 = -1.5."),
        (pool([[1, 4]], 2, kind="mean", padding=1), 0, "Output [0, 0] = (0 + 1) / 2 = 0.5."),
        (pool([[1, 4]], 2, kind="mean", padding=1, count_include_pad=False), 0, "Output [0, 0] = (1) / 1 = 1."),
        (pool([[0.1, 0.2, 0.4]], 3, kind="mean"), 0, "Output [0, 0] = (0.1 + 0.2 + 0.4) / 3 = 7/30."),
        (pool(np.ones((1, 6, 6)), 6, kind="mean"), 0, "Output [0, 0, 0] = the mean of 36 numbers = 1."),
    ],
)
def test_a_step_says_how_its_value_comes_to_be(trace, index, sentence):
    assert trace[index].describe() == sentence


X = np.ones((2, 5, 6))
INT_OR_TWO = "accepted: an integer from {} on, or a tuple of 2"
FAULTS = [
    ({"x": [1, 2]}, ValueError, "x has 1 dimensions (shape (2,)); accepted: 2 or 3 or 4"),
    ({"x": [[1, np.inf]]}, ValueError, "x[0, 1] is inf; accepted: finite numbers"),
    ({"x": "text"}, TypeError, "x holds text"),
    ({"size": 0}, ValueError, "size is 0; " + INT_OR_TWO.format(1)),
    ({"size": (2, 2, 2, 2)}, ValueError, "size is (2, 2, 2, 2), with 4 numbers for 2 axes; " + INT_OR_TWO.format(1)),
    ({"size": None}, TypeError, "size is None (NoneType); " + INT_OR_TWO.format(1)),
    (
        {"size": 6},
        ValueError,
        "size is (6, 6), so that with dilation (1, 1) a window spans (6, 6) cells, but x with its padding has (5, 6): "
        "no window fits; accepted: windows no larger than the padded input along any axis",
    ),
    ({"kind": "avg"}, ValueError, "kind is 'avg'; accepted: 'max' or 'mean'"),
    ({"kind": max}, ValueError, "kind is <built-in function max>; accepted: 'max' or 'mean'"),
    ({"stride": 0}, ValueError, "stride is 0; " + INT_OR_TWO.format(1)),
    ({"stride": 0.5}, TypeError, "stride is 0.5 (float); " + INT_OR_TWO.format(1)),
    ({"padding": -1}, ValueError, "padding is -1; accepted: an integer from 0 on, or for each of the 2 axes an integ"),
    ({"padding": "full"}, ValueError, "padding is 'full'; accepted: an integer from 0 on, or for each of the 2 axes "),
    ({"padding": "same"}, ValueError, "stride is (2, 2) with padding 'same', which PyTorch defines only for stride 1"),
    ({"padding": 2}, ValueError, "padding is 2, with windows of size 2; accepted: at most half of the size, or a pair"),
    ({"padding": ((2, 0), 0)}, ValueError, "padding is 2 before and 0 after spatial axis 0 of x, where window 0 reads"),
    ({"padding": (0, 2), "size": (4, 3)}, ValueError, "padding is (0, 2), with windows of size (4, 3); accepted: at "),
    ({"dilation": 0}, ValueError, "dilation is 0; " + INT_OR_TWO.format(1)),
    ({"dilation": 2, "kind": "mean"}, ValueError, "dilation is 2, with kind 'mean'; accepted: 1, or kind 'max'"),
    ({"ceil_mode": 1}, TypeError, "ceil_mode is 1; accepted: True or False"),
    ({"count_include_pad": None}, TypeError, "count_include_pad is None; accepted: True or False"),
    (
        {"x": [[[5]]], "padding": 1, "dilation": 2},
        ValueError,
        "padding is 1 before and 1 after spatial axis 0 of x, where window 0 reads cells of the padding only; "
        "accepted: windows that each read a cell of x",
    ),
]


@pytest.mark.parametrize(("arguments", "error", "message"), FAULTS, ids=[message[:40] for *_, message in FAULTS])
def test_each_fault_is_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        pool(**{"x": X, "size": 2, **arguments})


@pytest.mark.parametrize("size", [2, (2, 2), [2, 2]])
def test_a_2d_array_is_pooled_in_rows_and_columns(size):
    picture = np.arange(16).reshape(4, 4)
    trace = pool(picture, size)
    assert trace.output.tolist() == [[[5, 7], [13, 15]]]
    np.testing.assert_array_equal(trace.x, picture[None])
    np.testing.assert_array_equal(trace.output, pool(picture[None], 2).output)


def test_a_size_of_one_number_for_one_axis_pools_the_rows_of_a_2d_array_as_channels():
    assert pool(np.arange(8).reshape(2, 4), (2,)).output.tolist() == [[1, 3], [5, 7]]
    assert pool([[1, 4, 2, 3]], 2).output.tolist() == pool([[1, 4, 2, 3]], (2,)).output.tolist() == [[4, 3]]


def test_it_says_which_cells_count():
    border = {"kind": "mean", "stride": 2, "padding": 1, "ceil_mode": True}
    assert pool([[1, 2, 3, 4]], 3, **border).counted.tolist() == [True] * 6 + [False]
    without = pool([[1, 2, 3, 4]], 3, **border, count_include_pad=False)
    assert without.counted.tolist() == [False] + [True] * 4 + [False] * 2
    assert not without.counted.flags.writeable


@pytest.mark.parametrize("numbers", [[2, 3], [-2, -3], [1, 4, 2, -9]])
def test_a_mean_of_integers_keeps_the_decimals_that_pytorch_cuts_off(numbers):
    torch = pytest.importorskip("torch")
    ours = pool([numbers], 2, kind="mean").output
    theirs = torch.nn.functional.avg_pool1d(torch.tensor([numbers]), 2).numpy()
    assert ours.dtype == np.float64
    np.testing.assert_array_equal(np.trunc(ours), theirs)
    assert (ours != theirs).any()
    with pytest.raises(RuntimeError, match="floating point"):
        torch.nn.functional.adaptive_avg_pool1d(torch.tensor([numbers]), 1)
