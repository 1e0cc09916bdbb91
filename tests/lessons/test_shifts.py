"""Lesson 07, the part on shifts: what its text claims, done on the lesson."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import shift as scipy_shift

from convviz import samples
from convviz.lessons import Shifts
from convviz.lessons.controls import Choice
from convviz.lessons.notes import shift_verdict
from convviz.lessons.states import Shifting
from convviz.player import Edit


@pytest.fixture
def lesson():
    return Shifts()


def use(lesson, label, value):
    """Use a control by its label, and an option by its own; return what is said of both outputs."""
    control = next(each for group in lesson.controls for each in group.controls if each.label == label)
    if isinstance(control, Choice):
        value = next(at for at, (_, text) in enumerate(control.options(lesson.state)) if text == value)
    lesson.use(control.name, value)
    assert not lesson.desk.content["error"]
    return lesson.note("verdict").value


def outputs(lesson):
    return lesson.traces["before"].output[0], lesson.traces["after"].output[0]


@given(
    st.integers(0, 10**6),
    st.integers(0, 4),
    st.sampled_from(["convolution", "stride", "max", "mean"]),
    st.integers(4, 12),
    st.integers(4, 12),
)
def test_the_output_moves_where_the_shift_is_a_multiple_of_the_stride(seed, shift, layer, rows, columns):
    random = np.random.default_rng(seed)
    x, w = random.integers(-99, 100, (rows, columns)), random.integers(-9, 10, (3, 3))
    state = Shifting(x=x[None], w=w[None, None], shift=shift, layer=layer)
    np.testing.assert_array_equal(state.shifted[0], scipy_shift(x, (0, shift), order=0))
    before, after = state.trace(), state.shifted_trace()
    said = shift_verdict(before, after, shift)
    moved, rest = divmod(shift, state.stride)
    held = before.output.shape[-1] - moved
    if shift and not rest and held > 0:
        np.testing.assert_allclose(after.output[..., moved:], before.output[..., :held])
        assert f"The output is shifted by {moved} cell" in said
    elif shift and rest:
        assert "The output is shifted" not in said


def test_the_3_moves_along_in_a_convolution_and_not_with_a_stride_of_2(lesson):
    assert "all 30 numbers that both outputs can hold are equal" in lesson.note("verdict").value
    assert "differ by more than a shift" in use(lesson, "Layer", "Convolution, stride 2")
    assert "shifted by 1 cell:" in use(lesson, "Shift", "2")
    use(lesson, "Shift", "1")
    assert "10 of 12 numbers are equal" in use(lesson, "Layer", "Max pooling, 2×2")


def test_a_mean_over_everything_is_invariant_as_long_as_nothing_leaves():
    for shift in (0, 1):
        state = Shifting(x=samples.picture("digit_3")[None], w=np.ones((1, 1, 1, 1)), shift=shift)
        assert state.shifted.mean() == state.x.mean()
    assert Shifting(x=state.x, w=state.w, shift=2).shifted.mean() < state.x.mean()


def test_nine_outputs_read_a_cell_and_one_output_reads_nine_cells(lesson):
    terms = lesson.traces["before"].terms
    for pointed, other in (("input", "output"), ("output", "input")):
        [block] = terms.related(terms.views[pointed], terms.views[other], (0, 3, 3), 0)
        assert len(block.rows) * len(block.columns) == 9


def test_task_1_a_pooling_follows_shifts_by_even_numbers(lesson):
    use(lesson, "Layer", "Max pooling, 2×2")
    for shift, moved in (("1", ""), ("2", "1 cell:"), ("3", ""), ("4", "2 cells:")):
        assert (f"shifted by {moved}" in use(lesson, "Shift", shift)) == bool(moved)


@pytest.mark.parametrize(
    ("label", "option", "changed"),
    [("Kernel", "Sobel, left to right", 6), ("Kernel", "Box blur", 9), ("Layer", "Max pooling, 2×2", 1)],
)
def test_task_2_how_many_outputs_change(lesson, label, option, changed):
    use(lesson, label, option)
    before, _ = outputs(lesson)
    lesson.edit(Edit(operand="x", cell=(0, 4, 4), text="9", live=False))
    after, _ = outputs(lesson)
    assert np.count_nonzero(before != after) == changed


def test_task_3_a_stride_does_not_notice_the_edge(lesson):
    use(lesson, "Layer", "Convolution, stride 2")
    use(lesson, "Input", "Step edge")
    assert "does not move at all" in use(lesson, "Kernel", "Identity")
    assert outputs(lesson)[1].tolist() == [[0, 9], [0, 9]]
    use(lesson, "Shift", "2")
    assert outputs(lesson)[1].tolist() == [[0, 0], [0, 0]]


def test_only_the_left_picture_is_edited(lesson):
    left, right = ({panel["name"]: panel["edits"] for panel in p["panels"]} for p in lesson.player.pictures)
    assert left == {"input": "x", "kernel": "w", "output": ""}
    assert right == {"input": "", "kernel": "", "output": ""}


def test_what_does_not_fit_is_not_offered(lesson):
    with pytest.raises(ValueError, match="shift is 5; accepted: 0 to 4"):
        Shifting(x=np.ones((1, 4, 4)), w=np.ones((1, 1, 3, 3)), shift=5)
    with pytest.raises(ValueError, match="layer is 'dense'; accepted: "):
        Shifting(x=np.ones((1, 4, 4)), w=np.ones((1, 1, 3, 3)), layer="dense")
    assert "Nothing is shifted" in use(lesson, "Shift", "0")
