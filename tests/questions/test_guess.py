"""A guess counts as a value if it is that value, or that value with fewer decimals."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz.numerals import typed
from convviz.questions import Mistake, Question

floats = st.floats(-1e6, 1e6).filter(lambda value: not value.is_integer())


def question(truth, *mistakes):
    return Question(subject=0, prompt="", truth=truth, mistakes=lambda: mistakes, explanation="Why.", hint="How.")


def verdict(truth, text):
    return question(truth).judge(text).verdict


@pytest.mark.parametrize(
    ("truth", "right", "wrong", "unclear"),
    [
        (12, ["12", " 12 ", "+12", "12.0", "24/2", "1.2e1"], ["11", "12.1", "-12", "11.9999999999", "0"], ["twelve"]),
        (7 / 9, ["7/9", "0.78", ".78", "0.778", "0.7778", "14/18"], ["0.77", "0.79", "7/8", "0.7", "0"], ["0.8", "1"]),
        (-7 / 9, ["−7/9", "-0.78", "−.78"], ["0.78", "-0.77"], ["-0.8", "-1"]),
        (0.5, ["0.5", ".5", "1/2", "0.50", "5e-1"], ["0.6", "0.51", "5"], []),
        (12.34, ["12.34", "12.3", "12.340"], ["12.4", "12.35", "13"], ["12", "1.2e1", "1e1"]),
        (9.5, ["9.5", "9.50", "19/2"], ["8", "11", "95"], ["9", "10"]),
        (0.0625, ["0.063", "0.062", "1/16", "6.3e-2"], ["0.061", "0.07", "0"], ["0.06"]),
        (1234.5678, ["1234.6", "1234.57"], ["1234.5", "1234"], ["1235", "1.23e3"]),
        (4.5397868702434395e-05, ["4.54e-5", "0.000045"], ["0", "0.0000", "4.6e-5"], ["5e-5"]),
        (0.1 + 0.2 - 0.3, ["0", "0.0", "5.55e-17"], ["0.1"], ["", " "]),
        (0.1 + 0.2, ["0.3", "3/10", "0.30"], ["0.31"], []),
        (2**60 + 1, [str(2**60 + 1)], [str(2**60), "1.152921504606847e18"], []),
        (0.5, [], [str(10**39)], ["9" * 41, "1e999", "1,5", "1/0"]),
    ],
)
def test_guesses(truth, right, wrong, unclear):
    for texts, expected in ((right, "right"), (wrong, "wrong"), (unclear, "unclear")):
        assert {text: verdict(truth, text) for text in texts} == dict.fromkeys(texts, expected)


@given(floats, st.integers(1, 8), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_a_guess_rounded_to_its_decimals_counts(truth, decimals, way):
    rounded = Decimal(truth).quantize(Decimal(10) ** -decimals, way)
    digits = len(rounded.as_tuple().digits) if rounded else 0
    assume(abs(truth) > 1e-9)
    is_equal = float(rounded) == truth
    expected = "right" if digits > 1 or is_equal else "unclear" if digits else "wrong"
    assert verdict(truth, f"{rounded:f}") == expected


@given(floats, st.integers(1, 4), st.sampled_from([-2, -1, 1, 2]))
def test_a_guess_off_by_a_unit_does_not(truth, decimals, units):
    rounded = Decimal(truth).quantize(Decimal(10) ** -decimals)
    other = rounded + units * Decimal(10) ** -decimals
    tie = abs(abs(Decimal(truth) - other) - Decimal(10) ** -decimals / 2) < Decimal("1e-9")
    assume(not tie)
    assert verdict(truth, f"{other:f}") == "wrong"


@given(st.integers(-(2**70), 2**70), st.integers(-3, 3))
def test_integers_are_right_exactly(truth, off):
    assert verdict(truth, str(truth + off)) == ("right" if off == 0 else "wrong")


@given(st.floats(allow_nan=False, allow_infinity=False), st.text("0123456789+-.e/ ", max_size=12))
def test_any_text_is_judged(truth, text):
    judgement = question(truth).judge(text)
    assert judgement.text.endswith(".")
    assert judgement.verdict in {"right", "wrong", "unclear"}
    assert verdict(truth, typed(truth)) == "right"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7", "Right! Why."),
        ("8", "Not yet. How."),
        ("12", "Not yet. 12 is three times four. 12 is also a dozen; the point was left out."),
        ("3.14", "Not yet. 3.14 is, rounded, pi."),
        ("3.1", "Not yet. 3.1 is what comes to mind."),
        ("3", "Not yet. How."),
        ("", "Nothing is typed; type one such as 3, -1, 0.5 or 1/9."),
        ("x", "“x” is no number; type one such as 3, -1, 0.5 or 1/9."),
    ],
)
def test_what_is_said(text, said):
    mistakes = [
        Mistake(7, "never heard of"),
        Mistake(12, "a dozen", ("the point",)),
        Mistake(12, "three times four"),
        Mistake(12, "too many", ("this", "that")),
        Mistake(3.141592653589793, "pi"),
        Mistake(3.1, "what comes to mind"),
        Mistake(float("inf"), "endless"),
    ]
    assert question(7, *mistakes).judge(text).text == said


def test_a_float_that_is_the_integer_asked_for_is_no_mistake():
    assert question(12, Mistake(12.0, "the mean")).judge("11.99999999999999").text == "Not yet. How."


def test_a_guess_that_is_rounded_too_far_is_not_called_wrong():
    judgement = question(7 / 9).judge("0.8")
    assert (judgement.verdict, judgement.correct) == ("unclear", False)
    assert judgement.text == "0.8 is rounded too far. Type more decimals, or a fraction such as 1/4."
    assert question(7 / 9, Mistake(0.8, "four fifths")).judge("0.8").text == "Not yet. 0.8 is four fifths."
