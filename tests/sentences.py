"""Read sentences as a person with a pocket calculator does, and compute again what they say."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import isclose
from typing import Any

import numpy as np
from scipy.special import expit

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:/\d+)?")
REMARK = " (floating-point rounding)"
LAST_BITS = 1e-13
TIE = 1 + Fraction(1, 10**6)
"""Floats a hair's breadth from the middle between two written numbers may round to the other one."""
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "relu": lambda z: max(z, 0),
    "sigmoid": lambda z: float(expit(float(z))),
    "tanh": lambda z: float(np.tanh(float(z))),
}


def value_of(text: str, functions: Mapping[str, Callable[..., Any]] = FUNCTIONS) -> Any:
    """Compute what is written: exactly, but for functions whose values are floats."""
    plain = re.sub(r" from channel \d+", "", text.replace("≈", "").replace("bias ", ""))
    code = NUMBER.sub(lambda found: f"N('{found[0]}')", plain).replace("×", "*")
    return eval(code, {"__builtins__": {}, "N": Fraction, "max": max, **functions})


def parts(pattern: str, text: str) -> tuple[str, ...]:
    """Take a text apart that has to be of a pattern."""
    found = re.fullmatch(pattern, text)
    assert found, text
    return found.groups()


def half_a_unit(text: str) -> Fraction:
    """Return half a unit of the last digit shown; a fraction has no last digit, but stands for itself."""
    plain = text.strip("()≈")
    return Fraction(0) if "/" in plain else Fraction(10) ** int(Decimal(plain).as_tuple().exponent) / 2 * TIE


def is_rounded(*texts: str) -> bool:
    """Whether one of the numbers is said to be rounded."""
    return any("≈" in text for text in texts)


def check_equal(computed: Any, sign: str, shown: str, where: str) -> None:
    """Check that what a reader computes is what is shown: exactly after =, to the last digit after ≈."""
    written = Fraction(shown.strip("()≈"))
    if sign == "=":
        assert computed == written or isclose(computed, written, rel_tol=LAST_BITS), where
    else:
        assert "/" not in shown, (where, "a fraction that is not what the numbers give")
        assert abs(Fraction(computed) - written) <= half_a_unit(shown), where


def check_sum(terms: str, sign: str, total: str, where: str) -> None:
    """Check a sum of products, unless some of its terms are left out, or rounding is said to have moved it."""
    if "…" in terms or where.endswith(REMARK) or REMARK in where:
        return
    check_equal(value_of(terms), sign, total, where)


def check_equation(text: str) -> None:
    """Check ``terms = total``."""
    terms, sign, total = parts(r"(.*?) ([=≈]) (\S+)", text.removesuffix(REMARK))
    check_sum(terms, sign, total, text)


def check_products(factor: str, numbers: str, products: str) -> None:
    """Check ``factor × (numbers) = (products)``, in which each rounded number has a ≈ of its own."""
    others, made = (each.split(", ") for each in (numbers, products))
    assert len(others) == len(made)
    for other, product in zip(others, made, strict=True):
        where = f"{factor} × {other} = {product}"
        computed = value_of(factor) * value_of(other)
        check_equal(computed, "≈" if is_rounded(factor, other, product) else "=", product, where)


def check_layer(sentence: str, functions: Mapping[str, Callable[..., Any]] = FUNCTIONS) -> None:
    """Check ``Output […] = terms = total``, and what a function makes of the total."""
    [text] = parts(r"Output \[.*?\] = (.*?)\.(?: The same products: .*)?", sentence)
    names = "|".join(functions)
    found = re.fullmatch(rf"({names})\((.*)\) ([=≈]) \1\((\S+)\)((?: \(floating.*?\))?) ([=≈]) (\S+)", text)
    if not found:
        check_equation(text)
        return
    name, terms, sign, total, remark, last_sign, value = found.groups()
    check_sum(terms, sign, total, f"{terms} {sign} {total}{remark}")
    check_equal(functions[name](value_of(total)), last_sign, value, text)
    if "…" not in terms and not remark:
        check_equal(functions[name](value_of(terms)), "=" if sign == last_sign == "=" else "≈", value.strip("≈"), text)


def check_function(sentence: str, oracle: Callable[..., Any]) -> None:
    """Check ``Output […] = function(number, parameters) = value``, with the function as a person knows it."""
    numbers, sign, value = parts(r"Output \[.*?\] = \w+\((.*)\) ([=≈]) (\S+)\.", sentence)
    computed = oracle(*(value_of(each.split()[-1]) for each in numbers.split(", ")))
    check_equal(computed, sign, value, sentence)


def check_pool(sentence: str) -> None:
    """Check ``Output […] = max(numbers) = value``, or a mean, unless there are too many numbers to be written."""
    [text] = parts(r"Output \[.*?\] = (.*?)(?:, found .*|\.)", sentence)
    if re.search(r" of \d+ numbers ", text):
        return
    if not text.startswith("max"):
        check_equation(text)
        return
    numbers, sign, value = parts(r"max\((.*)\) ([=≈]) (\S+)", text)
    check_equal(max(map(value_of, numbers.split(", "))), sign, value, sentence)


def check_matrix_row(sentence: str, held: Any, first: bool) -> None:
    """Check ``Row … is factor × the input (numbers), but 0 where no weight stands: (products)``, and what it starts."""
    factor, numbers, row, totals = parts(
        r"Row \d+ of ∂L/∂W is (\S+) × the input \((.*?)\)(?:, but 0 where no weight stands)?: \((.*?)\)\."
        r"(?: Tied entries add up, so far to ∂L/∂w: \((.*)\)\.)?",
        sentence,
    )
    entries = list(zip(held, numbers.split(", "), row.split(", "), strict=True))
    assert all(product == "0" for is_held, _, product in entries if not is_held), sentence
    of_weights = [(number, product) for is_held, number, product in entries if is_held]
    check_products(factor, *(", ".join(each) for each in zip(*of_weights, strict=True)))
    if first and totals:
        for (_, product), total in zip(of_weights, totals.split(", "), strict=True):
            check_equal(value_of(product), "≈" if is_rounded(product, total) else "=", total, sentence)


def check_shapes(sentence: str, parameters: int, multiplications: Callable[..., int]) -> None:
    """Check ``name (Kind): shape → shape, … parameters, … MACs`` with a count of multiplications from the shapes."""
    before, after, learned, macs = parts(
        r"\S+ \(\w+\): (\S+) → ([^,]+?)(?:, (\S+) parameters?)?(?:, (\S+) MACs?)?\.(?: .*)?", sentence
    )
    shapes = ([int(size) for size in shape.split("×")] for shape in (before, after))
    assert int((learned or "0").replace("\u202f", "")) == parameters
    assert int((macs or "0").replace("\u202f", "")) == multiplications(*shapes)
