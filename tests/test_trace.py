"""A trace as a sequence of steps, on a trace that only counts, so that nothing but the sequence is tested."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.trace import Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class Count(Step):
    def describe(self):
        return f"Step {self.index}."


@dataclass(frozen=True, eq=False, slots=True)
class OtherCount(Step):
    def describe(self):
        return ""


class Counting(Trace[Count]):
    """Counts its cells, and remembers which steps were made."""

    def __init__(self, shape):
        super().__init__(np.arange(np.prod(shape)).reshape(shape))
        self.made = []

    def _step(self, index):
        self.made.append(index)
        return Count(index, self._position(index), self.output.flat[index])


bounds = st.none() | st.integers(-15, 15)
slices = st.builds(slice, bounds, bounds, st.none() | st.integers(-4, 4).filter(bool))
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


def indices(steps):
    return [step.index for step in steps]


@given(shapes)
def test_a_trace_is_a_sequence_of_its_steps(shape):
    trace = Counting(shape)
    n = int(np.prod(shape))
    assert isinstance(trace, Sequence)
    assert len(trace) == n
    assert indices(trace) == list(range(n))
    assert indices(reversed(trace)) == list(range(n))[::-1]
    assert [trace[i - n].index for i in range(n)] == list(range(n))
    assert [step.position for step in trace] == list(np.ndindex(shape))


@pytest.mark.parametrize("index", [12, -13, 10**20, np.int64(12), np.uint8(200)])
def test_an_index_beyond_the_ends_says_which_there_are(index):
    with pytest.raises(IndexError, match=rf"index={index}, but there are 12 steps; accepted: 0 to 11, or -1 to -12 "):
        Counting((3, 4))[index]


@pytest.mark.parametrize("index", [np.int64(5), np.uint8(5), np.int8(-7), True + 4, np.array(5)])
def test_whatever_python_takes_as_an_index_will_do(index):
    assert Counting((3, 4))[index].index == 5


@pytest.mark.parametrize("index", [1.0, "1", None, (0, 1), np.float64(1)])
def test_what_is_no_index_is_refused(index):
    with pytest.raises(TypeError, match="integer"):
        Counting((3, 4))[index]


@given(slices, slices)
def test_slices_are_those_of_a_list_and_slices_of_slices_too(first, second):
    trace, plain = Counting((3, 4)), list(range(12))
    excerpt = trace[first]
    assert isinstance(excerpt, Sequence)
    assert len(excerpt) == len(plain[first])
    assert indices(excerpt) == plain[first]
    assert indices(excerpt[second]) == plain[first][second]
    assert indices(reversed(excerpt)) == plain[first][::-1]


def test_slices_make_no_steps_until_asked():
    trace = Counting((3, 4))
    excerpt = trace[::-2][1:]
    assert len(excerpt) == 5
    assert trace.made == []
    assert excerpt[1].index == 7
    assert excerpt[-1].index == 1
    assert excerpt[np.int64(0)].index == 9
    assert trace.made == [7, 1, 9]


def test_an_index_beyond_the_ends_of_a_slice_says_which_there_are():
    excerpt = Counting((3, 4))[2:5]
    with pytest.raises(IndexError, match="index=3, but there are 3 steps; accepted: 0 to 2, or -1 to -3 from the end"):
        excerpt[3]
    with pytest.raises(IndexError, match="index=-1, but there are 0 steps; accepted: none"):
        excerpt[3:][-1]


def test_a_slice_takes_numpy_integers_and_refuses_a_step_of_zero():
    trace = Counting((3, 4))
    assert indices(trace[np.int64(2) : np.uint8(8) : np.int8(3)]) == [2, 5]
    with pytest.raises(ValueError, match="step is not 0"):
        trace[::0]


@given(shapes, st.data())
def test_what_is_known_after_a_step(shape, data):
    trace = Counting(shape)
    index = data.draw(st.integers(-len(trace), len(trace) - 1))
    partial = trace.partial(index)
    assert partial.shape == shape
    assert partial.dtype == trace.output.dtype
    assert partial.compressed().tolist() == list(range(index % len(trace) + 1))
    assert trace.made == []


def test_what_is_known_cannot_change_the_output():
    trace = Counting((2, 2))
    with pytest.raises(ValueError, match="read-only"):
        trace.partial(1)[0, 0] = 7
    with pytest.raises(IndexError, match="index=4, but there are 4 steps"):
        trace.partial(4)


@given(shapes, st.data())
def test_every_position_is_filled_by_one_step(shape, data):
    trace = Counting(shape)
    index = data.draw(st.integers(0, len(trace) - 1))
    position = np.unravel_index(index, shape)
    assert trace.index_of(position) == index
    assert trace.index_of([int(i) for i in position]) == index
    assert trace.index_of(np.array(position)) == index
    assert type(trace.index_of(position)) is int


def test_a_bare_number_is_a_position_in_one_dimension():
    assert Counting((5,)).index_of(3) == 3
    assert Counting((5,)).index_of(np.int64(3)) == 3


@pytest.mark.parametrize("position", [(3, 0), (0, 4), (-1, 0), (0,), (0, 0, 0), (), 5])
def test_a_position_outside_the_output_says_what_shape_it_has(position):
    with pytest.raises(IndexError, match=r"is not a cell of the output, whose shape is \(3, 4\)"):
        Counting((3, 4)).index_of(position)


@pytest.mark.parametrize("position", [(0.5, 1), "ab", None, ("0", "1")])
def test_a_position_must_be_of_integers(position):
    with pytest.raises(TypeError, match="integer"):
        Counting((3, 4)).index_of(position)


def test_output_is_read_only():
    with pytest.raises(ValueError, match="read-only"):
        Counting((3, 4)).output[0, 0] = 7


def test_steps_of_different_operations_differ():
    assert Count(0, (0,), 1) == Count(0, (0,), np.float64(1))
    assert Count(0, (0,), 1) != OtherCount(0, (0,), 1)
    assert Count(0, (0,), 1) != Count(0, (1,), 1)


class Adding(Trace[Count]):
    """Has steps that are not cells of its output."""

    def __init__(self, steps):
        super().__init__(np.zeros((2, 2)), steps)

    def _step(self, index):
        return Count(index, self._position(index), 0)


@pytest.mark.parametrize(("steps", "shape"), [(5, (5,)), ((3, 2), (3, 2))])
def test_steps_may_run_through_something_else(steps, shape):
    trace = Adding(steps)
    assert [step.position for step in trace] == list(np.ndindex(shape))
    assert [trace.index_of(step.position) for step in trace] == list(range(len(trace)))
    assert trace[-1].index == len(trace) - 1
    with pytest.raises(IndexError, match="is not a cell of what the steps run through, whose shape is "):
        trace.index_of(shape)
