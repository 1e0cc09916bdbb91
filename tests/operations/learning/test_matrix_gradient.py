"""The gradient of a layer's matrix: against dull loops and PyTorch."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convviz
from convviz.operations.matrix.index_notation import any_matrix
from convviz.terms import View
from tests.strategies import layer_calls, window_calls

SIGNAL = convviz.correlate([1, 2, 3, 4], [5, 6, 7])


@st.composite
def calls_and_backward_passes(draw):
    if draw(st.booleans()):
        made, call = draw(window_calls())
    else:
        call = draw(layer_calls(most=3))
        made = convviz.conv_layer(call.x, call.weight, call.bias, **call.parameters)
    values = draw(st.lists(st.integers(-9, 9), min_size=1, max_size=9))
    return call, convviz.gradients(made, np.resize(np.array(values), made.output.shape))


def backward_passes():
    return calls_and_backward_passes().map(lambda drawn: drawn[1])


@given(backward_passes())
def test_each_row_is_the_gradient_of_an_output_times_the_input_where_a_weight_stands(back):
    view = convviz.matrix_view(back)
    assert len(view) == back.output.size
    np.testing.assert_array_equal(view.output, back.weight)
    structure, x = convviz.tied(back.layer), back.layer.x.reshape(-1)
    for index in sorted({0, len(view) // 2, len(view) - 1}):
        step, local = view[index], back.output.reshape(-1)[index]
        assert step.value == local
        expected = [0 if weight == -1 else local * number for weight, number in zip(structure[index], x, strict=True)]
        np.testing.assert_allclose(step.row.astype(float), np.array(expected, dtype=float), rtol=1e-12)
    np.testing.assert_array_equal(view.matrix, back.matrix())


@given(backward_passes())
def test_tied_entries_of_the_rows_so_far_add_up(back):
    view = convviz.matrix_view(back)
    index = len(view) // 2
    rows = np.where(np.arange(len(view))[:, None] <= index, view.matrix, 0)
    expected = convviz.sum_tied(rows, back.layer)
    size = 1e-9 * (1 + np.abs(rows.astype(float)).sum())
    np.testing.assert_allclose(np.ma.getdata(view.partial(index)).astype(float), expected.astype(float), atol=size)


@given(calls_and_backward_passes())
def test_a_weight_of_later_rows_alone_has_no_gradient_yet(drawn):
    call, back = drawn
    view = convviz.matrix_view(back)
    terms = [(cell, weight) for cell, weight, met in call.terms() if met is not None]
    cells = sorted({cell for cell, _, _ in call.terms()})
    for index in (0, len(view) // 2, len(view) - 1):
        met = {weight for cell, weight in terms if cells.index(cell) <= index}
        expected = np.zeros(call.weight.shape, dtype=bool)
        for weight in {weight for _, weight in terms} - met:
            expected[weight] = True
        np.testing.assert_array_equal(np.ma.getmaskarray(view.partial(index)).ravel(), expected.ravel())


def test_pytorch_finds_the_same_for_a_matrix_whose_entries_are_free_and_for_one_that_is_tied():
    torch = pytest.importorskip("torch")
    view = convviz.matrix_view(convviz.gradients(SIGNAL, [2, 3]))
    x, local = torch.tensor([1.0, 2, 3, 4]), torch.tensor([2.0, 3])
    free = torch.tensor(view.toeplitz).float().requires_grad_()
    ((free @ x) * local).sum().backward()
    held = view.tied >= 0
    np.testing.assert_array_equal(free.grad.numpy()[held], view.matrix[held])
    assert not view.matrix[~held].any()
    assert free.grad.numpy()[~held].all()
    kernel = torch.tensor([5.0, 6, 7]).requires_grad_()
    tied = torch.stack([torch.cat([kernel, torch.zeros(1)]), torch.cat([torch.zeros(1), kernel])])
    ((tied @ x) * local).sum().backward()
    np.testing.assert_array_equal(kernel.grad.numpy(), view.output)


def test_a_layer_whose_kernels_are_as_large_as_its_input_has_no_tied_entries():
    free = convviz.conv_layer([[1, 2, 3]], [[[1, 0, 2]], [[3, 4, 0]]])
    view = convviz.matrix_view(convviz.gradients(free, [[2], [-1]]))
    assert (view.is_tied, convviz.matrix_view(convviz.gradients(SIGNAL)).is_tied) == (False, True)
    np.testing.assert_array_equal(view.matrix, np.outer([2, -1], [1, 2, 3]))
    assert view[1].describe() == "Row 1 of ∂L/∂W is -1 × the input (1, 2, 3): (-1, -2, -3)."


def test_the_sums_are_those_before_the_bias():
    layer = convviz.conv_layer([[1, 2, 3]], [[[1, 1]], [[2, 0]]], [10, -5], activation="relu")
    view = convviz.matrix_view(convviz.gradients(layer))
    np.testing.assert_array_equal(view.sums, view.toeplitz @ view.vector)
    np.testing.assert_array_equal(view.w, layer.weight)


def test_long_rows_are_not_listed_in_the_sentence():
    view = convviz.matrix_view(convviz.gradients(convviz.correlate(np.arange(12), np.arange(11)), [1, 2]))
    assert view[1].describe() == ("Row 1 of ∂L/∂W is 2 × the input, but 0 where no weight stands. Tied entries add up.")


def test_a_matrix_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match=re.escape("max_bytes is 1000")):
        convviz.matrix_view(convviz.gradients(convviz.correlate(np.ones((9, 9)), np.ones((2, 2)))), max_bytes=1000)


def test_pictures_of_free_weights_are_not_linked_with_those_of_windows():
    free, windows = any_matrix(2, 4), SIGNAL.terms
    for pointed in free.views.values():
        for other in windows.views.values():
            assert windows.related(pointed, other, (0, 0, 0), 0) == []
            assert windows.step_of(pointed, (0, 0, 0), 0) is None
    entry = free.views["toeplitz"]
    assert free.cell_of("free", entry, (0, 1, 3), 0) == (1, 3)
    assert free.step_of(View(row=(entry.row[1],)), (0, 1, 0), 0) == 1
