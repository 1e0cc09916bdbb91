"""Lesson 04: what its tasks and its text say is so."""

import numpy as np
import pytest

import convviz
from convviz.lessons import Matrix, TiedAndFree, address
from convviz.lessons.states import Training
from convviz.player import Edit

X, W = np.array([1, 2, 3, 4]), np.array([5, 6, 7])


def edit(lesson, operand, cell, text):
    lesson.edit(Edit(operand=operand, cell=cell, text=text, live=False))


def losses(lesson):
    return [float((lesson.traces[name].local.astype(float) ** 2).sum() / 2) for name in ("tied", "free")]


def test_it_begins_with_38_and_56():
    lesson = Matrix()
    assert lesson.traces["matrix"].output.tolist() == [38, 56]
    np.testing.assert_array_equal(lesson.traces["matrix"].toeplitz @ X, [38, 56])
    assert lesson.traces["matrix"].im2col.T.tolist() == [[1, 2, 3], [2, 3, 4]]


def test_task_1_the_activation_looks_at_one_number_at_a_time():
    lesson = Matrix()
    edit(lesson, "w", (2,), "-7")
    lesson.use("choice activation", 1)
    neurons = lesson.traces["neurons"]
    assert (neurons.preactivation.tolist(), neurons.output.tolist()) == ([-4, 0], [0, 0])
    assert "A = relu([−4, 0]) = [0, 0]" in lesson.note("length").value
    lesson.use("choice activation", 2)
    np.testing.assert_allclose(lesson.traces["neurons"].output, [0.018, 0.5], atol=5e-4)


def test_task_2_the_full_result_has_six_neurons():
    lesson = Matrix()
    lesson.use("choice mode", 2)
    matrix = lesson.traces["matrix"]
    assert matrix.output.tolist() == [7, 20, 38, 56, 39, 20]
    assert (matrix.tied >= 0).sum(axis=1).tolist() == [1, 2, 3, 3, 2, 1]
    assert "m + 4 − n + 1 = 4 + 4 − 3 + 1 = 6" in lesson.note("length").value
    lesson.use("choice activation", 3)
    np.testing.assert_allclose(lesson.traces["neurons"].output, np.tanh(matrix.output))


def test_task_3_four_weights_fill_a_third_of_the_entries():
    lesson = Matrix()
    lesson.use("choice axes", 1)
    matrix = lesson.traces["matrix"]
    assert (matrix.toeplitz.shape, matrix.w.size, np.count_nonzero(matrix.tied == -1)) == ((6, 12), 4, 48)
    assert [np.count_nonzero(matrix.tied == weight) for weight in range(4)] == [6] * 4


def test_the_dense_layer_beside_it_computes_the_same():
    lesson = Matrix()
    for mode in range(3):
        lesson.use("choice mode", mode)
        for axes in range(2):
            lesson.use("choice axes", axes)
            traces = lesson.traces
            np.testing.assert_array_equal(traces["neurons"].output, traces["matrix"].output.ravel())


def test_the_formula_is_written_with_the_numbers_of_the_step():
    lesson = Matrix()
    assert "1×5 + 2×6 + 3×7 = 38" in lesson.note("row").value
    lesson.player.index = 1
    assert "2×5 + 3×6 + 4×7 = 56" in lesson.note("row").value
    assert "The input times row 1 is 1×0 + 2×5 + 3×6 + 4×7 = 56." in lesson.note("row").value


def test_both_layers_begin_alike():
    traces = TiedAndFree().traces
    np.testing.assert_array_equal(traces["tied"].toeplitz, traces["free"].toeplitz)
    assert losses(TiedAndFree()) == [6.5, 6.5]
    assert traces["tied"].output.tolist() == [8, 13, 18]


def test_training_task_1_zeros_stay_zero_in_the_convolution_alone():
    lesson = TiedAndFree()
    lesson.use("press steps_ahead", True)
    assert lesson.state.w.tolist() == [4.84, 5.74, 6.64]
    free = lesson.state.free
    assert (free[0, 3], free[1, 0], free[0, 0], free[1, 1]) == (-0.16, -0.06, 4.96, 4.88)
    assert lesson.traces["tied"].toeplitz[[0, 1], [3, 0]].tolist() == [0, 0]
    assert "2 of 2" in lesson.note("training").value
    assert "0 of 2" in lesson.note("training").value
    lesson.undo()
    assert lesson.state.w.tolist() == W.tolist()


def test_training_task_2_added_gradients_make_larger_steps():
    lesson = TiedAndFree()
    lesson.use("choice rate", 3)
    found = []
    for _ in range(5):
        lesson.use("press steps_ahead", True)
        found.append(losses(lesson))
    tied, free = zip(*found, strict=True)
    assert all(np.diff([6.5, *tied]) > 0)
    assert all(np.diff([6.5, *free]) < 0)
    assert (round(tied[-1]), round(free[-1], 3)) == (25, 0.006)


def test_training_task_3_one_weight_is_one_entry_or_two():
    lesson = TiedAndFree()
    edit(lesson, "w", (0,), "9")
    assert lesson.traces["tied"].sums.tolist() == [42, 64]
    lesson.reset()
    edit(lesson, "free", (0, 0), "9")
    assert lesson.traces["free"].sums.tolist() == [42, 56]
    assert lesson.traces["tied"].sums.tolist() == [38, 56]


def test_the_gradient_of_the_input_is_a_full_convolution_with_the_kernel():
    lesson = TiedAndFree()
    back = lesson.traces["backward"]
    np.testing.assert_array_equal(back.x, np.convolve(back.output, W))
    np.testing.assert_array_equal(back.x, lesson.traces["tied"].toeplitz.T @ back.output)
    assert lesson.traces["tied"].toeplitz[:, 2].tolist() == [7, 6]


def test_training_goes_as_pytorch_goes():
    torch = pytest.importorskip("torch")
    lesson = TiedAndFree([2, 0, -1, 3, 1], [1, -2], [1, 2, 3, 4])
    lesson.use("choice rate", 1)
    x, target = torch.tensor([2.0, 0, -1, 3, 1]).double(), torch.tensor([1.0, 2, 3, 4]).double()
    kernel = torch.tensor([1.0, -2]).double().requires_grad_()
    free = torch.tensor(convviz.toeplitz(convviz.correlate(x.numpy(), [1, -2]))).double().requires_grad_()
    optimiser = torch.optim.SGD([kernel, free], lr=0.01)
    for _ in range(4):
        optimiser.zero_grad()
        outputs = torch.nn.functional.conv1d(x[None, None], kernel[None, None])[0, 0], free @ x
        sum(((output - target) ** 2).sum() / 2 for output in outputs).backward()
        optimiser.step()
        lesson.use("press steps_ahead", True)
    np.testing.assert_allclose(lesson.state.w, kernel.detach(), atol=1e-12)
    np.testing.assert_allclose(lesson.state.free, free.detach(), atol=1e-12)


def test_another_length_starts_the_dense_layer_anew_and_keeps_the_target_as_far_as_it_goes():
    lesson = TiedAndFree()
    lesson.use("press steps_ahead", True)
    lesson.use("number x -1", "6")
    state = lesson.state
    np.testing.assert_array_equal(state.free, convviz.toeplitz(state.convolution))
    np.testing.assert_allclose(state.target, [36, 53, *state.convolution.output[2:]])
    lesson.use("number w -1", "5")
    lesson.use("number x -1", "4")
    assert "w has 5 numbers; accepted: up to 4" in lesson.desk.content["error"]["text"]
    assert lesson.state.x.size == 6


def test_a_learning_rate_in_the_address_is_a_number_within_limits():
    start = TiedAndFree().state
    assert address.read("rate=0.001", start).rate == 0.001
    for text in ("0", "2", "-1", "much", ""):
        with pytest.raises(ValueError, match="rate"):
            address.read(f"rate={text}", start)


def test_a_state_whose_shapes_do_not_go_together_is_refused():
    with pytest.raises(ValueError, match="target has shape"):
        Training(x=X, w=W, free=np.ones((2, 4)), target=np.ones(3))
    with pytest.raises(ValueError, match="free has shape"):
        Training(x=X, w=W, free=np.ones((2, 3)), target=np.ones(2))
