"""Convolution as a sum of echoes, and as a table whose anti-diagonals are summed."""

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import convolve
from convviz.operations.convolution.echoes import echoes
from convviz.operations.convolution.outer_product import outer_product
from tests import reference
from tests.strategies import arrays

SIGNAL, MULTIPATH = [1, 2, 3, 4, 5, 6], [1, 0.9, 0.8, 0.7]
INT64 = np.iinfo(np.int64)
OPERATIONS = (echoes, outer_product)


def check(output, x, h):
    """Compare with dull loops: integers exactly, floats but for rounding."""
    expected = reference.convolve(x, h, "full")
    if output.dtype == np.int64:
        assert output.tolist() == expected.tolist()
    else:
        np.testing.assert_allclose(output, expected.astype(float), rtol=0, atol=reference.rounding(x, h))


# --- results


def test_the_received_multipath_signal():
    trace = echoes(SIGNAL, MULTIPATH)
    np.testing.assert_allclose(trace.output, [1, 2.9, 5.6, 9, 12.4, 15.8, 12.2, 8.3, 4.2], rtol=1e-15)
    np.testing.assert_allclose(trace[-1].total, np.convolve(SIGNAL, MULTIPATH), rtol=1e-15)
    assert len(trace) == 6


@pytest.mark.parametrize("operation", OPERATIONS)
@given(x=arrays(1, 9), h=arrays(1, 9))
def test_equal_to_numpy_and_to_dull_loops(operation, x, h):
    output = operation(x, h).output
    assert output.dtype == (np.float64 if "f" in x.dtype.kind + h.dtype.kind else np.int64)
    check(output, x, h)
    expected = np.convolve(x.astype(np.float64), h.astype(np.float64))
    np.testing.assert_allclose(output, expected, rtol=0, atol=reference.rounding(x, h))
    np.testing.assert_array_equal(output, {echoes: outer_product, outer_product: echoes}[operation](x, h).output)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(
    x=st.lists(st.integers(INT64.min, INT64.max) | st.integers(-3, 3), min_size=1, max_size=4),
    h=st.lists(st.integers(INT64.min, INT64.max) | st.integers(-3, 3), min_size=1, max_size=4),
)
def test_integers_are_exact_or_refused(operation, x, h):
    exact = reference.convolve(x, h, "full").tolist()
    wide = [(i, value) for i, value in enumerate(exact) if not INT64.min <= value <= INT64.max]
    if wide:
        at, value = wide[0]
        with pytest.raises(ValueError, match=rf"^x and h are too large: .* at \[{at}\] would be {value}, .* fit int64"):
            operation(x, h)
        return
    trace = operation(x, h)
    assert trace.output.tolist() == exact
    for step in trace:
        assert sum(step.products.tolist()) == step.value


# --- echoes


@settings(max_examples=50)
@given(x=arrays(1, 7), h=arrays(1, 7))
def test_every_echo_keeps_its_promises(x, h):
    trace = echoes(x, h)
    x, h = trace.x, trace.h
    before = np.zeros(trace.output.shape, trace.output.dtype)
    for k, step in enumerate(trace):
        assert (step.index, step.position, step.scale) == (k, (k,), x[k])
        assert step.echo[step.window].tolist() == (x[k] * h).tolist()
        assert np.count_nonzero(step.echo) == np.count_nonzero(x[k] * h)
        # Exactly, also in floats: what is shown adds up.
        np.testing.assert_array_equal(step.total, before + step.echo)
        assert step.value == trace.output[step.position] == step.total[step.position]
        np.testing.assert_array_equal(step.products, step.patch * step.kernel)
        assert abs(step.products.sum() - step.value) <= 1e-15 * np.abs(step.products).sum()
        before = step.total
    np.testing.assert_array_equal(before, trace.output)


def test_each_echo_completes_cells_and_together_they_complete_all():
    trace = echoes(SIGNAL, MULTIPATH)
    for step in trace:
        assert step.total[: step.index + 1].tolist() == trace.output[: step.index + 1].tolist()
        assert step.total[step.index + 1] != trace.output[step.index + 1] or step.index == len(trace) - 1


def test_partial_is_the_running_total_as_far_as_it_goes():
    partial = echoes([1, 2, 3], [4, 5]).partial(0)
    assert partial.tolist() == [4, 5, None, None]
    assert echoes([1, 2, 3], [4, 5]).partial(-1).tolist() == [4, 13, 22, 15]
    with pytest.raises(IndexError, match="index=3, but there are 3 steps"):
        echoes([1, 2, 3], [4, 5]).partial(3)


def test_a_total_on_the_way_may_be_wider_than_the_output():
    big = 2**62
    trace = echoes([big, big, big, 1], [-1, 1, 1])
    assert trace.output.tolist() == [-big, 0, big, 2**63 - 1, big + 1, 1]
    assert trace[1].total.tolist() == [-big, 0, 2 * big, big, 0, 0]
    assert trace[3].total.tolist() == trace.output.tolist()
    assert trace[0].total.dtype == np.int64


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (echoes([1, 2, 3], [4, 5])[0], "Echo 0 is 1 times h, not delayed; it completes output [0] = 1×4 = 4."),
        (
            echoes(SIGNAL, MULTIPATH)[2],
            "Echo 2 is 3 times h, delayed by 2; it completes output [2] = 1×0.8 + 2×0.9 + 3×1 = 5.6.",
        ),
        (
            echoes([1, 2], [4, 5])[1],
            "Echo 1 is 2 times h, delayed by 1; it completes output [1] = 1×5 + 2×4 = 13 and, as the last echo, all "
            "cells after it.",
        ),
        (echoes([7], [3])[0], "Echo 0 is 7 times h, not delayed; it completes output [0] = 7×3 = 21."),
    ],
)
def test_an_echo_says_what_it_is(step, sentence):
    assert step.describe() == sentence


# --- the table


@settings(max_examples=50)
@given(x=arrays(1, 7), h=arrays(1, 7))
def test_every_antidiagonal_keeps_its_promises(x, h):
    trace = outer_product(x, h)
    assert trace.table.shape == (len(x), len(h))
    np.testing.assert_array_equal(trace.table, np.outer(trace.x, trace.h))
    met = np.zeros(trace.table.shape, int)
    for n, step in enumerate(trace):
        assert (step.index, step.position) == (n, (n,))
        assert (sum(step.cells) == n).all()
        np.testing.assert_array_equal(step.products, trace.table[step.cells])
        np.testing.assert_array_equal(step.products, step.patch * step.kernel)
        assert step.value == trace.output[n]
        assert abs(step.products.sum() - step.value) <= 1e-15 * np.abs(step.products).sum()
        met[step.cells] += 1
    assert (met == 1).all()


def test_rows_of_the_table_are_the_echoes():
    table, trace = outer_product(SIGNAL, MULTIPATH).table, echoes(SIGNAL, MULTIPATH)
    for step in trace:
        np.testing.assert_array_equal(table[step.index], step.echo[step.window])


def test_an_antidiagonal_says_what_it_adds_up_to():
    assert outer_product(SIGNAL, MULTIPATH)[8].describe() == "Anti-diagonal 8 adds up to output [8] = 6×0.7 = 4.2."


def test_products_may_be_wider_than_their_sum():
    few, many = 3 * 10**9, 4 * 10**9
    x, h = [few, many, few], [few, -many, few]
    trace = outer_product(x, h)
    assert trace.output.tolist() == [few**2, 0, 2 * few**2 - many**2, 0, few**2]
    assert trace[2].products.tolist() == [few**2, -(many**2), few**2]
    assert trace.table.tolist() == [[a * b for b in h] for a in x]
    assert [step.products.tolist() for step in echoes(x, h)] == [step.products.tolist() for step in trace][:3]


# --- what all traces promise


@pytest.mark.parametrize("operation", OPERATIONS)
def test_arrays_are_read_only_and_the_callers_stay_the_callers(operation):
    x, h = np.arange(1, 5), np.array([1.0, 2.0])
    trace = operation(x, h)
    step = trace[1]
    held = [trace.output, trace.x, trace.h, step.products, step.patch, step.kernel]
    held += [step.echo, step.total] if operation is echoes else [trace.table, *step.cells]
    for array in held:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
    x[...], h[...] = 7, 7
    assert trace[1] == step
    assert operation([1, 2, 3, 4], [1, 2.0])[1] == step
    with pytest.raises(FrozenInstanceError):
        step.value = 3


FAULTS = [
    ([], [1], ValueError, "x is empty (shape (0,)); accepted: at least one number along each axis"),
    ([1], [[1]], ValueError, "h has 2 dimensions (shape (1, 1)); accepted: 1"),
    (np.ones((2, 2)), [1], ValueError, "x has 2 dimensions (shape (2, 2)); accepted: 1"),
    (3, [1], ValueError, "x has 0 dimensions (shape ()); accepted: 1"),
    ([1], [1, np.nan], ValueError, "h[1] is nan; accepted: finite numbers"),
    ([1], "h", TypeError, "h holds text (dtype <U1); accepted: an array of integers, floats or booleans"),
    ([1, 2], [2**62], ValueError, "x and h are too large: the output at [1] would be 9223372036854775808, which"),
    ([1e200], [1e200], ValueError, "x and h are too large: their products, or sums of these, do not fit float64"),
    ([1e308, 1e308], [1.0, 1.0], ValueError, "x and h are too large: their products, or sums of these, do not fit"),
    ([-1e308, 1e308], [1.0, 2.0], ValueError, "x and h are too large: their products, or sums of these, do not fit"),
]


@pytest.mark.parametrize(("x", "h", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_fault_is_named(operation, x, h, error, message):
    with pytest.raises(error, match=re.escape(message)):
        operation(x, h)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("x", "h"), [(20_000, 3), (3, 20_000)])
def test_long_signals_are_no_trouble(operation, x, h):
    random = np.random.default_rng(1)
    long, short = random.integers(-99, 99, x), random.integers(-99, 99, h)
    trace = operation(long, short)
    np.testing.assert_array_equal(trace.output, convolve(long, short).output)
    assert trace[len(trace) // 2].value == trace.output[trace[len(trace) // 2].position]
