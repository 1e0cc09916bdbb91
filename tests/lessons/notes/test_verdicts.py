import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convviz import conv_layer, convolve, correlate
from convviz.lessons.notes import flip_verdict, pointwise_verdict
from convviz.operations.layers.pointwise import pointwise_dense
from tests.lessons.notes.page import Page
from tests.strategies import MODES, pairs


def flip_text(x, w, mode="full"):
    return Page(flip_verdict(correlate(x, w, mode), convolve(x, w, mode))).text


def pointwise_text(x, weight, bias=None, activation=None):
    single = np.asarray(weight)[:, :, None, None]
    layer = conv_layer(x, single, bias, activation=activation)
    return Page(pointwise_verdict(layer, pointwise_dense(x, weight, bias, activation))).text


@given(pairs(most=4, largest_kernel=4, dtypes=("int64",)), st.sampled_from(MODES[:2]))
def test_what_is_said_of_the_flip_is_true(arrays, mode):
    x, w = arrays
    text, differ = flip_text(x, w, mode), correlate(x, w, mode).output != convolve(x, w, mode).output
    symmetric = np.array_equal(w, np.flip(w))
    assert ("kernel is symmetric" in text) == symmetric
    assert ("agree" in text) == (not differ.any())
    assert ("Change the number" in text) == (symmetric and w.size > 1)
    if differ.any():
        assert text == f"The two outputs differ in {differ.sum()} of {differ.size} cell{'s' * (differ.size > 1)}."
    if symmetric and w.size > 1:
        changed = w.copy()
        changed.flat[0] += 1
        assert not np.array_equal(changed, np.flip(changed))


def test_an_input_that_does_not_tell_the_two_apart_is_named():
    text = flip_text(np.ones((5, 5)), [[1, 2]], "valid")
    assert "although the kernel is not symmetric: this input does not tell" in text


def test_a_kernel_has_ends_or_corners():
    assert "at one end" in flip_text([1, 2], [1, 1])
    assert "at one corner" in flip_text([[1, 2]], [[1, 1]])


@pytest.mark.parametrize("scale", [2.0**-10, 1.0, 2.0**500, 2.0**1020])
def test_rounding_is_no_difference(scale):
    x, w = np.full(6, scale), [0.1, 0.2, 0.3]
    assert not np.array_equal(correlate(x, w).output, correlate(x, w[::-1]).output)
    assert "agree here" in flip_text(x, w, "valid")
    assert "differ in 2 of 6 cells" in flip_text(x, w, "same")


def test_numbers_near_the_end_of_floats_are_compared_too():
    assert "differ in 3 of 3 cells" in flip_text([1e308, -1e308], [1.5, 0.5])


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32), st.booleans())
def test_a_1x1_layer_always_equals_the_dense_one(channels, filters, side, seed, rounded):
    random = np.random.default_rng(seed)
    x, weight, bias = (
        random.normal(size=shape) * 100 if rounded else random.integers(-9, 10, shape)
        for shape in ((channels, side, side + 1), (filters, channels), (filters,))
    )
    for activation in (None, "relu", "sigmoid", "tanh"):
        text = pointwise_text(x, weight, bias, activation)
        assert f"{side * (side + 1) * filters} numbers, equal in every one" in text
        assert f"Shape {channels}×{side}×{side + 1} → {filters}×{side}×{side + 1}" in text
        assert ("the depth stays" in text) == (channels == filters)


def test_pixels_numbers_and_shapes_are_counted():
    assert pointwise_text(np.ones((3, 6, 6), int), np.ones((4, 3), int)) == (
        "A 1×1 convolution, and a dense layer at each of the 36 pixels: 144 numbers, equal in every one. "
        "Shape 3×6×6 → 4×6×6: the depth goes from 3 to 4; height and width stay."
    )
    one = pointwise_text([[[1]]], [[1]])
    assert one.startswith("A 1×1 convolution, and a dense layer at the only pixel: 1 number, equal in every one.")


def test_another_layer_is_told_apart():
    layer, dense = conv_layer([[[1, 2]]], [[[[1]]]]), pointwise_dense([[[1, 2]]], [[3]])
    assert "2 numbers, different in 2" in Page(pointwise_verdict(layer, dense)).text


def test_outputs_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(4,\); accepted: two of the same shape"):
        flip_verdict(correlate([1, 2, 3], [1, 2]), convolve([1, 2, 3], [1, 2]))
