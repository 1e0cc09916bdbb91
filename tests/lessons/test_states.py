"""States are valid once they exist, and what was taken away comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import conv_layer, samples
from convviz.lessons.history import History
from convviz.lessons.states import LayerState, OneKernel
from convviz.lessons.states.layer import MOST_CHANNELS

APPLE = LayerState(x=samples.picture("apple"), w=samples.filter_bank(1, 3), bias=np.array([1]), activation="relu")
COUNTS = st.integers(1, 12)
CHANGES = st.lists(
    st.one_of(
        COUNTS.map(lambda n: ("channels", n)),
        COUNTS.map(lambda n: ("filters", n)),
        st.sampled_from([1, 3, 5]).map(lambda n: ("side", n)),
        st.integers(0, 20).map(lambda n: ("groups", n)),
        st.sampled_from([0, 1, -10]).map(lambda n: ("same_bias", n)),
        st.integers(1, 4).map(lambda n: ("stride", n)),
        st.integers(0, 3).map(lambda n: ("padding", n)),
        st.sampled_from(list(samples.FILTERS)).map(lambda title: ("w", samples.FILTERS[title]())),
        st.sampled_from(list(samples.COLOUR_INPUTS)).map(lambda title: ("x", samples.COLOUR_INPUTS[title]())),
    ),
    max_size=8,
)


@given(CHANGES)
def test_whatever_is_changed_shapes_go_together(changes):
    state = APPLE
    for field, value in changes:
        try:
            state = state.with_field(field, value)
        except ValueError:
            continue
        assert state.w.shape[:2] == (len(state.bias), len(state.x) // state.groups)
        sides = [side + 2 * state.padding for side in state.x.shape[1:]]
        if min(sides) < max(state.kernel):
            with pytest.raises(ValueError, match="no window fits"):
                state.trace()
        else:
            trace = state.trace()
            again = conv_layer(
                state.x, state.w, state.bias, stride=state.stride, padding=state.padding, groups=state.groups
            )
            assert np.array_equal(trace.preactivation, again.output)


@given(st.lists(st.tuples(st.sampled_from(["channels", "filters"]), COUNTS), max_size=6))
def test_what_was_taken_away_comes_back(changes):
    state = APPLE.with_w(np.arange(27).reshape(1, 3, 3, 3))
    for field, count in changes:
        state = state.with_field(field, count)
    back = state.with_channels(3).with_filters(1)
    assert back.same_as(APPLE.with_w(np.arange(27).reshape(1, 3, 3, 3)))


def test_what_was_typed_before_is_remembered_too():
    typed = APPLE.x.copy()
    typed[2, 0, 0] = 77
    state = APPLE.with_x(typed).with_channels(1)
    first = state.x.copy()
    first[0, 0, 0] = 55
    back = state.with_x(first).with_channels(3)
    assert (back.x[2, 0, 0], back.x[0, 0, 0]) == (77, 55)


def test_no_made_up_kernel_is_all_zeros():
    state = APPLE.with_filters(8).with_channels(1).with_channels(6)
    assert state.w.any(axis=(2, 3)).all()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("channels", 0, "channels is 0; accepted: 1 to 64"),
        ("filters", MOST_CHANNELS + 1, "filters is 65"),
        ("groups", 2, "groups is 2; accepted: 1, 3"),
        ("stride", 0, "stride is 0"),
        ("padding", 4, "padding is 4"),
        ("activation", "gelu", "activation is 'gelu'"),
        ("w", np.ones((1, 2, 3, 3)), "2 kernels each, and the input has 3 channels"),
        ("x", np.ones((3, 65, 5)), "up to 64 cells"),
    ],
)
def test_what_does_not_go_together_is_refused(field, value, words):
    with pytest.raises(ValueError, match=words):
        APPLE.with_field(field, value)


def test_arrays_are_read_only():
    state = OneKernel(x=np.arange(4), w=np.ones(2))
    with pytest.raises(ValueError, match="read-only"):
        state.x[0] = 1


def test_undo_returns_to_where_a_drag_began():
    start = OneKernel(x=np.arange(4), w=np.array([1, 2]))
    history = History(start)
    for number in (5, 6, 7):
        history.move(start.with_field("w", np.array([number, 2])), live=True)
    assert history.about() == {"undo": False, "reset": True}
    history.move(start.with_field("w", np.array([7, 2])))
    assert history.about() == {"undo": True, "reset": True}
    assert history.back().same_as(start)
    assert history.about() == {"undo": False, "reset": False}


def test_a_step_is_no_change_to_be_undone():
    history = History(OneKernel(x=np.arange(4), w=np.array([1, 2])))
    history.step(2)
    assert history.now.step == 2
    assert history.about() == {"undo": False, "reset": False}
