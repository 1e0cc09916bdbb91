"""Arrays that are pasted: every way of writing one is read, and nothing else is."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convviz.lessons.reading import MOST_CELLS, MOST_CHARACTERS, read_array

SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, max_side=4)
WHOLE = arrays.arrays(np.int64, SHAPES, elements=st.integers(-(2**63), 2**63 - 1))
DECIMAL = arrays.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6, allow_subnormal=False))
TABLES = arrays.arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=st.integers(-99, 99))
WRITTEN = {
    "str": str,
    "repr": repr,
    "list": lambda array: str(array.tolist()),
    "lines": lambda array: str(array.tolist()).replace("], ", "],\n"),
    "tuples": lambda array: str(array.tolist()).replace("[", "(").replace("]", ",)"),
    "assigned": lambda array: f"kernel = np.{array!r}",
    "typed": lambda array: f"np.array({array.tolist()}, dtype=np.float64)",
    "tensor": lambda array: f"tensor({array.tolist()}, dtype=torch.float64, requires_grad=True)",
}


@given(WHOLE, st.sampled_from(list(WRITTEN)))
def test_whole_numbers_are_read_as_they_are_written(array, way):
    read = read_array(WRITTEN[way](array))
    assert read.dtype == np.int64
    assert np.array_equal(read, array)


@given(DECIMAL, st.sampled_from([way for way in WRITTEN if way not in ("str", "repr", "assigned")]))
def test_decimals_are_read_to_the_last_digit(array, way):
    assert np.array_equal(read_array(WRITTEN[way](array)), array)


def test_tensors_are_read_as_pytorch_prints_them():
    torch = pytest.importorskip("torch")
    weight = torch.arange(24.0).reshape(2, 3, 2, 2)
    assert np.array_equal(read_array(repr(weight)), weight.numpy())
    assert np.array_equal(read_array(repr(torch.nn.Parameter(weight)).split("\n", 1)[1]), weight.numpy())
    assert np.array_equal(read_array(repr(weight.requires_grad_() * 1)), weight.detach().numpy())


@given(TABLES, st.sampled_from(["\t", ",", ", ", ";", " ", "   "]), st.sampled_from(["", "\n", "\r\n"]), st.booleans())
def test_tables_are_read_whatever_stands_between_the_columns(table, separator, end, ends_with_it):
    lines = [separator.join(map(str, row)) + (separator.strip(" ") if ends_with_it else "") for row in table.tolist()]
    assert np.array_equal(read_array((end or "\n").join(lines) + end), table)


@given(TABLES, st.sampled_from(["\t", ";"]))
def test_beside_tabs_and_semicolons_a_comma_is_a_decimal_point(table, separator):
    text = "\n".join(separator.join(f"{number},5" for number in row) for row in table.tolist())
    expected = [[float(f"{number}.5") for number in row] for row in table.tolist()]
    assert read_array(text).tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2 3", [1, 2, 3]),
        ("1\n2\n3", [[1], [2], [3]]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("[1 2; 3 4]", [[1, 2], [3, 4]]),
        ("[1 2]\n[3 4]", [[1, 2], [3, 4]]),
        ("[ 1  2  3\n  4  5]", [1, 2, 3, 4, 5]),
        ("[True, False]", [1, 0]),
        ("\ufeff1;2\r\n3;4\r\n", [[1, 2], [3, 4]]),
        ('"1","2"\n"3","4"', [[1, 2], [3, 4]]),
        ("−1 1/4", [-1, 0.25]),
        ("[[3]]", [[3]]),
        ("x = [1, 2]", [1, 2]),
    ],
)
def test_other_ways_of_writing(text, expected):
    assert read_array(text).tolist() == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no numbers here"),
        (" \n\t; ,", "no numbers here"),
        ("[]", "line 1: this ] closes nothing"),
        ("1 2\n3", "line 2 has 1 numbers, and the first row has 2"),
        ("[[1, 2],\n [3]]", "line 2: here is 1 numbers or lists, and beside it 2"),
        ("[[1, 2], 3]", "line 1: here is a number, and beside it 2"),
        ("[[1, 2]", "line 1: a [ is never closed"),
        ("1, 2]", "line 1: this ] closes nothing"),
        ("1 2\n3 many", "line 2, number 2: “many” is no number"),
        ("a,b\n1,2", "line 1, number 1: “a” is no number"),
        ("1,,2\n3,4,5", "line 1, number 2: nothing is typed"),
        ("[1, nan]", "line 1, number 2: “nan” is no number"),
        ("[0 1 2 ... 997 998 999]", "NumPy has left numbers out here"),
        ("[1+2j]", "is no number"),
        (f"[{2**64}]", "does not fit 64 bits"),
        ("1e999 1", "too large"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, says):
    with pytest.raises(ValueError) as error:  # noqa: PT011
        read_array(text)
    assert says in str(error.value)


HOSTILE = {
    "a call": "__import__('os').system('echo 1')",
    "a call in a list": "[1, __import__('os')]",
    "an array that is computed": "np.ones((3, 3))",
    "what follows an array": "array([1, 2]); import os",
    "a call behind an array": "array([1, 2]).tofile('x')",
    "a power": "[2**9**9]",
    "a product of lists": "[[1]*999999]",
    "a comprehension": "[x for x in range(9)]",
    "lists without end": "[" * 100_000,
    "lists in lists": "[" * 9 + "1" + "]" * 9,
    "brackets that close nothing": "]" * 100_000,
    "a number without end": "9" * 100_000,
    "an exponent": "1e99999999999999999999 2",
    "too many characters": "1 " * MOST_CHARACTERS,
    "too many numbers": "1 " * (MOST_CELLS + 1),
    "too many numbers in lists": f"[{'1,' * (MOST_CELLS + 1)}]",
    "too many empty rows": ";" * 100_000 + "many",
    "names without end": "a" * 150_000,
    "spaces without end": "array" + " " * 150_000,
    "an ending without end": "array([1], " + "dtype=a," * 20_000,
    "a page": "<script>alert(1)</script>",
    "nothing but zeros": "\0" * 1000,
    "other digits": "[\uff11, \uff12]",
    "a format": "%s %s",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_array_is_refused_in_a_short_sentence(text):
    with pytest.raises(ValueError, match=r"accepted|type one|print all") as error:
        read_array(text)
    assert len(str(error.value)) < 300


@given(st.text(alphabet="[](),;:= \t\n.-+e0123456789narytdTF\"'", max_size=60))
def test_any_text_is_read_or_refused(text):
    array = np.zeros(1)
    with suppress(ValueError):
        array = read_array(text)
    assert 1 <= array.ndim <= 5
    assert array.size
    assert array.dtype in (np.int64, np.float64)
    assert np.isfinite(array).all()


@pytest.mark.parametrize("text", [None, 3, b"1 2", ["1"]])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(ValueError, match="no text"):
        read_array(text)
