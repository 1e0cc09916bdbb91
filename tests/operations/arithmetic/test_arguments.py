"""Bad input: each fault named with its argument, the value it had, and what would have been accepted."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.operations.arithmetic.arguments import as_numbers
from tests.strategies import INTEGERS

NUMBERS = "accepted: an array of integers, floats or booleans"
FITTING = "accepted: integers that fit int64, up to 9223372036854775807"
RECORDS = np.zeros(2, dtype=[("a", int), ("b", float)])
BEYOND = np.array([1, 10**30], dtype=object)
STRINGS = np.array(["1", "2"], dtype=np.dtypes.StringDType()) if hasattr(np.dtypes, "StringDType") else ["1", "2"]
NESTED: list[Any] = []
NESTED.append(NESTED)


class Stubborn:
    """Refuses to be an array, as a torch tensor does that requires gradients."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("use detach() first")


FAULTS = [
    # wrong dimension, empty, ragged
    (5, ValueError, "{} has 0 dimensions (shape ()); accepted: 1 or 2"),
    (2.5, ValueError, "{} has 0 dimensions (shape ()); accepted: 1 or 2"),
    (np.ones((2, 2, 2)), ValueError, "{} has 3 dimensions (shape (2, 2, 2)); accepted: 1 or 2"),
    ([], ValueError, "{} is empty (shape (0,)); accepted: at least one number along each axis"),
    ([[]], ValueError, "{} is empty (shape (1, 0)); accepted: at least one number along each axis"),
    (np.ones((0, 3)), ValueError, "{} is empty (shape (0, 3)); accepted: at least one number along each axis"),
    ([[1, 2], [3]], ValueError, "{} is ragged: its rows differ in length; accepted: rows of one length"),
    ([[1, 2], 3], ValueError, "{} is ragged: its rows differ in length; accepted: rows of one length"),
    ([np.ones((2, 2)), np.ones((2, 3))], ValueError, "{} is ragged: its rows differ in length"),
    # not finite, with the position
    ([1.0, float("nan")], ValueError, "{}[1] is nan; accepted: finite numbers"),
    ([[1.0, 2.0], [float("inf"), 4.0]], ValueError, "{}[1, 0] is inf; accepted: finite numbers"),
    ([[1.0, float("-inf")]], ValueError, "{}[0, 1] is -inf; accepted: finite numbers"),
    (np.array([np.inf], "float16"), ValueError, "{}[0] is inf; accepted: finite numbers"),
    (np.array([1, np.nan], ">f4"), ValueError, "{}[1] is nan; accepted: finite numbers"),
    # masked
    (np.ma.masked_equal([1, 2, 3], 2), ValueError, "{}[1] is masked; accepted: arrays without masked cells"),
    (np.ma.masked_equal([[1], [2]], 2), ValueError, "{}[1, 0] is masked; accepted: arrays without masked"),
    ([np.ma.masked_equal([1, 2], 2)], ValueError, "{}[0, 1] is masked; accepted: arrays without masked cells"),
    ([1, np.ma.masked], ValueError, "{}[1] is masked; accepted: arrays without masked cells"),
    (np.ma.masked, ValueError, "{} is masked; accepted: arrays without masked cells"),
    # no real numbers
    ([1, 2j], TypeError, "{} holds complex numbers (dtype complex128); " + NUMBERS),
    (np.ones(3, "complex64"), TypeError, "{} holds complex numbers (dtype complex64); " + NUMBERS),
    ("text", TypeError, "{} holds text (dtype <U4); " + NUMBERS),
    (["1", "2"], TypeError, "{} holds text (dtype <U1); " + NUMBERS),
    ([1, "2"], TypeError, "{} holds text"),
    (STRINGS, TypeError, "{} holds text"),
    (b"bytes", TypeError, "{} holds text (dtype |S5); " + NUMBERS),
    (None, TypeError, "{} is None (NoneType); " + NUMBERS),
    ([1, None], TypeError, "{}[1] is None (NoneType); " + NUMBERS),
    ([[1, 2], [None, 4]], TypeError, "{}[1, 0] is None (NoneType); " + NUMBERS),
    ({1, 2}, TypeError, "{} is {{1, 2}} (set); " + NUMBERS),
    ({"a": 1}, TypeError, "{} is {{'a': 1}} (dict); " + NUMBERS),
    ((i for i in [1, 2]), TypeError, "(generator); " + NUMBERS),
    (len, TypeError, "{} is <built-in function len> (builtin_function_or_method); " + NUMBERS),
    ([Fraction(1, 3)], TypeError, "{}[0] is Fraction(1, 3) (Fraction); " + NUMBERS),
    ([1.0, Decimal("0.5")], TypeError, "{}[1] is Decimal('0.5') (Decimal); " + NUMBERS),
    (np.array([1j], object), TypeError, "{}[0] is 1j (complex); " + NUMBERS),
    (np.array([1, 2], object), TypeError, "{} holds objects (dtype object); " + NUMBERS + ", such as {}.astype(float)"),
    (np.array([True, 0.5], object), TypeError, "{} holds objects (dtype object); " + NUMBERS),
    ([date(2020, 1, 1)], TypeError, "{}[0] is datetime.date(2020, 1, 1) (date); " + NUMBERS),
    (np.array(["2020-01-01"], "M8[D]"), TypeError, "{} holds dates (dtype datetime64[D]); " + NUMBERS),
    (np.array([5], "m8[s]"), TypeError, "{} holds time spans (dtype timedelta64[s]); " + NUMBERS),
    (RECORDS, TypeError, "{} holds records (dtype [('a', "),
    (Stubborn(), TypeError, "{} cannot be read as an array: use detach() first; " + NUMBERS),
    (NESTED, TypeError, "{} cannot be read as an array: "),
    # integers that int64 cannot hold
    ([2**63], ValueError, "{}[0] is 9223372036854775808; " + FITTING),
    ([0, -(2**63) - 1], ValueError, "{}[1] is -9223372036854775809; " + FITTING),
    (np.array([[1, 2**64 - 1]], "u8"), ValueError, "{}[0, 1] is 18446744073709551615; " + FITTING),
    ([2**63, -1], ValueError, "{}[0] is 9223372036854775808; " + FITTING),
    ([[-1], [2**63]], ValueError, "{}[1, 0] is 9223372036854775808; " + FITTING),
    ([np.uint64(2**63), np.int64(-1)], ValueError, "{}[0] is 9223372036854775808; " + FITTING),
    ([1, 10**30], ValueError, f"{{}}[1] is {10**30}; " + FITTING),
    ([10**30, 0.5], ValueError, f"{{}}[0] is {10**30}; " + FITTING),
    (BEYOND, ValueError, f"{{}}[1] is {10**30}; " + FITTING),
    ([10**400, 0.5], ValueError, "{}[0] is an integer of 1329 bits; " + FITTING),
    ([10**5000], ValueError, "{}[0] is an integer of 16610 bits; " + FITTING),
    (2**70, ValueError, f"{{}} is {2**70}; " + FITTING),
]


def written(message, name):
    return re.escape(message.format(name, name))


@pytest.mark.parametrize(("value", "error", "message"), FAULTS, ids=[message[:40] for *_, message in FAULTS])
@pytest.mark.parametrize("operation", [correlate, convolve])
def test_each_fault_is_named(value, error, message, operation):
    with pytest.raises(error, match=written(message, "x")):
        operation(value, [1, 2], "same")
    with pytest.raises(error, match=written(message, "w")):
        operation([1, 2], value, "same")


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="long doubles are doubles on this machine")
def test_a_long_double_beyond_float64_is_named():
    with pytest.raises(ValueError, match=r"x\[0\] is 1e\+4000; accepted: finite numbers up to 1\.8e308"):
        as_numbers("x", np.array(["1e4000"], np.longdouble))


@pytest.mark.parametrize(
    ("x", "w", "message"),
    [
        ([1, 2], [[1]], "w has 2 dimensions (shape (1, 1)) but x has 1 (shape (2,)); accepted: the same number in w"),
        ([[1, 2]], [1], "w has 1 dimensions (shape (1,)) but x has 2 (shape (1, 2)); accepted: the same number in w"),
    ],
)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_mismatched_dimensions_are_named(x, w, message, mode):
    with pytest.raises(ValueError, match=re.escape(message)):
        correlate(x, w, mode)


@pytest.mark.parametrize(
    ("x_shape", "w_shape"), [((2,), (3,)), ((2, 9), (3, 3)), ((9, 2), (3, 3)), ((2, 2), (3, 3)), ((4, 1), (1, 2))]
)
@pytest.mark.parametrize("operation", [correlate, convolve])
def test_a_kernel_larger_than_the_input_has_no_valid_window(x_shape, w_shape, operation):
    x, w = np.ones(x_shape), np.ones(w_shape)
    message = f"w has shape {w_shape}, larger than x's {x_shape}, so that no window fits; accepted: a kernel no larger"
    with pytest.raises(ValueError, match=re.escape(message)):
        operation(x, w, "valid")
    assert operation(x, w, "same").output.shape == x_shape
    assert operation(x, x, "valid").output.shape == (1,) * x.ndim


@pytest.mark.parametrize("mode", ["Valid", "circular", "", None, 3, b"same", np.array(["same"]), ["same"], {"same": 1}])
@pytest.mark.parametrize("operation", [correlate, convolve])
def test_an_unknown_mode_is_named(mode, operation):
    with pytest.raises(ValueError, match=re.escape(f"mode is {mode!r}; accepted: 'full', 'same' or 'valid'")):
        operation([1, 2], [1], mode)


def test_text_of_numpy_is_a_mode_too():
    assert correlate([1, 2], [1, 1], np.str_("full")).output.tolist() == [1, 3, 2]


def test_integer_overflow_is_named():
    message = (
        "x and w are too large: the output at [1, 0] would be 9223372036854775808, which does not fit int64; "
        "accepted: results from -9223372036854775808 to 9223372036854775807, or floats"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        correlate([[1, 1], [2**62, 2**62]], [[1, 1]])


def test_faults_are_found_before_any_work():
    huge = np.broadcast_to(np.float64(1), (10**9, 10**6))  # no memory holds what this would be worked out to
    for x, w in ((5, huge), (huge[:2], "text"), (np.ones(10**6), np.ones((1, 1)))):
        with pytest.raises((ValueError, TypeError)):
            correlate(x, w)


@given(st.sampled_from(INTEGERS), st.data())
def test_integers_of_every_width_become_int64(dtype, data):
    limits = (0, 1) if dtype == "bool" else (np.iinfo(dtype).min, min(np.iinfo(dtype).max, 2**63 - 1))
    values = data.draw(st.lists(st.integers(*map(int, limits)), min_size=1, max_size=3))
    numbers = as_numbers("x", np.array(values, dtype))
    assert numbers.dtype == np.int64
    assert numbers.tolist() == values


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=16), min_size=1, max_size=3))
def test_floats_of_every_width_become_float64(values):
    for dtype in ("float16", "float32", "float64", "longdouble", ">f2", ">f8"):
        numbers = as_numbers("x", np.array(values, dtype))
        assert numbers.dtype == np.float64
        assert numbers.dtype.isnative
        assert numbers.tolist() == values


def test_large_floats_in_a_list_are_floats():
    assert as_numbers("x", [1e300, -1.0]).tolist() == [1e300, -1.0]
    assert as_numbers("x", [2.0**63, -1]).tolist() == [2.0**63, -1.0]
    assert as_numbers("x", [2**63 - 1, -(2**63)]).tolist() == [2**63 - 1, -(2**63)]


def test_other_dimensions_can_be_asked_for():
    assert as_numbers("x", np.ones((1, 2, 3)), dimensions=(3, 4)).shape == (1, 2, 3)
    with pytest.raises(ValueError, match=r"x has 1 dimensions \(shape \(1,\)\); accepted: 3 or 4"):
        as_numbers("x", [1], dimensions=(3, 4))


class Tensor:
    """What a tensor of PyTorch has that NumPy cannot read: one with gradients, or of bfloat16."""

    def __init__(self, numbers):
        self.numbers = np.asarray(numbers, dtype=float)

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    def detach(self):
        return self

    cpu = detach

    def is_floating_point(self):
        return True

    def double(self):
        return self.numbers


@pytest.mark.parametrize(
    "form", [Tensor, lambda rows: [Tensor(row) for row in rows], lambda rows: (Tensor(rows[0]), rows[1])]
)
def test_tensors_are_read_without_their_gradients(form):
    numbers = as_numbers("x", form([[1.5, 2], [3, 4]]))
    assert numbers.tolist() == [[1.5, 2], [3, 4]]


def test_tensors_go_in_wherever_arrays_go():
    x, w = Tensor([1.0, 2.0, 3.0]), Tensor([1.0, -1.0])
    assert correlate(x, w).output.tolist() == [-1, -1]
    assert convolve([1, 2, 3], w, "valid").output.tolist() == [1, 1]


def test_narrow_numbers_of_other_libraries_are_read():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    floats = as_numbers("x", np.array([0.5, -3], ml_dtypes.bfloat16))
    assert (floats.dtype, floats.tolist()) == (np.float64, [0.5, -3])
    integers = as_numbers("x", np.array([7, -8], ml_dtypes.int4))
    assert (integers.dtype, integers.tolist()) == (np.int64, [7, -8])
    with pytest.raises(ValueError, match=r"x\[1\] is nan; accepted: finite numbers"):
        as_numbers("x", np.array([0, np.nan], ml_dtypes.bfloat16))


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean", "Int8"])
def test_nullable_columns_of_pandas_are_read(dtype):
    pandas = pytest.importorskip("pandas")
    column = pandas.array([1, 0], dtype=dtype)
    for value in (column, pandas.Series(column)):
        assert as_numbers("x", value).tolist() == [1, 0]
    table = pandas.DataFrame({"a": column, "b": pandas.array([0.5, 2], dtype="Float64")})
    assert as_numbers("x", table).tolist() == [[1, 0.5], [0, 2]]
    column[1] = None
    with pytest.raises((TypeError, ValueError), match=r"x\[1\] is (<NA>|nan)"):
        as_numbers("x", column)


def test_one_dimension_too_many_may_be_a_batch():
    with pytest.raises(
        ValueError, match=r"x has 3 dimensions \(shape \(2, 5, 5\)\); accepted: 1 or 2, such as x\[0\]$"
    ):
        as_numbers("x", np.ones((2, 5, 5)))
    with pytest.raises(ValueError, match=r"accepted: 1 or 2$"):
        as_numbers("x", np.ones((1, 2, 5, 5)))
