"""What conv_transpose gives, against dull loops and, where it is installed, PyTorch; and what each stamp adds."""

import os
import re
from dataclasses import FrozenInstanceError
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz.operations.convolution.correlate import correlate
from convviz.operations.layers.conv_transpose import conv_transpose
from tests import reference
from tests.strategies import filled

INT64 = np.iinfo(np.int64)
NAMES = ("stride", "padding", "output_padding", "dilation", "groups")


@st.composite
def stamping(draw, dtypes=("int64", "float64", "bool", "int8", "float32"), most=4):
    """Draw all arguments of a transposed convolution that leaves an output."""
    axes = draw(st.integers(1, 3))
    longest = most if axes < 3 else 3
    groups, inner, each = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))

    def one_an_axis(least, largest):
        return tuple(draw(st.integers(least, largest)) for _ in range(axes))

    spatial, kernel = one_an_axis(1, longest), one_an_axis(1, 3)
    stride, dilation = one_an_axis(1, 3), one_an_axis(1, 3)
    more = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    full = [
        (n - 1) * s + d * (k - 1) + 1 + o for n, k, s, d, o in zip(spatial, kernel, stride, dilation, more, strict=True)
    ]
    padding = tuple(draw(st.integers(0, (n - 1) // 2)) for n in full)

    most = dict.fromkeys(dtypes, 99)
    x = filled(draw, (groups * inner, *spatial), most)
    weight = filled(draw, (groups * inner, each, *kernel), most)
    bias = filled(draw, (groups * each,), most) if draw(st.booleans()) else None
    return x, weight, bias, dict(zip(NAMES, (stride, padding, more, dilation, groups), strict=True))


def expected(x, weight, bias, parameters):
    channels = weight.shape[1] * parameters["groups"]
    bias = np.zeros(channels, int) if bias is None else bias
    return reference.conv_transpose(x, weight, bias, *(parameters[name] for name in NAMES))


@given(stamping(), st.data())
def test_padding_in_pairs_cuts_off_more_at_one_end(case, data):
    x, weight, bias, parameters = case
    whole = conv_transpose(x, weight, bias, **{**parameters, "padding": 0})
    cuts = []
    for size in whole.output.shape[1:]:
        before = data.draw(st.integers(0, size - 1))
        cuts.append((before, data.draw(st.integers(0, size - 1 - before))))
    trace = conv_transpose(x, weight, bias, **{**parameters, "padding": tuple(cuts)})
    kept = (slice(None), *(slice(a, n - b) for n, (a, b) in zip(whole.output.shape[1:], cuts, strict=True)))
    np.testing.assert_array_equal(trace.output, whole.output[kept])
    assert trace.crop == kept
    assert trace[0].cropped == any(map(any, cuts))
    assert not trace.partial(-1).mask.any()
    np.testing.assert_array_equal(trace.partial(-1), trace.output)


def rounding(x, weight, bias):
    """Bound what the rounding of float64 can do."""
    largest = np.abs(x.astype(float)).max() * np.abs(weight.astype(float)).sum()
    return 1e-14 * (largest + (0 if bias is None else np.abs(bias.astype(float)).max()))


@given(stamping())
def test_equal_to_dull_loops(case):
    x, weight, bias, parameters = case
    trace = conv_transpose(x, weight, bias, **parameters)
    exact = expected(x, weight, bias, parameters)
    assert trace.output.shape == exact.shape
    floats = any(part is not None and part.dtype.kind == "f" for part in (x, weight, bias))
    assert trace.output.dtype == (np.float64 if floats else np.int64)
    if floats:
        np.testing.assert_allclose(trace.output, exact.astype(float), rtol=0, atol=rounding(x, weight, bias))
    else:
        assert trace.output.tolist() == exact.tolist()


@pytest.fixture(scope="module")
def torch():
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


@given(case=stamping())
def test_equal_to_pytorch(torch, case):
    x, weight, bias, parameters = case
    function = getattr(torch.nn.functional, f"conv_transpose{x.ndim - 1}d")
    theirs = [None if part is None else torch.tensor(part.astype(float)) for part in (x, weight, bias)]
    output = function(theirs[0][None], *theirs[1:], **parameters)[0].numpy()
    ours = conv_transpose(x, weight, bias, **parameters).output
    np.testing.assert_allclose(ours, output, rtol=0, atol=rounding(x, weight, bias), strict=ours.dtype.kind == "f")


@settings(max_examples=50)
@given(stamping(dtypes=("int64", "float64"), most=3))
def test_the_stamps_add_up(case):
    x, weight, bias, parameters = case
    trace = conv_transpose(x, weight, bias, **parameters)
    full = np.zeros(trace.full.shape, trace.full.dtype)
    touched = np.zeros(trace.full.shape, bool)
    each, from_each = weight.shape[1], len(x) // parameters["groups"]
    assert len(trace) == x.size
    for index, step in enumerate(trace):
        assert step.index == index == trace.index_of(step.position)
        assert step.value == x[step.position]
        np.testing.assert_array_equal(step.kernel, weight[step.position[0]])
        np.testing.assert_array_equal(step.stamp, step.kernel * step.value)
        group = step.position[0] // from_each
        assert step.window[0] == slice(group * each, (group + 1) * each)
        full[step.window] += step.stamp
        touched[step.window] = True
        np.testing.assert_allclose(trace.partial(index).data, with_bias(trace, full), rtol=1e-12, atol=1e-9)
        assert not np.ma.getmaskarray(trace.partial(index))[touched[trace.crop]].any()
        assert step.describe().startswith(f"Input {list(step.position)} = ")
    np.testing.assert_allclose(full, trace.full, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(with_bias(trace, full), trace.output, rtol=1e-12, atol=1e-9)
    if trace.output.dtype == np.int64:
        np.testing.assert_array_equal(with_bias(trace, full), trace.output)
    np.testing.assert_array_equal(trace.partial(-1), trace.output)
    assert not np.ma.is_masked(trace.partial(-1))


def with_bias(trace, full):
    return full[trace.crop] + trace.bias.reshape(-1, *(1,) * (full.ndim - 1))


@given(st.data())
def test_it_turns_a_convolution_around(data):
    """It is the transposed matrix: the inner product does not tell on which side the convolution stands."""
    axes = data.draw(st.integers(1, 2))
    x, w = (data.draw(hnp.arrays(int, hnp.array_shapes(min_dims=axes, max_dims=axes, max_side=4))) for _ in range(2))
    x, w = x % 100, w % 100
    trace = conv_transpose(x[None], w[None, None])
    other = np.arange(trace.full.size).reshape(trace.full.shape)[0]
    assert (correlate(other, w).output * x).sum() == (other * trace.full[0]).sum()


def test_cells_that_wait_for_a_stamp_are_masked():
    trace = conv_transpose([[1, 2]], [[[5, 6]]], [7], stride=3, output_padding=2)
    assert trace.full.tolist() == [[5, 6, 0, 10, 12, 0, 0]]
    assert trace.partial(0).tolist() == [[12, 13, 7, None, None, 7, 7]]
    assert trace.partial(1).tolist() == trace.output.tolist() == [[12, 13, 7, 17, 19, 7, 7]]


def test_what_was_left_out():
    trace = conv_transpose([[1, 2], [3, 4]], [[[1]], [[10]]])
    assert trace.output.tolist() == [[31, 42]]
    assert trace.bias.tolist() == [0]
    assert trace.groups == 1
    assert trace.geometry.output_shape == (2,)
    np.testing.assert_array_equal(trace.x, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(trace.weight, [[[1]], [[10]]])


@pytest.mark.parametrize(
    ("trace", "index", "sentence"),
    [
        (
            conv_transpose([[1, 2]], [[[5, 6, 7]]], stride=2),
            1,
            "Input [0, 1] = 2 adds 2 × (5, 6, 7) = (10, 12, 14) to cells 2, 3, 4 of output channel 0.",
        ),
        (
            conv_transpose([[[-1.5]]], [[[[1.0, 1 / 3]], [[0.25, 4]]]], padding=(0, 0)),
            0,
            "Input [0, 0, 0] = -1.5 adds -1.5 × (1, 1/3, 0.25, 4) = (-1.5, -0.5, -0.375, -6) "
            "to row 0, columns 0, 1 of output channels 0 to 1.",
        ),
        (
            conv_transpose([[[2, 3]]], np.ones((1, 1, 4, 6), int), dilation=(2, 1), padding=1),
            1,
            "Input [0, 0, 1] = 3 adds 3 × each of its channel's 24 weights "
            "to rows 0, 2, 4, 6, columns 1, 2, … 6 of output channel 0, before cropping.",
        ),
        (
            conv_transpose(np.ones((2, 1, 1, 1), int), np.ones((2, 1, 1, 1, 2), int), groups=2),
            1,
            "Input [1, 0, 0, 0] = 1 adds 1 × (1, 1) = (1, 1) to plane 0, row 0, columns 0, 1 of output channel 1.",
        ),
    ],
)
def test_a_step_says_what_it_adds_and_where(trace, index, sentence):
    assert trace[index].describe() == sentence


def test_integers_stay_exact_beyond_what_floats_hold():
    trace = conv_transpose([[2**53 + 1, 1]], [[[1, 3]]])
    assert trace.output.tolist() == [[2**53 + 1, 3 * (2**53 + 1) + 1, 3]]
    trace = conv_transpose([[INT64.max, INT64.max]], [[[2, -2]]], [5], padding=1)
    assert trace.output.tolist() == [[5]]
    assert trace.full.tolist() == [[2 * INT64.max, 0, -2 * INT64.max]]
    assert trace[0].stamp.tolist() == [[2 * INT64.max, -2 * INT64.max]]
    assert trace.partial(0).tolist() == [[5 - 2 * INT64.max]]


def test_arrays_are_read_only_and_the_callers_stay_the_callers():
    x, weight, bias = np.arange(4.0).reshape(1, 4), np.ones((1, 2, 3)), np.ones(2)
    trace = conv_transpose(x, weight, bias)
    step = trace[1]
    for array in (trace.output, trace.full, trace.x, trace.weight, trace.bias, step.kernel, step.stamp):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...], weight[...], bias[...] = 7, 7, 7
    assert trace[1] == step
    assert trace.bias.tolist() == [1, 1]
    with pytest.raises(FrozenInstanceError):
        step.value = 3


X, W = np.ones((2, 4)), np.ones((2, 3, 3))


@pytest.mark.parametrize(
    ("arguments", "parameters", "error", "message"),
    [
        (([1, 2], W), {}, ValueError, "x has 1 dimensions (shape (2,)); accepted: 2 or 3 or 4"),
        ((np.ones((1, 1, 1, 1, 1)), W), {}, ValueError, "x has 5 dimensions"),
        ((X, np.ones((2, 3))), {}, ValueError, "weight has 2 dimensions (shape (2, 3)); accepted: 3 or 4 or 5"),
        (
            (np.ones((5, 2, 4)), W),
            {},
            ValueError,
            "weight has 3 dimensions (shape (2, 3, 3)) but x has 3 (shape (5, 2, 4)); accepted: x (channels, *spatial) "
            "and weight (channels, channels out / groups, *kernel); x[0] is one input of a batch",
        ),
        ((X, np.ones((2, 0, 3))), {}, ValueError, "weight is empty (shape (2, 0, 3))"),
        ((X, [[["a"]]]), {}, TypeError, "weight holds text"),
        (([[1.0, np.nan]], W), {}, ValueError, "x[0, 1] is nan; accepted: finite numbers"),
        (
            (np.ones((3, 4)), W),
            {},
            ValueError,
            "weight has shape (2, 3, 3) but x has 3 channels (shape (3, 4)); accepted: (3, channels out / groups, *ke",
        ),
        ((X, W, [1, 2]), {}, ValueError, "bias has shape (2,); accepted: (3,), one for each output channel"),
        ((X, W, np.ones((3, 1))), {}, ValueError, "bias has 2 dimensions (shape (3, 1)); accepted: 1"),
        ((X, W), {"groups": 3}, ValueError, "groups is 3; accepted: an integer from 1 on that divides the 2 channels"),
        ((X, W), {"groups": 0}, ValueError, "groups is 0; accepted: an integer from 1 on that divides the 2 channels"),
        ((X, W), {"groups": 1.0}, TypeError, "groups is 1.0 (float); accepted: an integer from 1 on that divides"),
        ((X, W), {"stride": 0}, ValueError, "stride is 0; accepted: an integer from 1 on"),
        ((X, W), {"stride": (1, 2)}, ValueError, "stride is (1, 2), with 2 numbers for 1 axis; accepted: an integer"),
        ((X, W), {"stride": 1.5}, TypeError, "stride is 1.5 (float); accepted: an integer from 1 on"),
        ((X, W), {"dilation": -1}, ValueError, "dilation is -1; accepted: an integer from 1 on"),
        ((X, W), {"padding": -1}, ValueError, "padding is -1; accepted: an integer from 0 on"),
        ((X, W), {"padding": "same"}, TypeError, "padding is 'same' (str); accepted: an integer from 0 on"),
        (
            (X, W),
            {"padding": 3},
            ValueError,
            "padding is 3, which cuts off all of (6,) cells; accepted: less than all of them along each axis",
        ),
        (
            (X, W),
            {"output_padding": 1},
            ValueError,
            "output_padding is 1 with stride 1 and dilation 1; accepted: less than the stride or less than the",
        ),
        ((X, W), {"output_padding": -1, "stride": 2}, ValueError, "output_padding is -1; accepted: an integer from 0"),
        (
            ([[2**62]], [[[1, 2]]]),
            {},
            ValueError,
            "x, weight and bias are too large: the output at [0, 1] would be 9223372036854775808, which does not fit",
        ),
        (([[1e200]], [[[1e200]]]), {}, ValueError, "x, weight and bias are too large: their products, or sums of the"),
        (([[1e308, 1e308]], [[[1.0, 1.0]]]), {}, ValueError, "their products, or sums of these, do not fit float64"),
        # A fused multiply-add gives a finite sum here, though one product is infinite.
        (
            ([[-1e308]] + [[0]] * 15 + [[1e308]] + [[0]] * 23, [[[1.0]]] * 16 + [[[2.0]]] * 24),
            {},
            ValueError,
            "their products, or sums of these, do not fit float64",
        ),
        (
            ([[1e308, 1e308, 0.0]], [[[1.0, 1.0, 0.0]]]),
            {"padding": 2},
            ValueError,
            "their products, or sums of these, do not fit float64",
        ),
    ],
)
def test_each_fault_is_named(arguments, parameters, error, message):
    with pytest.raises(error, match=re.escape(message)):
        conv_transpose(*arguments, **parameters)


def test_channels_of_different_sizes_are_no_fault():
    trace = conv_transpose([[1e300], [1.0]], [[[1.0]], [[1e300]]])
    assert trace.output.tolist() == [[2e300]]


def test_a_position_is_an_input_cell():
    trace = conv_transpose(np.ones((2, 3)), np.ones((2, 1, 1)))
    assert trace.index_of((1, 2)) == 5
    with pytest.raises(IndexError, match=re.escape("position=(2, 0) is not a cell of")):
        trace.index_of((2, 0))


@given(stamping(most=3))
def test_stamps_add_up_one_after_the_other_and_are_counted(case):
    x, weight, bias, parameters = case
    trace = conv_transpose(x, weight, bias, **parameters)
    reached, total = np.zeros(trace.full.shape, int), np.zeros(trace.full.shape)
    counts = [reached.copy()]
    for step in trace:
        reached[step.window] += 1
        counts.append(reached.copy())
    assert all((counts[-1][channel] == trace.overlaps).all() for channel in range(len(trace.full)))
    for number, count in enumerate(counts):
        if number:
            total[trace[number - 1].window] += trace[number - 1].stamp
        shown = trace.stamped(number)
        np.testing.assert_array_equal(np.ma.getmaskarray(shown), (count == 0) & (counts[-1] > 0))
        np.testing.assert_allclose(shown.filled(0).astype(float), total, atol=rounding(x, weight, bias), rtol=0)
    np.testing.assert_array_equal(trace.stamped(len(trace)), trace.full)


def test_a_picture_is_one_channel_where_kernels_are_2d():
    picture, weight = np.arange(6).reshape(2, 3), np.ones((1, 2, 2, 2), int)
    assert conv_transpose(picture, weight).output.tolist() == conv_transpose(picture[None], weight).output.tolist()
    with pytest.raises(
        ValueError, match=re.escape("weight has 4 dimensions (shape (2, 1, 2, 2)) but x has 2 (shape (")
    ):
        conv_transpose(picture, np.ones((2, 1, 2, 2)))
    with pytest.raises(ValueError, match=re.escape("write weight[None, None]")):
        conv_transpose(picture, np.ones((2, 2)))
