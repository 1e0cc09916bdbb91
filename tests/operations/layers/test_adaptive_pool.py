"""Adaptive pooling against dull loops; and what it says of bad input."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.operations.layers.adaptive_pool import AdaptiveTrace, adaptive_pool
from convviz.operations.layers.pool import PoolTrace
from tests import reference
from tests.operations.layers.test_pool import MOST
from tests.strategies import filled

INT64 = np.iinfo(np.int64)


@st.composite
def calls(draw):
    """Draw an input and the number of cells that each channel becomes."""
    axes = draw(st.integers(1, 3))
    shape = (draw(st.integers(1, 2)), *(draw(st.integers(1, 7 if axes < 3 else 4)) for _ in range(axes)))
    output = tuple(draw(st.integers(1, 6 if axes < 3 else 4)) for _ in range(axes))
    return filled(draw, shape, MOST), output


@given(calls(), st.sampled_from(["max", "mean"]))
def test_equal_to_dull_loops(call, kind):
    x, output = call
    trace = adaptive_pool(x, output, kind)
    assert trace.output.shape == (len(x), *output)
    assert trace.output.dtype == (np.int64 if kind == "max" and x.dtype.kind in "ib" else np.float64)
    for index, step in enumerate(trace):
        channel, *at = step.position
        ranges = [
            range(math.floor(i * n / m), math.ceil((i + 1) * n / m))
            for i, n, m in zip(at, x.shape[1:], output, strict=True)
        ]
        cells = [tuple(r[k] for r, k in zip(ranges, place, strict=True)) for place in np.ndindex(*map(len, ranges))]
        numbers = [reference.exactly(x[(channel, *cell)]) for cell in cells]
        assert (step.index, trace.index_of(step.position)) == (index, index)
        assert step.value == trace.output[step.position]
        assert step.patch.ravel().tolist() == numbers == trace.padded[step.window].ravel().tolist()
        assert step.counted.all()
        assert not step.patch.flags.writeable
        if kind == "max":
            assert step.value == max(numbers)
            assert step.winner == (channel, *cells[numbers.index(max(numbers))])
            assert step.patch[step.place] == step.value
        else:
            assert step.divisor == len(numbers)
            assert step.value == pytest.approx(float(Fraction(sum(numbers)) / len(numbers)), rel=1e-14, abs=1e-14)
            assert step.parts.sum() == pytest.approx(step.value, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(("size", "output"), [(6, 1), (6, 2), (6, 6), (7, 3), (5, 4)])
def test_windows_that_are_alike_are_a_pooling(size, output):
    assert isinstance(adaptive_pool(np.arange(size)[None], output), PoolTrace)


@pytest.mark.parametrize(("size", "output"), [(5, 3), (7, 4), (1, 3), (2, 6)])
def test_windows_that_differ_are_not(size, output):
    trace = adaptive_pool(np.arange(size)[None], output)
    assert isinstance(trace, AdaptiveTrace)
    assert trace.kind == "mean"
    for array in (trace.output, trace.x, trace.padded):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7


@given(st.lists(st.integers(INT64.min, INT64.max) | st.integers(-9, 9), min_size=5, max_size=5))
def test_means_of_integers_are_rounded_once(numbers):
    windows = [numbers[:2], numbers[1:4], numbers[3:]]
    expected = [float(Fraction(sum(window), len(window))) for window in windows]
    assert adaptive_pool([numbers], 3).output.tolist() == [expected]


def test_means_of_huge_floats_are_floats():
    np.testing.assert_allclose(adaptive_pool([[1.5e308] * 5], 3).output, [[1.5e308] * 3], rtol=1e-15)


def test_a_step_says_how_its_value_comes_to_be():
    assert adaptive_pool([[1, 2, 3, 4, 6]], 3)[1].describe() == "Output [0, 1] = (2 + 3 + 4) / 3 = 3."
    largest = adaptive_pool([[1, 2, 3, 4, 6]], 3, "max")[1]
    assert largest.describe() == "Output [0, 1] = max(2, 3, 4) = 4, found at [0, 3] of the input."


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": [1, 2]}, ValueError, "x has 1 dimensions (shape (2,)); accepted: 2 or 3 or 4"),
        ({"x": "text"}, TypeError, "x holds text"),
        ({"output": 0}, ValueError, "output is 0; accepted: an integer from 1 on, or a tuple of 2"),
        (
            {"output": (1, 2, 3)},
            ValueError,
            "output is (1, 2, 3), with 3 numbers for 2 axes; accepted: an integer from",
        ),
        ({"kind": "sum"}, ValueError, "kind is 'sum'; accepted: 'max' or 'mean'"),
    ],
)
def test_each_fault_is_named(change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        adaptive_pool(**{"x": np.ones((1, 3, 3)), "output": 2, **change})
