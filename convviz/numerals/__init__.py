"""How numbers are written, and how what a person typed is read.

A number is written exactly where that is short, and with a ≈ where it had to be rounded. Results are written so that
they never disagree with the numbers beside them.
"""

from convviz.numerals.agreement import Result, enough_digits, equal_to, fraction, read_back, result_of
from convviz.numerals.complex_number import complex_numeral
from convviz.numerals.number import decimal_numeral, numeral, rounding, settle, settled, typed
from convviz.numerals.products import WrittenProducts, write_products
from convviz.numerals.reading import read_number
from convviz.numerals.sums import sum_of_products, write_sum
from convviz.numerals.written_sum import MOST_TERMS, Part, Then, Token, WrittenSum

__all__ = [
    "MOST_TERMS",
    "Part",
    "Result",
    "Then",
    "Token",
    "WrittenProducts",
    "WrittenSum",
    "complex_numeral",
    "decimal_numeral",
    "enough_digits",
    "equal_to",
    "fraction",
    "numeral",
    "read_back",
    "read_number",
    "result_of",
    "rounding",
    "settle",
    "settled",
    "sum_of_products",
    "typed",
    "write_products",
    "write_sum",
]
