"""What a person types is read exactly, or refused in words that say what to type instead."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.numerals import read_number, typed

finite = st.floats(allow_nan=False, allow_infinity=False)
ratios = st.builds(lambda a, b: a / b, st.integers(-200, 200), st.integers(1, 64))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" -1 ", -1),
        ("−7", -7),
        ("+4", 4),
        ("007", 7),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-2.50", -2.5),
        ("1/9", 1 / 9),
        ("−3 / 4", -0.75),
        ("6/3", 2.0),
        ("1e3", 1000.0),
        ("2.5E-1", 0.25),
        ("0e999", 0.0),
        ("1.7976931348623157e308", 1.7976931348623157e308),
    ],
)
def test_numbers_as_people_type_them(text, number):
    found = read_number(text)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is typed; type one such as 3, -1, 0.5 or 1/9"),
        ("   ", "nothing is typed"),
        ("seven", "“seven” is no number; type one such as"),
        ("1,5", "“1,5” is no number; write 1.5 with a point"),
        ("−,5", "“-,5” is no number; write -.5 with a point"),
        ("1,000,000", "“1,000,000” is no number; type one such as"),
        ("1/0", "“1/0” divides by zero"),
        ("1/-2", "“1/-2” is no number"),
        ("1.5/2", "“1.5/2” is no number"),
        ("nan", "“nan” is no number"),
        ("inf", "“inf” is no number"),
        ("1e999", "“1e999” is too large; accepted: numbers up to 1.8e308"),
        ("-1e999999999999999", "“-1e999999999999999” is too large"),
        ("1e-999", "“1e-999” is too close to zero"),
        ("1 2", "“1 2” is no number"),
        ("1_000", "“1_000” is no number"),
        ("٣", "“٣” is no number"),
        ("\uff11\uff12", "is no number"),
        ("½", "“½” is no number"),
        ("0x10", "“0x10” is no number"),
        ("1\n2", "is no number"),
        ("9" * 41, "“999999999999…” has 41 characters; accepted: at most 40"),
        ("<script>alert(1)</script>" * 99, "“<script>aler…” has 2475 characters"),
    ],
)
def test_what_is_no_number_is_named_with_what_to_type_instead(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read_number(text)


@given(st.text(max_size=60) | st.text("0123456789+-−/.,eE_ ", max_size=50))
def test_any_text_is_a_finite_number_or_refused_in_one_line(text):
    try:
        found, said = read_number(text), "a number; finite"
    except ValueError as error:
        found, said = 0, str(error)
    assert np.isfinite(float(found))
    assert ";" in said
    assert len(said) < 130


@given(st.integers(-(10**38), 10**38))
def test_integers_are_read_exactly(number):
    assert read_number(f" {number} ") == number
    assert read_number(str(number).replace("-", "−")) == number


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_fractions_are_the_nearest_float(numerator, denominator):
    assert read_number(f"{numerator}/{denominator}") == float(Fraction(numerator, denominator))


@given(
    finite | st.builds(lambda a, b: a / b, st.integers(-200, 200), st.integers(1, 64)) | st.integers(-(2**63), 2**63)
)
def test_what_is_written_as_typed_reads_back_as_the_very_same_number(value):
    assert read_number(typed(value)) == value
    assert len(typed(value)) <= 40


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (np.int64(-4), "-4"),
        (2.0, "2"),
        (-0.0, "0"),
        (-0.5, "-0.5"),
        (1 / 9, "1/9"),
        (-2 / 3, "-2/3"),
        (0.1 + 0.2, "0.30000000000000004"),
        (np.float32(0.1), "0.10000000149011612"),
        (1e300, "1e+300"),
    ],
)
def test_numbers_as_one_would_type_them(value, text):
    assert typed(value) == text
