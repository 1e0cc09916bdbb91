"""How errors write what is at fault."""

import pytest

from convviz.faults import counted, listed, shown


class Silent:
    """Cannot describe itself."""

    def __repr__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("same", "'same'"),
        (10**30, "1" + "0" * 30),
        (Silent(), "a Silent"),
        ([1] * 100, "[" + "1, " * 19 + "1…"),
        ("a\nb", "'a\\nb'"),
    ],
)
def test_whatever_it_is_it_is_written_in_one_short_line(value, text):
    assert shown(value) == text


def test_integers_that_python_does_not_write_are_written_too():
    assert shown(10**5000) == "an integer of 16610 bits"
    assert shown((10**5000,)) == "a tuple"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (None, TypeError, "things is None (NoneType); accepted: things"),
        ("text", TypeError, "things is 'text' (str); accepted: things"),
        (range(10**12), ValueError, "things holds more than 10000 things; accepted: things, at most 10000"),
    ],
)
def test_what_is_no_list_of_things_is_refused(value, error, message):
    with pytest.raises(error) as caught:
        listed("things", value, "accepted: things")
    assert str(caught.value) == message


def test_several_things_are_listed():
    assert listed("things", (n for n in (1, 2)), "accepted: things") == [1, 2]
    assert (counted(1, "entry", "entries"), counted(3, "entry", "entries")) == ("1 entry", "3 entries")
