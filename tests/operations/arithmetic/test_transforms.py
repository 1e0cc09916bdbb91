"""Sums by Fourier transforms: exact for integers, within the stated error for floats, at any size and magnitude."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz import convolve, correlate
from convviz.operations.arithmetic.tiles import NEAR, Tiling, good_size
from convviz.operations.arithmetic.transforms import correlate_by_transforms, error_bound, integer_parts
from tests.strategies import MODES


@st.composite
def shapes(draw, largest=9):
    """Draw the shapes of an input and of a kernel that fits into it."""
    x = draw(st.lists(st.integers(1, largest), min_size=1, max_size=2))
    return tuple(x), tuple(draw(st.integers(1, size)) for size in x)


def dull(x, w):
    """Add up products one by one, in Python's numbers, which do not round."""
    output = np.empty([n - k + 1 for n, k in zip(x.shape, w.shape, strict=True)], dtype=object)
    for place in np.ndindex(output.shape):
        cells = [(tuple(np.add(place, offset)), weight) for offset, weight in np.ndenumerate(w)]
        output[place] = sum(x[at] * weight for at, weight in cells)
    return output


def fractions(array):
    return np.vectorize(Fraction, otypes=[object])(array)


# --- integers


@settings(max_examples=60)
@given(shapes(), st.integers(1, 40), st.integers(1, 20), st.randoms(use_true_random=False))
def test_integers_are_exact(pair, x_bits, w_bits, random):
    x, w = (
        np.array([random.randint(-(2**bits), 2**bits) for _ in range(prod(shape))]).reshape(shape)
        for shape, bits in zip(pair, (x_bits, w_bits), strict=True)
    )
    found = correlate_by_transforms(x, w)
    assert found is not None
    assert found.dtype == np.int64
    assert found.tolist() == dull(x.astype(object), w.astype(object)).tolist()


@pytest.mark.parametrize(
    ("shape", "kernel"),
    [((500, 300), (31, 17)), ((200, 700), (3, 90)), ((40_000,), (300,)), ((3, 30_000), (2, 40)), ((260, 2), (70, 1))],
)
@pytest.mark.parametrize(("x_end", "w_end"), [(2, 2), (256, 300), (2**20, 2**18), (2**40, 50), (50, 2**40)])
def test_large_inputs_are_exact_in_all_their_tiles(shape, kernel, x_end, w_end):
    random = np.random.default_rng(3)
    x, w = random.integers(-x_end, x_end + 1, shape), random.integers(-w_end, w_end + 1, kernel)
    np.testing.assert_array_equal(correlate_by_transforms(x, w), weight_by_weight(x, w))


def weight_by_weight(x, w):
    """Correlate in NumPy's integers, modulo 2⁶⁴; the sums fit."""
    sums = np.zeros([n - k + 1 for n, k in zip(x.shape, w.shape, strict=True)], dtype=np.int64)
    for offset, weight in np.ndenumerate(w):
        sums += weight * x[tuple(slice(at, at + n) for at, n in zip(offset, sums.shape, strict=True))]
    return sums


@pytest.mark.parametrize("bits", range(8, 32))
@pytest.mark.parametrize("signs", ["equal", "random", "alternating"])
def test_the_largest_integers_that_are_not_split_are_exact(bits, signs):
    # The longest vectors that a number of bits allows, up to the last one whose sums are exact without a split.
    x, w = np.full((192, 192), 2**bits - 1), np.full((31, 31), 2**bits - 1)
    for array in (x, w):
        if signs == "random":
            array *= np.random.default_rng(bits).choice([-1, 1], array.shape)
        elif signs == "alternating":
            array[::2, 1::2] *= -1
    np.testing.assert_array_equal(correlate_by_transforms(x, w), weight_by_weight(x, w))


def test_few_bits_take_one_part_and_many_take_more():
    random = np.random.default_rng(0)
    w = random.integers(-255, 256, (31, 31))
    parts = [
        integer_parts(random.integers(-end, end, (192, 192)), w, Tiling((192, 192), (31, 31))) for end in (9, 2**45)
    ]
    assert parts[0] == (1, 1)
    assert parts[1] is not None
    assert prod(parts[1]) > 1
    assert integer_parts(np.array([2**62, 1]), np.array([1]), Tiling((2,), (1,))) is None


# --- floats


@settings(max_examples=60)
@given(
    shapes(6).flatmap(
        lambda pair: st.tuples(
            *(hnp.arrays(np.float64, shape, elements=st.floats(-1e6, 1e6, allow_subnormal=False)) for shape in pair)
        )
    )
)
def test_floats_are_within_the_stated_error(pair):
    x, w = pair
    found, exact = correlate_by_transforms(x, w), dull(fractions(x), fractions(w))
    bound = Fraction(error_bound(x, w)) + Fraction(1, 2**1000)
    for at, value in np.ndenumerate(found):
        assert abs(Fraction(value) - exact[at]) <= bound + abs(exact[at]) / 2**52


@pytest.mark.parametrize(("shape", "kernel"), [((220, 170), (31, 20)), ((30_000,), (200,))])
@pytest.mark.parametrize("kind", ["normal", "uniform", "steep"])
def test_floats_are_as_near_as_direct_sums(shape, kernel, kind):
    random = np.random.default_rng(4)
    x, w = random.normal(size=shape), random.normal(size=kernel)
    if kind == "uniform":
        x, w = random.random(shape), random.random(kernel)
    if kind == "steep":
        x *= np.logspace(0, -6, shape[-1])
    exact, direct = np.zeros((2, *(n - k + 1 for n, k in zip(shape, kernel, strict=True))), dtype=np.longdouble)
    for offset, weight in np.ndenumerate(w):
        cells = x[tuple(slice(at, at + n) for at, n in zip(offset, exact.shape, strict=True))]
        exact += np.longdouble(weight) * cells.astype(np.longdouble)
        direct = direct.astype(float) + weight * cells
    error = np.abs(correlate_by_transforms(x, w) - exact)
    assert error.max() <= np.abs(direct - exact).max()
    assert (error <= error_bound(x, w) + np.abs(exact) * 2.0**-53).all()
    assert error_bound(x, w) < 2.0**-53 * np.sqrt(np.square(x).max() * prod(shape) * np.square(w).sum())


def test_integers_in_floats_are_exact():
    random = np.random.default_rng(5)
    x, w = random.integers(-255, 256, (300, 300)), random.integers(-99, 100, (21, 21))
    expected = correlate_by_transforms(x, w)
    np.testing.assert_array_equal(correlate_by_transforms(x / 8, w * 4.0), expected / 2)


def test_a_window_of_zeros_has_the_sum_zero():
    random = np.random.default_rng(6)
    x, w = np.zeros((300, 300)), random.normal(size=(20, 20))
    x[:100, :100] = random.normal(size=(100, 100))
    found = correlate_by_transforms(x, w)
    assert found is not None
    assert np.count_nonzero(found) == 100**2
    assert not found[100:].any()
    assert not found[:, 100:].any()
    assert not correlate_by_transforms(np.zeros((50, 50)), w).any()
    assert not correlate_by_transforms(x, np.zeros((20, 20))).any()


@pytest.mark.parametrize("x_size", [5e-324, 1e-310, 1e-150, 1.0, 1e150, 1e300])
@pytest.mark.parametrize("w_size", [5e-324, 1e-150, 1.0, 1e4])
def test_sizes_near_the_ends_of_floats_do_not_matter(x_size, w_size):
    random = np.random.default_rng(7)
    x, w = random.integers(-9, 10, (60, 60)) * x_size, random.integers(-9, 10, (12, 12)) * w_size
    expected = scipy.signal.correlate(x, w, "valid", method="direct")
    np.testing.assert_allclose(correlate_by_transforms(x, w), expected, rtol=1e-13, atol=1e-15 * np.abs(expected).max())


# --- tiles, and what correlate makes of it


def test_tiles_cover_the_output_once():
    for shape, kernel in (((700, 90), (31, 90)), ((50_000,), (20_000,)), ((193, 500), (1, 2))):
        tiling = Tiling(shape, kernel)
        count = np.zeros(tiling.output, dtype=int)
        for _, place in tiling:
            count[place] += 1
        assert (count == 1).all()
        assert tiling.tiles == len(list(tiling))
        assert NEAR / tiling.error > 2**40


@given(st.integers(1, 3000))
def test_good_sizes_have_small_factors_only(size):
    found = good_size(size)
    between = [n for n in range(size, found) if _has_small_factors_only(n)]
    assert found >= size
    assert _has_small_factors_only(found)
    assert not between


def _has_small_factors_only(size):
    for factor in (2, 3, 5):
        while size % factor == 0:
            size //= factor
    return size == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", [correlate, convolve])
@pytest.mark.parametrize(("x_shape", "w_shape"), [((120, 90), (15, 16)), ((90, 90), (31, 31)), ((9000,), (700,))])
def test_correlate_is_scipys_for_large_kernels(operation, mode, x_shape, w_shape):
    random = np.random.default_rng(8)
    x, w = random.integers(-999, 1000, x_shape), random.integers(-999, 1000, w_shape)
    of_scipy = {correlate: scipy.signal.correlate, convolve: scipy.signal.convolve}[operation]
    np.testing.assert_array_equal(operation(x, w, mode).output, of_scipy(x, w, mode, method="direct"))
    x, w = x * 0.1, w * 0.3
    expected = of_scipy(x, w, mode, method="direct")
    np.testing.assert_allclose(operation(x, w, mode).output, expected, rtol=1e-12, atol=1e-13 * np.abs(expected).max())


def test_large_kernels_do_not_change_what_is_refused():
    x, w = np.full((64, 64), 2**40), np.full((32, 32), 2**30)
    with pytest.raises(ValueError, match=rf"x and w are too large: the output at \[0, 0\] would be {2**80}, which"):
        correlate(x, w)
    with pytest.raises(ValueError, match="x and w are too large: their products, or sums"):
        correlate(np.full((64, 64), 1e200), np.full((32, 32), 1e110))
