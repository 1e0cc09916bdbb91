"""How far apart two pictures are: the sources' figure and the usual ones."""

import re
from dataclasses import FrozenInstanceError
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.operations.matching.image_distance import image_distance
from tests.reference import exactly
from tests.strategies import INTEGERS, arrays

INT64 = np.iinfo(np.int64)


def test_the_sources_figure_comes_out_of_three_measures():
    distance = image_distance([[1, 20], [0, 5]], [[2, 20], [0, 5]])
    assert distance.ssd == 1
    assert distance.mse == distance.mae == distance.length_per_cell == 0.25
    assert distance.length == 1
    assert distance.differences.tolist() == [[-1, 0], [0, 0]]
    assert distance.describe() == (
        "1 of 4 cells differs; the squared differences add up to 1, which is 0.25 per cell (the mean squared error)."
    )


def test_they_part_where_cells_differ_by_more():
    distance = image_distance([0, 0, 0, 0], [3, 4, 0, 0])
    assert (distance.mse, distance.mae, distance.length, distance.length_per_cell) == (6.25, 1.75, 5, 1.25)
    assert distance.describe().startswith("2 of 4 cells differ; the squared differences add up to 25, which is 6.25")


@settings(max_examples=50)
@given(st.integers(1, 2).flatmap(lambda n: arrays(n, 5)), st.randoms(use_true_random=False))
def test_equal_to_dull_loops(a, random):
    values = a.ravel().tolist()
    random.shuffle(values)
    b = np.array(values, dtype=a.dtype).reshape(a.shape)
    differences = [exactly(p) - exactly(q) for p, q in zip(a.flat, b.flat, strict=True)]
    distance = image_distance(a, b)
    ssd = sum(d * d for d in differences)
    if a.dtype.kind != "f":
        assert distance.ssd == ssd
        assert isinstance(distance.ssd, int)
        assert distance.differences.ravel().tolist() == differences
    assert distance.ssd == pytest.approx(float(ssd), rel=1e-12)
    assert distance.mse == pytest.approx(float(Fraction(ssd) / a.size), rel=1e-12)
    assert distance.mae == pytest.approx(float(Fraction(sum(map(abs, differences))) / a.size), rel=1e-12)
    assert distance.length == pytest.approx(float(ssd) ** 0.5, rel=1e-12)
    assert distance.length_per_cell == pytest.approx(float(ssd) ** 0.5 / a.size, rel=1e-12)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_small_integers_do_not_wrap_around(dtype):
    assert image_distance(np.array([0], dtype), np.array([1], dtype)).differences.tolist() == [-1]


def test_large_integers_stay_exact():
    distance = image_distance([INT64.max, INT64.min], [INT64.min, INT64.max])
    assert distance.differences.tolist() == [2**64 - 1, 1 - 2**64]
    assert distance.ssd == 2 * (2**64 - 1) ** 2


def test_three_channels_will_do_and_nothing_can_be_changed():
    distance = image_distance(np.zeros((3, 2, 2)), np.ones((3, 2, 2)))
    assert distance.mse == 1
    with pytest.raises(ValueError, match="read-only"):
        distance.differences[...] = 0
    with pytest.raises(FrozenInstanceError):
        distance.mse = 0


FAULTS = [
    ([1, 2], [1], ValueError, "b has shape (1,) but a has (2,); accepted: the same shape in b as in a"),
    ([[1, 2]], [1, 2], ValueError, "b has shape (2,) but a has (1, 2); accepted: the same shape in b as in a"),
    ([], [], ValueError, "a is empty (shape (0,)); accepted: at least one number along each axis"),
    (1, 1, ValueError, "a has 0 dimensions (shape ()); accepted: 1 or 2 or 3"),
    ([1], [np.nan], ValueError, "b[0] is nan; accepted: finite numbers"),
    ([None], [1], TypeError, "a[0] is None (NoneType); accepted: an array of integers, floats or booleans"),
    ([1e200], [0.0], ValueError, "a and b are too large: their products, or sums of these, do not fit float64"),
    ([1e308], [-1e308], ValueError, "a and b are too large: their products, or sums of these, do not fit float64"),
]


@pytest.mark.parametrize(("a", "b", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS])
def test_each_fault_is_named(a, b, error, message):
    with pytest.raises(error, match=re.escape(message)):
        image_distance(a, b)
