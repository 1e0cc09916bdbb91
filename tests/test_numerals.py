"""Numbers as they are written: a reader who adds up what is shown must get what is shown."""

import re
from fractions import Fraction
from math import nextafter

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from convviz.numerals import (
    Then,
    decimal_numeral,
    numeral,
    rounding,
    settled,
    sum_of_products,
    write_products,
    write_sum,
)
from tests.sentences import half_a_unit

finite = st.floats(allow_nan=False, allow_infinity=False)
short = st.decimals(-1000, 1000, places=2).map(float)
fractions = st.builds(lambda a, b: a / b, st.integers(-200, 200), st.integers(1, 64))
noisy = st.builds(lambda a, b: a + b, fractions, short)
pictured = short | fractions | noisy | st.floats(-300, 300)
terms = st.lists(st.tuples(pictured, pictured), min_size=1, max_size=9)
LAST_BITS = 2.0**-49
"""Eight of a float's last bits, as a part of it."""
TERM = re.compile(r"(\([^)]*\)|[^ ()]+)×(\([^)]*\)|[^ ()]+)")


def read(text):
    """Read a written number: exactly what it says."""
    return Fraction(text.strip("()≈"))


def as_float(text):
    """Read a written number as a computer would."""
    numerator, _, denominator = text.partition("/")
    return float(numerator) / float(denominator or 1)


def taken_apart(text):
    """Split a written sum into what its terms add up to, its sign, its total, and what is remarked."""
    left, sign, right = re.fullmatch(r"(.*) ([=≈]) (.*)", text).groups()
    total, _, remark = right.partition(" ")
    found = TERM.findall(left)
    assert " + ".join(f"{a}×{b}" for a, b in found) == left
    return sum(read(a) * read(b) for a, b in found), sign, total, remark


# --- one number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (True, "1"),
        (np.bool_(False), "0"),
        (np.int8(-5), "-5"),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (-(2**70), "-1180591620717411303424"),
        (3.0, "3"),
        (np.float32(0.5), "0.5"),
        (1234567.0, "1234567"),
        (123456789.0, "123456789"),
        (1e16, "1e+16"),
        (1e300, "1e+300"),
        (1e-300, "1e-300"),
        (-1e-05, "-1e-05"),
        (0.1, "0.1"),
        (1 / 3, "1/3"),
        (-2 / 7, "-2/7"),
        (1 / 64, "0.015625"),
        (5 / 63, "5/63"),
        (1 / 65, "≈0.0154"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 1.1, "1.21"),
        (nextafter(1 / 3, 1), "1/3"),
        (1 / 3 + 1e-14, "≈0.333"),
        (3 - 1e-15, "3"),
        (3 - 1e-14, "≈3"),
        (1e15 + 1, "1000000000000001"),
        (1e15 + 0.5, "≈1e+15"),
        (102.34567, "≈102"),
        (-1234.5678, "≈-1235"),
        (99.97654, "≈100"),
        (0.099999999, "≈0.1"),
        (1.23456789e9, "1234567890"),
        (123456789.25, "≈1.23e+08"),
        (2.0**60, "≈1.15e+18"),
        (1.23456789e300, "≈1.23e+300"),
        (1.23456789e-300, "≈1.23e-300"),
        (5e-324, "4.94066e-324"),
    ],
)
def test_numbers_as_they_should_be_written(value, text):
    assert numeral(value) == text


@given(st.integers() | st.integers(-(2**63), 2**63 - 1).map(np.int64))
def test_integers_are_written_exactly(value):
    assert int(numeral(value)) == value
    assert int(numeral(value, 1)) == value


@given(finite | pictured, st.integers(1, 17))
@example(0.1 + 0.2, 17)
@example(-1e16 - 2, 3)
def test_what_is_not_called_rounded_reads_back_as_the_same_float_up_to_its_last_bits(value, digits):
    text = numeral(value, digits)
    if "≈" not in text:
        assert abs(as_float(text) - value) <= (0 if value.is_integer() else LAST_BITS * abs(value))


@given(finite | pictured, st.integers(1, 17))
@example(999999.7, 2)
@example(99.97654, 2)
def test_what_is_called_rounded_is_off_by_no_more_than_its_digits_allow(value, digits):
    text = numeral(value, digits)
    if "≈" in text:
        assert text.startswith("≈")
        assert read(text) != Fraction(value)
        assert abs(read(text) - Fraction(value)) <= Fraction(10) ** -digits * 5 * abs(Fraction(value))


@given(finite, st.integers(1, 3))
def test_numerals_are_short(value, digits):
    assert len(numeral(value, digits)) <= 17
    if abs(value) < 1e6:
        assert len(numeral(value, digits)) <= 13


@given(st.floats(-999, 999), st.integers(0, 4))
def test_decimals_are_as_many_as_are_asked_for_or_exact(value, decimals):
    text = decimal_numeral(value, decimals)
    places = len(text.partition(".")[2])
    if text.startswith("≈"):
        assert places <= decimals
        assert abs(Fraction(text[1:]) - Fraction(value)) <= Fraction(1, 2 * 10**decimals)
    else:
        assert places <= decimals + 1
        assert float(text) == pytest.approx(value, rel=1e-12, abs=0)
    assert "-0" not in (text, text[1:])


@given(st.floats(1000, 1e300))
def test_large_numbers_have_no_decimals_of_their_own(value):
    assert decimal_numeral(value, 2) == numeral(value, 3)


@given(st.integers(-500, 500), st.integers(1, 64))
def test_fractions_are_written_exactly(numerator, denominator):
    assert read(numeral(numerator / denominator)) == pytest.approx(Fraction(numerator, denominator), abs=1e-15)
    assert "≈" not in numeral(numerator / denominator)


# --- the same number is written one way


@given(st.integers(-500, 500), st.integers(1, 64), st.integers(-8, 8))
@example(6, 9, 3)
def test_floats_that_differ_in_their_last_bits_are_written_alike(numerator, denominator, bits):
    value = numerator / denominator
    assume(value)
    moved = value + bits * (nextafter(abs(value), np.inf) - abs(value)) / 2
    assert numeral(moved) == numeral(value)
    assert "≈" not in numeral(moved)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 64)), min_size=1, max_size=12), st.randoms())
@example([(1, 9)] * 6, None)
def test_a_sum_is_written_alike_in_whatever_order_it_was_added_up(ratios, random):
    numbers = [Fraction(*ratio) for ratio in ratios]
    exact = sum(numbers)
    if random:
        random.shuffle(numbers)
    added = 0.0
    for number in numbers:
        added += float(number)
    written = write_sum(map(float, numbers), [1] * len(numbers), added)
    assert written.total == write_sum([float(exact)], [1], float(exact)).total
    assert settled(added, rounding(len(numbers), float(sum(map(abs, numbers))))) == pytest.approx(
        float(exact), abs=1e-13
    )
    if exact == 0:
        assert written.total == "0"


@given(pictured, st.floats(0, 1e-9))
def test_a_settled_number_is_a_short_one_or_the_very_same(value, within):
    found = settled(value, within)
    assert abs(found - value) <= max(within, LAST_BITS * abs(value))
    assert found == value or "≈" not in numeral(found)
    assert settled(found, 0) == found


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30))
def test_rounding_moves_a_sum_no_further_than_is_said(numbers):
    added = 0.0
    for number in numbers:
        added += number
    assert abs(Fraction(added) - sum(map(Fraction, numbers))) <= rounding(len(numbers), sum(map(abs, numbers)))


@pytest.mark.parametrize("value", [3, np.int64(2**62), True])
def test_integers_are_settled(value):
    assert settled(value, 10.0) is value


def test_where_numbers_are_too_large_to_add_up_nothing_is_settled():
    assert settled(0.123456789, np.inf) == 0.123456789


# --- sums


def check(a, b, value):
    """Check that the reader's sum is the written one, and that = is written only where it is true."""
    text = sum_of_products(a, b, value)
    added, sign, total, remark = taken_apart(text)
    moved = float(np.abs(a) @ np.abs(b))
    if remark:
        assert remark == "(floating-point rounding)"
        assert sign == "≈"
    else:
        assert abs(added - read(total)) <= half_a_unit(total), text
    if sign == "=":
        assert added == read(total), text
        assert abs(as_float(total) - value) <= (len(a) + 8) * 2.0**-52 * max(abs(value), moved), text
    slack = Fraction((len(a) + 8) * 2.0**-52 * moved) if np.isfinite(moved) else 0
    assert abs(read(total) - Fraction(value)) <= abs(Fraction(value)) * Fraction("5.0001e-4") + slack, text
    return text


@given(terms)
@example([(0.1, 1.0), (0.2, 1.0)])
@example([(1 / 3, 3.0)])
@example([(1 / 9, 1.0)] * 9)
@example([(2 / 3 - 1e-16, 1.0)])
@example([(2**0.5, 2**0.5)])
def test_the_written_terms_add_up_to_the_written_sum(pairs):
    a, b = zip(*pairs, strict=True)
    check(a, b, float(np.dot(a, b)))


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=6))
@example([(1e300, 1.0), (1e-300, 1.0)])
@example([(1e16, 1.0), (1.0, 1.0), (-1e16, 1.0)])
@example([(-0.0, 1.0)])
def test_so_they_do_at_any_scale(pairs):
    a, b = zip(*pairs, strict=True)
    with np.errstate(over="ignore", invalid="ignore"):
        value = float(np.dot(a, b))
    assume(np.isfinite(value))
    check(a, b, value)


@given(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(-9, 9)), min_size=1, max_size=9))
def test_sums_of_integers_are_exact(pairs):
    a, b = zip(*pairs, strict=True)
    total = sum(x * y for x, y in pairs)
    added, sign, written, remark = taken_apart(sum_of_products(a, b, total))
    assert (added, sign, int(written), remark) == (total, "=", total, "")


@given(terms)
@example([(0.01, 1.9453305229231938e-174), (1.13, 1.25)])
def test_only_where_terms_cancel_can_rounding_show(pairs):
    a, b = np.abs(np.array(pairs)).T
    value = float(np.dot(a, b))
    assume(value > 1e-300)  # below, floats have fewer digits
    assert "floating-point" not in sum_of_products(a, b, value)


@pytest.mark.parametrize(
    ("a", "b", "value", "text"),
    [
        ([1, 2], [5, -6], -7, "1×5 + 2×(-6) = -7"),
        ([-1], [-1], 1, "(-1)×(-1) = 1"),
        ([0.5, -0.25], [1, 1], 0.25, "0.5×1 + (-0.25)×1 = 0.25"),
        ([1 / 3, -1 / 3], [1, 2], -1 / 3, "(1/3)×1 + (-1/3)×2 = -1/3"),
        ([5.0], [1 / 9], 5 / 9, "5×(1/9) = 5/9"),
        ([0.1, 0.2], [1, 1], 0.1 + 0.2, "0.1×1 + 0.2×1 = 0.3"),
        ([0.1, 0.2, -0.3], [1, 1, 1], 5.551115123125783e-17, "0.1×1 + 0.2×1 + (-0.3)×1 = 0"),
        ([1e16, 1, -1e16], [1.0, 1, 1], 0.0, "1e+16×1 + 1×1 + (-1e+16)×1 ≈ 0 (floating-point rounding)"),
        ([1e300, 1e-300], [1.0, 1.0], 1e300, "1e+300×1 + 1e-300×1 ≈ 1e+300"),
        ([-0.0], [1.0], -0.0, "0×1 = 0"),
        ([1.2345678, 2.3434567], [1.0, 1.0], 3.5780245, "1.235×1 + 2.343×1 ≈ 3.578"),
        ([1e-05], [2.0], 2e-05, "1e-05×2 = 2e-05"),
    ],
)
def test_sums_as_they_should_be_written(a, b, value, text):
    assert sum_of_products(a, b, value).startswith(text)


def test_negative_numbers_and_fractions_stand_in_brackets():
    assert re.findall(r"\([^)]*\)", sum_of_products([-1, 2.5, 1 / 3], [1e-05, -2.5, 1.0], 0.0)) == [
        "(-1)",
        "(-2.5)",
        "(1/3)",
        "(floating-point rounding)",
    ]


def test_as_many_in_the_one_as_in_the_other():
    with pytest.raises(ValueError, match="b has 1 numbers, but a has 2; accepted: as many in b as in a"):
        sum_of_products([1, 2], [1], 3)


@pytest.mark.parametrize(
    ("count", "left_out"),
    [(1, None), (25, None), (26, 2), (27, 3), (121, 97)],
)
def test_of_long_sums_the_middle_is_counted(count, left_out):
    text = sum_of_products(range(count), [1] * count, sum(range(count)))
    assert text.endswith(f" = {sum(range(count))}")
    numbers = [int(a) for a, _ in TERM.findall(text)]
    if left_out is None:
        assert numbers == list(range(count))
    else:
        assert numbers == [*range(12), *range(count - 12, count)]
        assert f"11×1 + … {left_out} more … + {count - 12}×1 + " in text


@pytest.mark.parametrize(
    ("most", "text"),
    [
        (4, "1×1 + 2×1 + 3×1 + 4×1 = 10"),
        (3, "1×1 + … 2 more … + 4×1 = 10"),
        (2, "1×1 + … 2 more … + 4×1 = 10"),
        (1, "4 products = 10"),
        (0, "4 products = 10"),
    ],
)
def test_how_many_terms_are_written_can_be_chosen(most, text):
    written = write_sum([1, 2, 3, 4], [1, 1, 1, 1], 10)
    assert "".join(text for text, _ in written.tokens(most)) == text


def test_of_a_long_sum_only_what_is_written_is_kept():
    numbers = np.sqrt(np.arange(25_088))
    written = write_sum(numbers, numbers, float(numbers @ numbers), bias=0.5)
    assert (len(written.factors), written.left_out) == (25, 25_088 - 24)
    assert written.factors[-1] == ("0.5",)
    assert f"… {25_088 - 23} more …" in str(written)


@given(terms, st.sampled_from([np.tanh, np.floor, np.exp, lambda z: 1 / (1 + np.exp(-z))]))
@example([(1.2685123, -10.0)], lambda z: 1 / (1 + np.exp(-z)))
@example([(0.1, 10.0), (0.2, 10.0)], np.floor)
@example([(0.1, 3.0), (-0.3, 1.0), (1e-16, 1.0)], np.sign)
def test_a_sum_is_written_so_that_it_gives_what_follows_from_it(pairs, function):
    a, b = zip(*pairs, strict=True)
    total = float(np.dot(a, b))
    assume(abs(total) < 300)
    value = float(function(total))
    written = write_sum(a, b, total, then=Then(value=value, compute=function))
    sign, text = written.result.split(" ")
    computed = float(function(as_float(written.total)))
    if sign == "=":
        assert computed == pytest.approx(as_float(text), rel=1e-13, abs=1e-300)
    else:
        assert "/" not in text
        assert abs(Fraction(computed) - read(text)) <= half_a_unit(text)


def test_a_sum_gets_the_digits_that_its_activation_needs():
    then = Then(value=1 / (1 + np.exp(12.685123)), compute=lambda z: 1 / (1 + np.exp(-z)))
    written = write_sum([1.2685123], [-10.0], -12.685123, then=then)
    assert (str(written), written.result) == ("1.2685×(-10) ≈ -12.685", "≈ 3.097e-06")


def test_a_fraction_stands_only_where_the_terms_give_it():
    rounded = write_sum([2.0, 1.0], [98 / 225, 332 / 51 - 196 / 225], 332 / 51)
    assert (rounded.sign, rounded.total) == ("≈", "6.51")
    assert write_sum([1.0, 1.0], [1 / 3, 1 / 3], 2 / 3).total == "2/3"
    assert write_sum([1.0, 1.0], [1 / 3, 1 / 3], 2 / 3, decimal=True).total == "0.6667"


@given(pictured, st.lists(pictured, min_size=1, max_size=9))
@example(0.11832, [2.0564])
def test_written_products_are_those_of_the_written_factors(factor, numbers):
    assume(all(abs(factor * number) > 1e-300 or not factor * number for number in numbers))
    assume(all(factor * number or not factor or not number for number in numbers))
    written = write_products(factor, (numbers, [factor * number for number in numbers]))
    listed, products = (each.strip("()").split(", ") for each in written.lists[0].split(" = "))
    for number, product in zip(listed, products, strict=True):
        computed = read(written.factor) * read(number)
        slack = half_a_unit(product) if "≈" in written.factor + number + product else abs(computed) / 10**13
        assert abs(computed - read(product)) <= slack, written


def test_a_long_sum_of_floats_claims_no_equality_that_does_not_hold():
    a = np.linspace(0, 1, 40)
    assert " ≈ " in sum_of_products(a, a, float(a @ a))
    assert " = " in sum_of_products(np.ones(40), np.full(40, 0.5), 20.0)


@given(terms)
def test_pieces_know_what_they_are(pairs):
    a, b = zip(*pairs, strict=True)
    value = float(np.dot(a, b))
    tokens = write_sum(a, b, value).tokens()
    assert "".join(text for text, _ in tokens) == sum_of_products(a, b, value)
    found = TERM.findall(sum_of_products(a, b, value))
    assert [text for text, part in tokens if part == "a"] == [x for x, _ in found]
    assert [text for text, part in tokens if part == "b"] == [y for _, y in found]
    assert [part for _, part in tokens].count("sum") == 1
