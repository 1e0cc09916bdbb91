"""What lesson 04 writes about feature maps and about training."""

import numpy as np
import pytest

import convviz
from convviz.lessons.notes import feature_map_html, library_calls, parameters_html, training_html
from convviz.lessons.states import Training
from convviz.operations.matrix.as_dense import as_dense
from tests.lessons.notes.page import Page


def said(trace, activation=None):
    return Page(feature_map_html(trace, as_dense(trace, activation))).text


def test_a_feature_map_is_as_long_as_there_are_places_for_the_kernel():
    text = said(convviz.correlate([1, 2, 3, 4], [5, 6, 7]))
    assert text == (
        "2 neurons, stacked: X ∗ W = [38, 56]. There is no activation yet. "
        "Length of the feature map: m − n + 1 = 4 − 3 + 1 = 2."
    )


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_its_rows_and_columns_are_those_of_the_output(mode):
    trace = convviz.correlate(np.arange(20).reshape(4, 5), [[1, 2, 0], [3, -1, 1]], mode)
    text = said(trace, "relu")
    rows, columns = text.split("Rows: ")[1].split("; columns: ")
    ends = [part.removesuffix(".").removesuffix(", with a border of zeros").split("= ")[-1] for part in (rows, columns)]
    assert ends == [str(size) for size in trace.output.shape]
    assert ("with a border of zeros" in text) == (mode != "valid")


def test_what_is_long_is_cut_short():
    assert ", …]" in said(convviz.correlate(np.arange(9), [1]))


def test_both_layers_stand_side_by_side():
    state = Training.of(np.array([1, 2, 3, 4]), np.array([5, 6, 7]), np.array([36, 53])).with_steps_ahead(1)
    page = Page(training_html(state.tied, state.untied, state.target))
    assert page.tables == {
        "Both are trained on the same input": {
            "in both layers": ["convolution", "dense layer"],
            "output": ["[36.24, 53.46]", "[36.8, 54.2]"],
            "target": ["[36, 53]", "[36, 53]"],
            "loss L": ["≈0.135", "1.04"],
            "numbers that it learns": ["3", "8"],
            "zeros where the convolution is blank": ["2 of 2", "0 of 2"],
        }
    }


def test_the_parameters_of_a_single_kernel_are_those_of_a_layer_of_one_filter():
    page = Page(parameters_html(convviz.correlate([1, 2, 3, 4], [5, 6, 7])))
    (rows,) = page.tables.values()
    assert (rows["This layer"], rows["A dense layer in its place"]) == (["3·1·1 + 1", "4"], ["4·2 + 2", "10"])


def test_code_for_other_traces_is_refused():
    flipped = convviz.convolve([1, 2, 3], [4, 5])
    with pytest.raises(ValueError, match="accepted: a matrix_view of correlate"):
        library_calls(convviz.matrix_view(flipped))
    with pytest.raises(ValueError, match="accepted: a backward pass of correlate in 1D"):
        library_calls(convviz.matrix_view(convviz.gradients(flipped)))
