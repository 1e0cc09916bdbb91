"""What correlate and convolve give, against SciPy, NumPy, and dull loops."""

import tracemalloc
import warnings
from dataclasses import FrozenInstanceError
from itertools import product

import numpy as np
import pytest
import scipy.signal
from hypothesis import assume, example, given
from hypothesis import strategies as st

import convviz
from convviz import conv_layer, convolve, correlate
from tests import reference
from tests.strategies import INTEGERS, MODES, arrays, modes, pairs

A = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
B = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
OPERATIONS = (correlate, convolve)
INT64 = np.iinfo(np.int64)


def fits(x, w, mode):
    """Whether at least one window fits."""
    return mode != "valid" or all(k <= n for n, k in zip(x.shape, w.shape, strict=True))


def scipys(operation, x, w, mode):
    """Let SciPy compute it, in the dtypes that convviz computes in."""
    dtype = np.float64 if "f" in x.dtype.kind + w.dtype.kind else np.int64
    function = {correlate: scipy.signal.correlate, convolve: scipy.signal.convolve}[operation]
    return function(x.astype(dtype), w.astype(dtype), mode, method="direct")


# --- the examples of the lessons


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_classic_example_comes_out_flipped_or_not(operation):
    assert operation(A, B, mode="valid").output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


@pytest.mark.parametrize(
    ("operation", "mode", "expected"),
    [
        (convolve, "full", [5, 16, 34, 52, 45, 28]),
        (correlate, "valid", [38, 56]),
        (convolve, "valid", [34, 52]),
        (convolve, "same", [16, 34, 52, 45]),
    ],
)
def test_four_numbers_under_three(operation, mode, expected):
    output = operation([1, 2, 3, 4], [5, 6, 7], mode).output
    assert output.tolist() == expected
    assert output.dtype == np.int64


def test_modes_left_out_are_those_of_deep_learning_and_of_mathematics():
    assert correlate([1, 2, 3, 4], [5, 6, 7]).output.tolist() == [38, 56]
    assert convolve([1, 2, 3, 4], [5, 6, 7]).output.tolist() == [5, 16, 34, 52, 45, 28]


def test_an_impulse_gives_the_kernel_back_or_flipped():
    impulse = np.zeros((5, 5), int)
    impulse[2, 2] = 1
    kernel = np.arange(1, 10).reshape(3, 3)
    np.testing.assert_array_equal(convolve(impulse, kernel, "same").output[1:4, 1:4], kernel)
    np.testing.assert_array_equal(correlate(impulse, kernel, "same").output[1:4, 1:4], kernel[::-1, ::-1])


# --- the reference libraries


@given(pairs(), modes, st.sampled_from(OPERATIONS))
@example((np.ones((2, 3), bool), np.ones((4, 2), "u1")), "same", correlate)
def test_equal_to_scipy(pair, mode, operation):
    x, w = pair
    assume(fits(x, w, mode))
    expected = scipys(operation, x, w, mode)
    output = operation(x, w, mode).output
    assert output.dtype == expected.dtype
    if output.dtype == np.int64:
        np.testing.assert_array_equal(output, expected)
    else:
        np.testing.assert_allclose(output, expected, rtol=0, atol=reference.rounding(x, w))


@given(pairs(), modes, st.sampled_from(OPERATIONS))
def test_equal_to_dull_loops(pair, mode, operation):
    x, w = pair
    assume(fits(x, w, mode))
    expected = getattr(reference, operation.__name__)(x, w, mode)
    output = operation(x, w, mode).output
    if output.dtype == np.int64:
        assert output.tolist() == expected.tolist()
    else:
        np.testing.assert_allclose(output, expected.astype(float), rtol=0, atol=reference.rounding(x, w))


@given(arrays(1, 9), arrays(1, 9), modes)
def test_equal_to_numpy_in_one_dimension(x, w, mode):
    assume(len(w) <= len(x))  # NumPy swaps the two otherwise
    expected = np.convolve(x.astype(np.float64), w.astype(np.float64), mode)
    np.testing.assert_allclose(convolve(x, w, mode).output, expected, rtol=0, atol=reference.rounding(x, w))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("x_shape", "w_shape"), [((300, 90), (5, 4)), ((3, 20_000), (2, 7)), ((20_000, 2), (3, 1))])
def test_equal_to_scipy_where_the_input_is_worked_through_in_parts(operation, mode, x_shape, w_shape):
    random = np.random.default_rng(1)
    x, w = random.integers(-99, 99, x_shape), random.integers(-99, 99, w_shape)
    np.testing.assert_array_equal(operation(x, w, mode).output, scipys(operation, x, w, mode))


@pytest.mark.parametrize(("x_dtype", "w_dtype"), list(product([*INTEGERS, "float32"], ["bool", "uint64", "float64"])))
def test_integers_and_booleans_stay_integers(x_dtype, w_dtype):
    trace = correlate(np.ones((3, 3), x_dtype), np.ones((2, 2), w_dtype))
    floats = "float" in x_dtype + w_dtype
    assert trace.output.dtype == trace.padded.dtype == (np.float64 if floats else np.int64)
    assert trace.output.tolist() == [[4, 4], [4, 4]]


@pytest.mark.parametrize(
    "x",
    [
        [[1, 2, 3], [4, 5, 6]],
        ((1, 2, 3), (4, 5, 6)),
        [np.array([1, 2, 3]), (4, 5, 6)],
        np.ma.masked_array([[1, 2, 3], [4, 5, 6]], mask=False),
        np.array([[1, 2, 3], [4, 5, 6]], ">i4"),
        np.array([[1, 2, 3], [4, 5, 6]], "u1").data,
    ],
    ids=lambda x: type(x).__name__,
)
def test_whatever_numpy_reads_as_an_array_will_do(x):
    trace = correlate(x, [[1, 10]])
    assert trace.output.tolist() == [[21, 32], [54, 65]]
    assert type(trace.x) is type(trace.output) is np.ndarray


# --- exactness at the ends of the number types


@given(
    x=st.lists(st.integers(INT64.min, INT64.max), min_size=1, max_size=4),
    w=st.lists(st.one_of(st.integers(-3, 3), st.integers(INT64.min, INT64.max)), min_size=1, max_size=4),
    mode=modes,
    operation=st.sampled_from(OPERATIONS),
)
@example([INT64.max], [1], "full", convolve)
@example([INT64.max, 1], [1, 1], "valid", correlate)
@example([INT64.min], [-1], "full", convolve)
@example([INT64.min], [1], "full", convolve)
@example([INT64.max, INT64.max, 1], [2, -2, 1], "valid", correlate)
@example([2**62, 2**62], [1, 1], "valid", correlate)
@example([2**62, 2**62 - 1], [1, 1], "valid", correlate)
def test_integers_are_exact_or_refused(x, w, mode, operation):
    assume(mode != "valid" or len(w) <= len(x))
    exact = getattr(reference, operation.__name__)(x, w, mode)
    wide = [(i, value) for i, value in enumerate(exact) if not INT64.min <= value <= INT64.max]
    if wide:
        at, value = wide[0]
        with pytest.raises(ValueError, match=rf"at \[{at}\] would be {value}, .* fit int64"):
            operation(x, w, mode)
        return
    trace = operation(x, w, mode)
    assert trace.output.dtype == np.int64
    assert trace.output.tolist() == exact.tolist()
    for step in trace:
        assert step.products.tolist() == [a * b for a, b in zip(step.patch.tolist(), step.kernel.tolist(), strict=True)]
        assert step.products.sum() == step.value == trace.output[step.position]


def test_products_may_be_wider_than_their_sum():
    step = correlate([INT64.max, INT64.max, 1], [2, -2, 1])[0]
    assert step.products.tolist() == [2 * INT64.max, -2 * INT64.max, 1]
    assert step.products.sum() == step.value == 1
    assert step.describe() == f"Output [0] = {INT64.max}×2 + {INT64.max}×(-2) + 1×1 = 1."


def test_wide_products_in_two_dimensions():
    trace = correlate([[2**62, 1, 2**62], [2**62, 1, 2**62 - 1]], [[4], [-4]])
    assert trace.output.dtype == np.int64
    assert trace.output.tolist() == [[0, 0, 4]]
    assert trace[2].products.tolist() == [[2**64], [-(2**64) + 4]]


@pytest.mark.parametrize(
    ("x", "w"),
    [
        ([1e308, 1e308], [1.0, 1.0]),
        ([1e200], [1e200]),
        ([-1e308, 1e308], [1.0, 2.0]),
        ([1e308, -1e308], [10.0, 10.0]),
        # A fused multiply-add gives a finite sum here, though one product is infinite.
        ([-1e308] + [0] * 15 + [1e308] + [0] * 23, [1.0] * 16 + [2.0] * 24),
    ],
)
def test_floats_that_overflow_are_refused(x, w):
    with pytest.raises(ValueError, match=r"x and w are too large: .* do not fit float64; accepted: .* below 1\.8e308"):
        correlate(x, w)


@pytest.mark.parametrize(
    ("x", "w", "value"),
    [
        ([1e-10, 1e-10], [1e308, 1e308], 2e298),
        ([0.0, 0.0], [1e308, 1e308], 0.0),
        ([1e308, 0.0, -1e308], [1.0, 1.0, 1.0], 0.0),
        ([1.7e308], [1.0], 1.7e308),
        ([5e-324, 5e-324], [1.0, 1.0], 1e-323),
        ([1e-200], [1e-200], 0.0),
    ],
)
def test_huge_and_tiny_floats_are_taken_without_a_warning(x, w, value):
    trace = correlate(x, w)
    assert trace.output.tolist() == [pytest.approx(value, rel=1e-15, abs=0)]
    assert np.isfinite(trace[0].products).all()


def test_minus_zero_is_zero():
    trace = convolve([-0.0, 1.0], [-1.0])
    assert trace.output.tolist() == [0.0, -1.0]
    assert trace[0].describe() == "Output [0] = 0×(-1) = 0."


# --- steps


@given(pairs(most=5, largest_kernel=4), modes, st.sampled_from(OPERATIONS))
def test_every_step_keeps_its_promises(pair, mode, operation):
    x, w = pair
    assume(fits(x, w, mode))
    trace = operation(x, w, mode)
    for index, step in enumerate(trace):
        assert step.index == index
        assert step.position == np.unravel_index(index, trace.output.shape)
        assert trace.index_of(step.position) == index
        assert step.value == trace.output[step.position]
        np.testing.assert_array_equal(step.patch, trace.padded[step.window])
        np.testing.assert_array_equal(step.kernel, trace.kernel)
        np.testing.assert_array_equal(step.products, step.patch * step.kernel)
        assert step.patch.shape == step.kernel.shape == step.products.shape == w.shape
        if trace.output.dtype == np.int64:
            assert step.products.sum() == step.value
        else:
            assert abs(step.products.sum() - step.value) <= 1e-15 * np.abs(step.products).sum()


@given(pairs(most=5, largest_kernel=4), modes, st.sampled_from(OPERATIONS))
def test_a_trace_keeps_its_promises(pair, mode, operation):
    x, w = pair
    assume(fits(x, w, mode))
    trace = operation(x, w, mode)
    assert len(trace) == trace.output.size == trace.geometry.windows
    assert trace.flip is (operation is convolve)
    np.testing.assert_array_equal(trace.x, x)
    np.testing.assert_array_equal(trace.w, w)
    np.testing.assert_array_equal(trace.kernel, np.flip(w) if trace.flip else w)
    np.testing.assert_array_equal(trace.padded[trace.geometry.interior], x)
    border = np.ones(trace.padded.shape, bool)
    border[trace.geometry.interior] = False
    assert not trace.padded[border].any()


def test_the_border_is_what_the_mode_says():
    x, w = np.ones((4, 4)), np.ones((3, 2))
    assert correlate(x, w, "full").padded.shape == (8, 6)
    assert correlate(x, w, "same").padded.shape == (6, 5)
    assert correlate(x, w, "valid").padded.shape == (4, 4)
    assert correlate(x, w, "same").geometry.interior == (slice(1, 5), slice(1, 5))


@pytest.mark.parametrize("shape", [(2, 2), (4, 2), (6, 4)])
def test_a_layer_centres_a_kernel_of_even_size_one_cell_earlier(shape):
    x, w = np.arange(42).reshape(6, 7) ** 2, np.arange(np.prod(shape)).reshape(shape)
    layer = conv_layer(x[None], w[None, None], padding="same").output[0]
    ours = correlate(x, w, "same").output
    np.testing.assert_array_equal(ours[1:, 1:], layer[:-1, :-1])
    np.testing.assert_array_equal(layer, scipy.signal.correlate2d(x, w, "same"))
    np.testing.assert_array_equal(ours, scipy.signal.correlate(x, w, "same", method="direct"))
    np.testing.assert_array_equal(ours, scipy.ndimage.correlate(x, w, mode="constant"))
    np.testing.assert_array_equal(convolve(x, w, "same").output, scipy.signal.convolve2d(x, w, "same"))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_arrays_are_read_only_and_the_callers_stay_the_callers(operation, dtype):
    x, w = np.arange(12, dtype=dtype).reshape(3, 4), np.arange(4, dtype=dtype).reshape(2, 2)
    trace = operation(x, w)
    step = trace[1]
    held = (trace.output, trace.padded, trace.x, trace.w, trace.kernel, step.patch, step.kernel, step.products)
    before = [array.copy() for array in held]
    for array in held:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...], w[...] = 7, 7  # must neither be forbidden nor reach the trace
    for array, was in zip(held, before, strict=True):
        np.testing.assert_array_equal(array, was)
    assert trace[1] == step


def test_read_only_arguments_will_do():
    x, w = np.arange(4), np.arange(2)
    for array in (x, w):
        array.setflags(write=False)
    assert correlate(x, w).output.tolist() == [1, 2, 3]


def test_steps_are_frozen():
    step = correlate(A, B)[0]
    for name in ("index", "position", "value", "window", "patch", "kernel", "products"):
        with pytest.raises(FrozenInstanceError):
            setattr(step, name, None)


def test_equal_steps_are_equal():
    trace = correlate(A, B)
    assert trace[4] == trace[4] == correlate(A, B)[4]
    assert hash(trace[4]) == hash(correlate(A, B)[4])
    assert trace[0] != trace[2]  # of the same value, elsewhere
    assert trace[4] != correlate(A, [[1, 0, 1], [0, 1, 0], [1, 0, 2]])[4]
    assert trace[4] != "a step"
    assert trace[4] in trace
    assert trace.index(trace[4]) == 4


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (correlate([1, 2, 3, 4], [5, 6, 7])[1], "Output [1] = 2×5 + 3×6 + 4×7 = 56."),
        (convolve([1, 2, 3, 4], [5, 6, 7])[0], "Output [0] = 0×7 + 0×6 + 1×5 = 5."),
        (correlate([[1, -2], [3, 4]], [[2], [-1]])[1], "Output [0, 1] = (-2)×2 + 4×(-1) = -8."),
        (correlate([[0.5, 1 / 3]], [[1, 3.0]])[0], "Output [0, 0] = 0.5×1 + (1/3)×3 = 1.5."),
        (correlate(np.array([[True, False]]), [[1, 1]])[0], "Output [0, 0] = 1×1 + 0×1 = 1."),
    ],
)
def test_a_step_says_how_its_value_comes_to_be(step, sentence):
    assert step.describe() == sentence


# --- cost


def test_a_trace_over_a_large_picture_makes_no_steps():
    picture = np.zeros((1024, 1024))
    one_picture = picture.nbytes
    tracemalloc.start()
    try:
        trace = correlate(picture, np.ones((3, 3)), "same")
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trace[500_000], trace[100:900_000:7], trace[-1]
        _, after = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2.1 * one_picture  # the padded input and the output
    assert peak < 2.5 * one_picture
    assert after - kept < 20_000


def test_a_step_allocates_no_more_than_its_kernel_needs():
    small, large = correlate(np.ones((9, 9)), np.ones((3, 3))), correlate(np.ones((900, 900)), np.ones((3, 3)))
    allocated = []
    for trace in (small, large):
        trace[5]
        tracemalloc.start()
        try:
            step = trace[len(trace) // 2]
            allocated.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert step.products.size == 9
    assert allocated[1] < allocated[0] + 500


def test_flipped_kernels_can_be_handed_to_pytorch():
    torch = pytest.importorskip("torch")
    layer = conv_layer(np.ones((1, 4, 4)), np.arange(4.0).reshape(1, 1, 2, 2), flip=True)
    trace = convolve(np.ones((4, 4)), np.arange(4.0).reshape(2, 2))
    back = convviz.gradients(layer)
    arrays = [trace.kernel, trace[0].kernel, layer.kernel, layer[0].kernel, back.weight, back[0].weight_part]
    arrays.append(convviz.echoes([1.0, 2.0], [3.0, 4.0])[1].kernel)
    learnt = convviz.learn_kernel([1, 2, 3, 4], [1, 2], flip=True, steps=2)
    arrays += [learnt.kernel, learnt[1].kernel, learnt[1].gradient]
    for array in arrays:
        assert min(array.strides) > 0
    with warnings.catch_warnings(action="ignore"):  # PyTorch warns once that it could write into the array
        tensor = torch.from_numpy(trace.kernel)
    assert tensor.tolist() == trace.kernel.tolist()
