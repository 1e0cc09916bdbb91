"""Lesson 09: what its text claims, done on the lessons."""

import numpy as np
import pytest

from convviz import correlate, samples
from convviz.lessons import Learning, TwoLayers
from convviz.lessons.controls import Choice
from convviz.lessons.states import Learned, Network
from convviz.player import Edit, Resize

SOBEL = samples.kernel("sobel_x")


def use(lesson, label, value):
    """Use a control by its label, and an option by its own."""
    control = next(each for group in lesson.controls for each in group.controls if each.label == label)
    if isinstance(control, Choice):
        value = [text for _, text in control.options(lesson.state)].index(value)
    lesson.use(control.name, value)
    return next(iter(lesson.traces.values()))


@pytest.fixture
def lesson():
    return Learning()


def test_nobody_types_the_sobel_kernel(lesson):
    trace = lesson.traces["learning"]
    assert not trace[0].kernel.any()
    assert f"{trace.output[-1]:.6f}" == "0.000034"
    np.testing.assert_allclose(trace.kernel, SOBEL, atol=0.01)
    np.testing.assert_allclose(trace.twin.kernel, np.flip(SOBEL), atol=0.01)
    nearer = use(lesson, "Updates", "40")
    assert np.abs(nearer.kernel - SOBEL).max() < np.abs(trace.kernel - SOBEL).max() / 100


def test_task_1_learning_rates(lesson):
    for rate, loss in (("0.05", 1.5), ("0.5", 0.00003), ("0.9", 0.001)):
        trace = use(lesson, "Learning rate", rate)
        assert trace.rate == float(rate)
        assert trace.output[-1] == pytest.approx(loss, rel=0.2)
    overshoots = np.sign(np.diff(np.array([step.kernel for step in trace[:6]]), axis=0)).reshape(5, -1)
    assert (overshoots[1:] * overshoots[:-1] < 0).any(axis=0).sum() >= 5
    before = lesson.state
    use(lesson, "Learning rate", "2")
    assert lesson.state is before
    assert "accepted for this input: below 1.03" in lesson.desk.content["error"]["text"]


def test_task_2_a_window_of_zeros_cannot_be_bright(lesson):
    assert lesson.state.target[2, 1] == 0
    assert not lesson.state.x[2:5, 1:4].any()
    lesson.edit(Edit(operand="target", cell=(2, 1), text="4"))
    trace = lesson.traces["learning"]
    assert trace.output[-1] == pytest.approx(1, abs=1e-4)
    assert trace.output[-1] > 1
    np.testing.assert_allclose(trace.kernel, SOBEL, atol=0.01)
    assert lesson.state.maker is None


def test_task_3_a_step_edge_does_not_tell_kernels_apart(lesson):
    use(lesson, "Input", "Step edge")
    assert lesson.state.maker == "sobel_x"
    trace = use(lesson, "Updates", "200")
    assert trace.output[-1] < 1e-6
    np.testing.assert_allclose(trace.kernel, [[-4 / 3, 0, 4 / 3]] * 3, atol=0.001)
    np.testing.assert_allclose(trace.layer().output, correlate(lesson.state.x, SOBEL).output, atol=0.01)


def test_the_target_follows_the_input_unless_it_is_the_learners_own(lesson):
    lesson.edit(Edit(operand="x", cell=(0, 0), text="9"))
    np.testing.assert_array_equal(lesson.state.target, correlate(lesson.state.x, SOBEL).output)
    lesson.edit(Resize(operand="x", axis=0, by=1))
    assert lesson.state.target.shape == (5, 4)
    lesson.edit(Edit(operand="target", cell=(0, 0), text="1"))
    own = lesson.state.target
    lesson.edit(Edit(operand="x", cell=(0, 1), text="9"))
    assert lesson.state.target is own
    use(lesson, "Target made by", "Corner")
    assert lesson.traces["learning"].kernel.shape == (2, 2)


@pytest.mark.parametrize("name", ["Impulse: a single one", "Small numbers, 5×5", "Step edge", "A few stars"])
def test_all_rates_but_the_last_are_accepted_for_every_input(lesson, name):
    use(lesson, "Input", name)
    for pace, _ in lesson.state.rates():
        state = lesson.state.with_field("pace", pace)
        if pace == "too fast":
            with pytest.raises(ValueError, match="learning diverges"):
                state.trace()
        else:
            assert state.trace().output[-1] < state.trace().output[0]


def test_two_layers_must_not_start_alike():
    network = TwoLayers()
    assert (network.traces["network"].output == 2).all()
    trace = use(network, "Start", "All 0.5")
    assert trace.output[-1] == pytest.approx(0.41, abs=0.005)
    assert all(np.array_equal(*step.w) for step in trace)
    for start in ("Normal", "Xavier", "He"):
        assert use(network, "Start", start).output[-1] < 0.001
    losses = [use(network, "Seed", str(seed)).output[-1] for seed in range(8)]
    assert min(losses) < 0.001 < 0.4 < max(losses)


@pytest.mark.parametrize("start", ["normal", "xavier", "he"])
def test_relu_cuts_off_filters_with_more_than_half_of_the_seeds(start):
    state = TwoLayers(start).state
    ends = [state.with_field("draw", seed).trace()[100].hidden for seed in range(20)]
    assert sum(not hidden.any(axis=1).all() for hidden in ends) > 10


def test_the_two_lessons_of_the_page_have_names_of_their_own():
    one, other = Learning().desk.names, TwoLayers().desk.names
    assert not set(one) & set(other)
    assert "step" in one


@pytest.mark.parametrize("number", ["9", "100", "-50"])
def test_larger_numbers_are_learned_at_a_smaller_rate(number):
    network = TwoLayers("constant")
    network.edit(Edit(operand="signal", cell=(0,), text=number))
    trace = network.traces["network"]
    assert trace.rate < 0.2
    assert trace.output[-1] <= trace.output[0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Learning().state.with_field("start", "ones"), "start is 'ones'; accepted: zeros, constant"),
        (lambda: Learning().state.with_field("pace", "warp"), "pace is 'warp'; accepted: slow, medium"),
        (lambda: Learning(updates=0), "updates is 0; accepted: 1 to 200"),
        (lambda: Learned(x=np.zeros((3, 3)), target=np.zeros((1, 1))).trace(), "x is all zeros"),
        (lambda: TwoLayers("ones"), "beginning is 'ones'"),
        (
            lambda: Network(signal=np.ones(4), goal=np.ones(3)),
            "has 4 numbers and the target 3; accepted: a target that",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
