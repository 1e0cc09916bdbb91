import pytest

from convviz.lessons.associativity import Associativity, read_array


@pytest.fixture
def explorer():
    return Associativity()


def said(explorer):
    return {name for name, message in explorer.messages.items() if "⚠" in message.value}


def marked(explorer):
    return {name for name, field in explorer.fields.items() if "convviz-wrong" in field._dom_classes}


def outputs(explorer):
    return [both.left.tolist() for both in explorer.bracketings]


def test_begins_with_numbers_that_tell_the_two_apart(explorer):
    assert [field.value for field in explorer.fields.values()] == ["1 2 3", "1 0 2", "1 3"]
    assert [both.associative for both in explorer.bracketings] == [True, False]
    assert "equal in every cell" in explorer.picture.value
    assert "6 of 6 cells differ" in explorer.picture.value
    assert not said(explorer)


def test_new_numbers_are_shown_at_once(explorer):
    explorer.fields["A"].value = "[10, -1/2]"
    assert outputs(explorer) == [[10, 29.5, 18.5, 59, -3], [60, 17, 29, 8.5, -0.5]]
    assert "29.5" in explorer.picture.value


def test_a_symmetric_c_makes_both_agree_and_a_sentence_says_why(explorer):
    explorer.fields["C"].value = "1 2 1"
    assert [both.associative for both in explorer.bracketings] == [True, True]
    assert "≠" not in explorer.picture.value
    assert "only because C is symmetric" in explorer.picture.value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "B is empty; accepted: 1 to 8 numbers, such as 1 0 2"),
        ("1 2 x", "B: “x” is no number; type one such as 3, -1, 0.5 or 1/9"),
        ("1 nan", "B: “nan” is not finite"),
        ("1 1/0", "B: “1/0” is no number"),
        ("1 2 3 4 5 6 7 8 9", "B has 9 numbers; accepted: 1 to 8"),
        ("1 1000", "B holds 1000; accepted: 0, and numbers from 0.001 to 999 in size"),
        ("1e-9", "B holds 1e-9; accepted: 0, and numbers from 0.001 to 999 in size"),
        ("<b>", "B: “&lt;b&gt;” is no number"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_last_table_stays(explorer, text, message):
    before = explorer.picture.value
    explorer.fields["B"].value = text
    assert explorer.picture.value == before
    assert message in explorer.messages["B"].value
    assert 'aria-live="polite"' in explorer.messages["B"].value
    assert said(explorer) == marked(explorer) == {"B"}


def test_the_table_waits_until_every_field_makes_sense(explorer):
    before = explorer.picture.value
    explorer.fields["B"].value = "?"
    explorer.fields["A"].value = "7"
    assert explorer.picture.value == before
    explorer.fields["B"].value = "2"
    assert outputs(explorer)[0] == [14, 42]
    assert not said(explorer)
    assert not marked(explorer)


def test_a_field_tells_when_typing_is_done_and_not_at_each_key(explorer):
    assert not any(field.continuous_update for field in explorer.fields.values())


@pytest.mark.parametrize("text", ["1,2,3", " 1  2 3 ", "[1, 2, 3]", "(1 2,3)"])
def test_spaces_commas_and_brackets_are_all_right(text):
    assert read_array("A", text).tolist() == [1, 2, 3]


def test_wrong_numbers_to_begin_with_are_refused():
    with pytest.raises(ValueError, match=r"^C has 9 numbers"):
        Associativity(c=range(9))
