"""What cannot be shown is refused with the call that can."""

import numpy as np
import pytest

import convviz
from convviz.geometry import Axis, Geometry
from convviz.operations.layers.chain import Chain

LAYER = convviz.correlate([1, 2, 3, 4], [5, 6])
GEOMETRY = Geometry((Axis(size=5, kernel=3),))


@pytest.mark.parametrize(
    ("thing", "call"),
    [
        (convviz.toeplitz(LAYER), "convviz.matrix_view(trace)"),
        (convviz.toeplitz(LAYER, sparse=True), "convviz.matrix_view(trace)"),
        (convviz.im2col(LAYER), "convviz.matrix_view(trace)"),
        (np.arange(4), "convviz.correlate(x, w)"),
        ([1, 2, 3], "convviz.correlate(x, w)"),
        (None, "convviz.correlate(x, w)"),
        (GEOMETRY, "convviz.receptive_field(layers)"),
        (GEOMETRY.receptive_field, "convviz.receptive_field(layers)"),
        (Chain([convviz.conv_layer([[1, 2]], [[[1]]])]), "convviz.show(*chain)"),
        (convviz.image_distance([[1, 2]], [[3, 4]]), "convviz.match_template(image, template)"),
    ],
)
def test_the_error_names_the_call_that_can_be_shown(thing, call):
    with pytest.raises(TypeError, match="which cannot be drawn; accepted: ") as raised:
        convviz.show(thing)
    assert call in str(raised.value)


def test_a_second_thing_that_cannot_be_shown_is_refused_too():
    with pytest.raises(TypeError, match="matrix_view"):
        convviz.show(LAYER, convviz.toeplitz(LAYER))


def test_a_layer_of_a_library_must_be_explained():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    with pytest.raises(TypeError, match=r"convviz\.explain\(layer, x\)"):
        convviz.show(torch.nn.Conv1d(1, 1, 2))
