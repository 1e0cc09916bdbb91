"""Formulas in words, for screen readers."""

import re

_SAID = (
    (r"<sup>(.*?)</sup>", r" to the power of \1"),
    (r"Σ<sub>(\w+)</sub>", r" the sum over \1 of "),
    (r"<[^>]*>", ""),
    (r"∂L/∂(\w+)", r"the gradient of \1"),
    (r"\[([^\]]*)\]", r" at \1,"),
    (r"²", " squared"),
    (r"√", " the square root of "),
    (r" ?/ ?", " divided by "),
    (r" ?· ?", " times "),
    (r" \+ ", " plus "),
    (r" ?− ?", " minus "),
    (r" = ", " is "),
    (r" ← ", " becomes "),
    (r",(?= is\b| becomes\b|\)|$)", ""),
    (r" {2,}", " "),
)
"""What a screen reader says of each sign."""


def in_words(written: str) -> str:
    """Return what a screen reader says of a formula.

    Examples
    --------
    >>> in_words("y[j] = Σ<sub>v</sub> x[j + v] · w[v]")
    'y at j is the sum over v of x at j plus v, times w at v'
    """
    for pattern, said in _SAID:
        written = re.sub(pattern, said, written)
    return written.strip()
