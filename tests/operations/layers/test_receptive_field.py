"""What an output cell of a stack sees, against a dull walk through the windows."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convviz
from convviz import geometry
from convviz.geometry import Axis, Geometry

AXES = st.builds(
    Axis,
    size=st.integers(1, 9),
    kernel=st.integers(1, 3),
    before=st.integers(0, 2),
    after=st.integers(0, 2),
    stride=st.integers(1, 2),
    dilation=st.integers(1, 2),
)
STACKS = st.integers(1, 2).flatmap(
    lambda axes: st.lists(st.builds(Geometry, st.tuples(*[AXES] * axes)), min_size=1, max_size=3)
)


def walk(layers, position):
    """Count in how many ways an output cell reads each cell, by going down through all windows."""
    *below, last = layers
    counts = np.zeros([axis.size for axis in last.axes], int)
    for cell in product(*(range(axis.kernel) for axis in last.axes)):
        at = tuple(
            place * axis.stride + offset * axis.dilation - axis.before
            for place, offset, axis in zip(position, cell, last.axes, strict=True)
        )
        if all(0 <= where < axis.size for where, axis in zip(at, last.axes, strict=True)):
            counts[at] += 1
    if not below:
        return [counts]
    found = [0] * len(layers)
    for at in map(tuple, np.argwhere(counts)):
        for level, ways in enumerate(walk(below, at)):
            found[level] = found[level] + counts[at] * ways
    shapes = [[axis.size for axis in layer.axes] for layer in below]
    return [ways if np.ndim(ways) else np.zeros(shape, int) for ways, shape in zip(found, shapes, strict=False)] + [
        counts
    ]


@given(STACKS, st.data())
def test_each_cell_is_read_in_as_many_ways_as_windows_lead_to_it(layers, data):
    trace = convviz.receptive_field(layers)
    index = data.draw(st.integers(0, len(trace) - 1))
    step = trace[index]
    for ours, dull in zip(step.ways, walk(trace.layers, step.position), strict=False):
        np.testing.assert_array_equal(ours, dull)
    assert step.ways[-1].sum() == step.ways[-1][step.position] == 1
    assert step.value == trace.output[step.position] == np.count_nonzero(step.ways[0])


@given(STACKS)
def test_its_numbers_are_those_of_the_geometry(layers):
    trace, field = convviz.receptive_field(layers), geometry.receptive_field(layers)
    assert trace.field == field
    assert (trace.size, trace.jump, trace.start, trace.center) == (field.size, field.jump, field.start, field.center)
    position = (0,) * len(field.size)
    assert trace.cells(position) == field.cells(position)
    step = trace[0]
    for cells, along in zip(field.cells(position), step.ways[0].nonzero(), strict=True):
        assert set(map(int, along)) <= set(cells)


@given(STACKS)
def test_each_layer_reads_the_output_of_the_one_before_it(layers):
    trace = convviz.receptive_field(layers)
    for below, above in zip(trace.layers, trace.layers[1:], strict=False):
        assert below.output_shape == tuple(axis.size for axis in above.axes)
    assert trace.layers[-1].output_shape == trace.output.shape
    assert prod(trace.output.shape) >= 1
    for given_, ours in zip(layers, trace.layers, strict=True):
        assert [(a.kernel, a.stride) for a in given_.axes] == [(a.kernel, a.stride) for a in ours.axes]


@pytest.mark.parametrize(
    ("axis", "sentence"),
    [
        (Axis(size=4, kernel=3, before=1, after=1), "Output [0] sees 2 of the 4 input cells: columns 0 to 1."),
        (Axis(size=4, kernel=1), "Output [0] sees 1 of the 4 input cells: column 0."),
        (Axis(size=5, kernel=2, dilation=2), "Output [0] sees 2 of the 5 input cells: columns 0 to 2, with gaps."),
        (
            Axis(size=3, kernel=1, before=2, after=0),
            "Output [0] sees 0 of the 3 input cells: its receptive field lies in the padding.",
        ),
    ],
)
def test_it_says_which_cells_are_seen(axis, sentence):
    assert convviz.receptive_field([Geometry((axis,))])[0].describe() == sentence


@pytest.mark.parametrize(("layers", "error"), [([], ValueError), ([3], TypeError)])
def test_what_is_no_stack_is_refused(layers, error):
    with pytest.raises(error, match="accepted"):
        convviz.receptive_field(layers)
