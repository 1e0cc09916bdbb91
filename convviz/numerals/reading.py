"""Read a number that a person typed."""

import re
from math import isinf

_LONGEST = 40
"""Characters: more than any number that the core can hold needs."""
_SUCH_AS = "type one such as 3, -1, 0.5 or 1/9"
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d+) */ *(\d+)", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)


def read_number(text: str) -> int | float:
    """Read a number that a person typed: an integer, a decimal or a fraction.

    Parameters
    ----------
    text : str
        At most 40 characters; the minus may be a hyphen or the sign itself.

    Returns
    -------
    int or float
        An integer where one was typed, however long; otherwise the float nearest to what was typed.

    Raises
    ------
    ValueError
        If the text is no number, or one that no float can hold. The message says what to type instead.

    Examples
    --------
    >>> read_number("3"), read_number("−0.5"), read_number("1/4")
    (3, -0.5, 0.25)
    >>> read_number("1,5")
    Traceback (most recent call last):
    ValueError: “1,5” is no number; write 1.5 with a point
    """
    plain = text.strip().replace("−", "-")
    if not plain:
        raise ValueError(f"nothing is typed; {_SUCH_AS}")
    if len(plain) > _LONGEST:
        raise ValueError(f"“{plain[:12]}…” has {len(plain)} characters; accepted: at most {_LONGEST}")
    if _INTEGER.fullmatch(plain):
        return int(plain)
    if fraction := _FRACTION.fullmatch(plain):
        return _divide(plain, *map(int, fraction.groups()))
    if _DECIMAL.fullmatch(plain):
        return _as_float(plain)
    if _WITH_COMMA.fullmatch(plain):
        raise ValueError(f"“{plain}” is no number; write {plain.replace(',', '.')} with a point")
    raise ValueError(f"“{plain}” is no number; {_SUCH_AS}")


def _divide(plain: str, numerator: int, denominator: int) -> float:
    if denominator == 0:
        raise ValueError(f"“{plain}” divides by zero; {_SUCH_AS}")
    return numerator / denominator


def _as_float(plain: str) -> float:
    number = float(plain)
    if isinf(number):
        raise ValueError(f"“{plain}” is too large; accepted: numbers up to 1.8e308")
    if number == 0 and re.search("[1-9]", plain.lower().partition("e")[0]):
        raise ValueError(f"“{plain}” is too close to zero; accepted: 0, and numbers from 5e-324")
    return number
