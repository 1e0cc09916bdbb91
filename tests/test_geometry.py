"""Where windows land, against looking at every place there is."""

from dataclasses import FrozenInstanceError
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz import correlate
from convviz.geometry import Axis, Geometry, ReceptiveField, receptive_field
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pool import pool
from convviz.operations.matching.match_template import match_template

axes = st.builds(
    Axis,
    size=st.integers(1, 9),
    kernel=st.integers(1, 4),
    before=st.integers(0, 4),
    after=st.integers(0, 4),
    stride=st.integers(1, 4),
    dilation=st.integers(1, 3),
).filter(lambda axis: axis.padded >= axis.extent)


def read(axis, position):
    """List the cells that a window reads, one by one."""
    return [position * axis.stride + offset * axis.dilation for offset in range(axis.kernel)]


@given(axes)
def test_as_many_windows_as_fit(axis):
    assert all(cell < axis.padded for cell in read(axis, axis.output - 1))
    assert any(cell >= axis.padded for cell in read(axis, axis.output))


@given(axes)
def test_a_window_reads_one_cell_for_each_of_the_kernel(axis):
    cells = np.arange(axis.padded)
    for position in range(axis.output):
        assert cells[axis.window(position)].tolist() == read(axis, position)


@given(st.lists(axes, min_size=1, max_size=2))
def test_a_geometry_is_its_axes(along):
    geometry = Geometry(tuple(along))
    assert geometry.output_shape == tuple(axis.output for axis in along)
    assert geometry.windows == len(list(np.ndindex(geometry.output_shape)))
    assert geometry.padded_shape == tuple(axis.before + axis.size + axis.after for axis in along)
    assert geometry.kernel_shape == tuple(axis.kernel for axis in along)
    assert geometry.before == tuple(axis.before for axis in along)
    assert geometry.after == tuple(axis.after for axis in along)
    assert geometry.stride == tuple(axis.stride for axis in along)
    assert geometry.dilation == tuple(axis.dilation for axis in along)
    padded = np.zeros(geometry.padded_shape)
    padded[geometry.interior] = 1
    assert padded.sum() == np.prod([axis.size for axis in along])
    assert padded[tuple(axis.before for axis in along)] == 1
    for position in np.ndindex(geometry.output_shape):
        assert padded[geometry.window(position)].shape == geometry.kernel_shape


@given(st.lists(axes, min_size=1, max_size=2), st.data())
def test_a_kernel_cell_meets_what_the_windows_have_there(along, data):
    geometry = Geometry(tuple(along))
    offset = tuple(data.draw(st.integers(0, axis.kernel - 1)) for axis in along)
    cells = np.arange(np.prod(geometry.padded_shape)).reshape(geometry.padded_shape)
    met = [cells[geometry.window(position)][offset] for position in np.ndindex(geometry.output_shape)]
    assert cells[geometry.reads(offset)].ravel().tolist() == met


@given(axes)
def test_windows_do_not_depend_on_the_other_axis(axis):
    other = Axis(size=5, kernel=2)
    assume(axis.output > 1)
    geometry = Geometry((axis, other))
    for row, column in product(range(axis.output), range(other.output)):
        assert geometry.window((row, column)) == (axis.window(row), other.window(column))


@pytest.mark.parametrize(
    ("axis", "output"),
    [
        (Axis(size=5, kernel=3), 3),
        (Axis(size=5, kernel=3, before=1, after=1), 5),
        (Axis(size=6, kernel=3, stride=2), 2),
        (Axis(size=7, kernel=3, dilation=2), 3),
        (Axis(size=32, kernel=5, before=2, after=2, stride=2), 16),
        (Axis(size=1, kernel=1), 1),
    ],
)
def test_output_sizes_as_in_the_textbooks(axis, output):
    assert axis.output == output


def test_a_position_has_one_number_an_axis():
    with pytest.raises(ValueError, match="zip"):
        Geometry((Axis(size=5, kernel=3),)).window((0, 0))


def test_geometries_are_values():
    assert Axis(size=5, kernel=3) == Axis(size=5, kernel=3)
    assert hash(Geometry((Axis(size=5, kernel=3),))) == hash(Geometry((Axis(size=5, kernel=3),)))
    with pytest.raises(FrozenInstanceError):
        Axis(size=5, kernel=3).size = 6


# --- receptive fields


def seen(stack, position):
    """Follow an output cell down through its layers, window by window, to the input cells it sees, padding included."""
    cells = {position}
    for axis in reversed(stack):
        cells = {
            cell * axis.stride + offset * axis.dilation - axis.before for cell in cells for offset in range(axis.kernel)
        }
    return cells


@given(st.lists(axes, min_size=1, max_size=4), st.integers(0, 5))
def test_a_receptive_field_is_what_windows_of_windows_reach(stack, position):
    field = receptive_field([Geometry((axis,)) for axis in stack])
    cells = seen(stack, position)
    (span,) = field.cells((position,))
    assert (span.start, span.stop) == (min(cells), max(cells) + 1)
    assert field.size == (len(span),)
    assert field.start == (min(seen(stack, 0)),)
    assert field.jump == (min(seen(stack, 1)) - min(seen(stack, 0)),)
    assert field.center == ((min(seen(stack, 0)) + max(seen(stack, 0))) / 2,)


def test_axes_have_receptive_fields_of_their_own():
    rows, columns = Axis(size=9, kernel=3, before=1, after=1), Axis(size=9, kernel=2, stride=2)
    field = receptive_field([Geometry((rows, columns))] * 2)
    assert field == ReceptiveField(size=(5, 4), jump=(1, 4), start=(-2, 0))
    assert Geometry((rows, columns)).receptive_field == ReceptiveField(size=(3, 2), jump=(1, 2), start=(-1, 0))


def test_the_receptive_field_of_a_small_network():
    picture = np.zeros((1, 12, 12))
    first = conv_layer(picture, np.ones((1, 1, 3, 3)), padding="same")
    second = pool(first.output, 2)
    third = conv_layer(second.output, np.ones((1, 1, 3, 3)))
    field = receptive_field([first, second, third])
    assert field == ReceptiveField(size=(8, 8), jump=(2, 2), start=(-1, -1))
    assert third.geometry.receptive_field.size == (3, 3)
    alone = correlate([1, 2, 3], [1, 2])
    assert receptive_field([alone]) == receptive_field(alone) == receptive_field(alone.geometry)


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ([], ValueError, "layers is empty; accepted: at least one layer"),
        (match_template([[1, 2]], [[1]]), TypeError, r"layers\[0\] is a MatchTrace; accepted: layers whose windows"),
        ([3], TypeError, r"layers\[0\] is 3 \(int\); accepted: a Geometry, or a trace that has one"),
        (
            [dense([1], [[1]])],
            TypeError,
            r"layers\[0\] is .* \(DenseTrace\); accepted: a Geometry, or a trace that has",
        ),
        (
            [correlate([1, 2], [1]), conv_transpose([[1, 2]], [[[1, 1]]], stride=2)],
            TypeError,
            r"layers\[1\] is a StampTrace; accepted: layers whose windows read their input",
        ),
        (
            [correlate([1, 2], [1]), correlate([[1, 2]], [[1]])],
            ValueError,
            "layers have 1 and 2 axes; accepted: the same number in each layer",
        ),
    ],
)
def test_what_has_no_receptive_field_is_named(layers, error, message):
    with pytest.raises(error, match=message):
        receptive_field(layers)
