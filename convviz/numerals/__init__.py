"""How numbers are written, and how what a person typed is read.

A number is written exactly where that is short, and with a ≈ where it had to be rounded. A sum is written so that it
never disagrees with the terms beside it.
"""

from convviz.numerals.complex_number import complex_numeral
from convviz.numerals.number import numeral, rounding, settle, settled, typed
from convviz.numerals.reading import read_number
from convviz.numerals.sums import Part, Token, WrittenSum, sum_of_products, write_sum

__all__ = [
    "Part",
    "Token",
    "WrittenSum",
    "complex_numeral",
    "numeral",
    "read_number",
    "rounding",
    "settle",
    "settled",
    "sum_of_products",
    "typed",
    "write_sum",
]
