"""The terms that operations declare, against a dull oracle: change one number, and see what else changes.

All numbers are positive, and are only ever made larger, so that no change can cancel out.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.convolution.correlate import convolve, correlate
from convviz.operations.convolution.echoes import echoes
from convviz.operations.convolution.outer_product import outer_product
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import conv_layer
from convviz.operations.layers.conv_transpose import conv_transpose
from convviz.operations.layers.dense import dense
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.operations.layers.pool import pool
from convviz.operations.learning.gradients import gradients
from convviz.operations.matching.match_template import match_template
from convviz.operations.matrix.im2col import im2col
from convviz.operations.matrix.toeplitz import tied, toeplitz
from convviz.terms import Block, Terms, View
from tests.strategies import layer_calls, window_calls

MUCH = 1000


def positive(shape: Any) -> np.ndarray:
    numbers: np.ndarray = np.random.default_rng(len(shape)).integers(1, 10, shape)
    return numbers


def enlarged(array: np.ndarray, number: int) -> np.ndarray:
    """Make one number of an array, counted flat, much larger."""
    larger = array.copy()
    larger.reshape(-1)[number] += MUCH
    return larger


def cell_at(view: View, number: int) -> Any:
    """Find slice, row and column of a cell that is counted flat."""
    return tuple(map(int, np.unravel_index(number, view.shape)))


def flat(terms: Terms, pointed: View, other: View, number: int, step: int = 0) -> set[int]:
    """List what is related to a cell, all cells counted flat."""
    found = [at for block in terms.related(pointed, other, cell_at(pointed, number), step) for at in block.cells()]
    assert len(found) == len(set(found))
    return {int(np.ravel_multi_index(at, other.shape)) for at in found}


def changed(before: Any, after: Any) -> set[int]:
    return set(map(int, np.flatnonzero(np.asarray(before) != np.asarray(after))))


def steps_of(terms: Terms, view: View, number: int) -> list[int]:
    return terms.steps_of(view, cell_at(view, number), 0)


# --- sliding windows


def layer_panels(trace: Any, index: int) -> dict[str, np.ndarray]:
    """Collect the numbers in a layer's panels at a step, those of the step's filter spread over all channels."""
    layer, step = as_layer(trace), trace[index]
    number = 0 if layer.bare else step.position[0]
    channels = layer.channels_of(number)

    def spread(values: Any) -> np.ndarray:
        every = np.zeros((len(layer.x), *np.shape(values)[1:]))
        every[channels] = values
        return every

    lifted = (lambda values: values[None]) if layer.bare else (lambda values: values)
    products = lifted(step.products)
    return {
        "input": layer.padded,
        "x": layer.x,
        "window": spread(lifted(step.patch)),
        "kernel": spread(layer.kernel[number]),
        "given": spread(layer.weight[number]),
        "filters": layer.weight,
        "weights": layer.weight,
        "products": spread(products),
        "sums": spread(products.reshape(len(products), -1).sum(axis=1)),
        "total": layer.preactivation.reshape(-1)[[index]],
        "output": layer.preactivation,
        "map": layer.preactivation[number],
        "toeplitz": toeplitz(trace),
        "im2col": im2col(trace),
    }


@st.composite
def layers(draw: st.DrawFn) -> tuple[Callable[..., Any], dict[str, np.ndarray]]:
    """Draw a layer, or one of the operations that are a layer of one channel; and its arrays."""
    if draw(st.booleans()):
        trace, _ = draw(window_calls())
        operation = convolve if trace.flip else correlate
        mode: Any = "full" if trace.output.shape > trace.x.shape else "valid"
        mode = "same" if trace.output.shape == trace.x.shape else mode
        return lambda x, w, **_: operation(x, w, mode), {"x": positive(trace.x.shape), "w": positive(trace.w.shape)}
    call = draw(layer_calls())
    arrays = {"x": positive(call.x.shape), "w": positive(call.weight.shape), "bias": positive(call.weight.shape[:1])}
    return lambda x, w, bias, **more: conv_layer(x, w, bias, **call.parameters | more), arrays


SHOWS = {
    "x": ("input", "window", "products", "sums", "total", "output", "map", "im2col"),
    "w": ("kernel", "given", "sums", "total", "output", "map", "toeplitz"),
}
"""Panels whose numbers change with those of the input, and with the weights."""


@given(layers(), st.data())
def test_what_changes_in_the_panels_of_a_layer_is_related(case, data):
    run, arrays = case
    name, view = data.draw(st.sampled_from([("x", "x"), ("w", "filters"), ("w", "weights")]))
    number = data.draw(st.integers(0, arrays[name].size - 1))
    before = run(**arrays)
    after = run(**arrays | {name: enlarged(arrays[name], number)})
    step = data.draw(st.integers(0, len(before) - 1))
    old, new = layer_panels(before, step), layer_panels(after, step)
    terms = before.terms
    read = np.zeros(old["input"].shape, bool)
    for window in map(before.geometry.window, np.ndindex(before.geometry.output_shape)):
        read[(..., *window)] = True
    for panel in SHOWS[name]:
        expected = changed(old[panel], new[panel])
        if panel == "input":  # a cell that no window reads is in no term
            expected &= set(np.flatnonzero(read))
        assert flat(terms, terms.views[view], terms.views[panel], number, step) == expected, panel
    assert steps_of(terms, terms.views[view], number) == sorted(changed(old["output"], new["output"]))


@settings(max_examples=50)
@given(layers(), st.data())
def test_all_that_a_cell_of_a_panel_is_made_of_is_related(case, data):
    run, arrays = case
    trace = run(**arrays)
    step = data.draw(st.integers(0, len(trace) - 1))
    panel = data.draw(st.sampled_from(["output", "total", "products", "sums", "window", "kernel", "im2col", "map"]))
    terms = trace.terms
    old, views = layer_panels(trace, step), terms.views
    number = data.draw(st.integers(0, old[panel].size - 1))
    for name, view in (("x", "x"), ("w", "filters")):
        if panel not in SHOWS[name]:
            continue
        larger = [run(**arrays | {name: enlarged(arrays[name], at)}) for at in range(arrays[name].size)]
        news = [layer_panels(after, step)[panel].reshape(-1)[number] for after in larger]
        expected = {at for at, new in enumerate(news) if new != old[panel].reshape(-1)[number]}
        assert flat(terms, views[panel], views[view], number, step) == expected


@given(layers(), st.data())
def test_a_cell_of_a_panel_shows_a_cell_of_an_operand(case, data):
    run, arrays = case
    name = data.draw(st.sampled_from(["x", "w"]))
    number = data.draw(st.integers(0, arrays[name].size - 1))
    trace = run(**arrays)
    step = data.draw(st.integers(0, len(trace) - 1))
    # What a border holds copies of is not changed there: as if the border were zeros.
    before, after = (
        layer_panels(run(**arrays | {name: array}, padding_mode="zeros"), step)
        for array in (arrays[name], enlarged(arrays[name], number))
    )
    cell = tuple(map(int, np.unravel_index(number, arrays[name].shape)))
    panels = {"x": ("input", "x", "window", "products", "im2col"), "w": ("kernel", "given", "filters", "weights")}
    terms = trace.terms
    for panel in panels[name]:
        view = terms.views[panel]
        cells = enumerate(np.ndindex(view.shape))
        found = {at for at, where in cells if terms.cell_of(name, view, where, step) == cell}
        assert found == changed(before[panel], after[panel]), panel


@given(layers(), st.data())
def test_a_padded_cell_is_related_to_what_reads_it_or_a_copy(case, data):
    run, arrays = case
    trace = run(**arrays)
    terms = trace.terms
    layer, views = as_layer(trace), terms.views
    number = data.draw(st.integers(0, layer.padded.size - 1))
    channel, *at = map(int, np.unravel_index(number, layer.padded.shape))
    sources = [int(origin[where]) for origin, where in zip(layer.origins, at, strict=True)]
    if min(sources) < 0:
        filters = [f for f in range(len(layer.output)) if channel in range(*layer.channels_of(f).indices(len(layer.x)))]
        windows = [
            place
            for place in np.ndindex(layer.geometry.output_shape)
            if all(
                where in range(part.stop)[part] for where, part in zip(at, layer.geometry.window(place), strict=True)
            )
        ]
        cells = [(f, *place) for f in filters for place in windows]
        expected = {int(np.ravel_multi_index(cell, layer.output.shape)) for cell in cells}
    else:
        source = int(np.ravel_multi_index((channel, *sources), layer.x.shape))
        expected = changed(trace.output, run(**arrays | {"x": enlarged(arrays["x"], source)}).output)
    assert flat(terms, views["input"], views["output"], number) == expected


@given(layers(), st.data())
def test_a_bias_is_in_all_cells_of_its_map(case, data):
    run, arrays = case
    assume("bias" in arrays)
    trace = run(**arrays)
    step = data.draw(st.integers(0, len(trace) - 1))
    terms = trace.terms
    number, views = trace[step].position[0], terms.views
    after = run(**arrays | {"bias": enlarged(arrays["bias"], number)})
    expected = changed(trace.output, after.output)
    assert flat(terms, views["bias"], views["output"], 0, step) == expected
    assert flat(terms, View(row=terms.operands["bias"]), views["output"], number, step) == expected
    assert terms.cell_of("bias", views["bias"], (0, 0, 0), step) == (number,)


# --- the matrices


@given(layers(), st.data())
def test_weights_stand_in_a_toeplitz_matrix_where_terms_lead(case, data):
    run, arrays = case
    trace = run(**arrays)
    terms = trace.terms
    matrix, numbers, views = toeplitz(trace), tied(trace), terms.views
    number = data.draw(st.integers(0, trace.output.size - 1))
    expected = {number * matrix.shape[1] + int(column) for column in np.flatnonzero(matrix[number])}
    assert flat(terms, views["output"], views["toeplitz"], number) == expected
    number = data.draw(st.integers(0, arrays["x"].size - 1))
    expected = {int(row) * matrix.shape[1] + number for row in np.flatnonzero(matrix[:, number])}
    assert flat(terms, views["x"], views["toeplitz"], number) == expected
    number = data.draw(st.integers(0, matrix.size - 1))
    row, column = divmod(number, matrix.shape[1])
    assert flat(terms, views["toeplitz"], views["output"], number) == ({row} if matrix[row, column] else set())
    assert flat(terms, views["toeplitz"], views["x"], number) == ({column} if matrix[row, column] else set())
    weight = terms.cell_of("w", views["toeplitz"], (0, row, column), 0)
    if numbers[row, column] >= 0 and as_layer(trace).copies == 1:
        assert weight == np.unravel_index(numbers[row, column], arrays["w"].shape)
    elif numbers[row, column] == -1:
        assert weight is None


@given(layers(), st.data())
def test_im2col_has_a_column_for_each_window_and_a_row_for_each_weight(case, data):
    run, arrays = case
    trace = run(**arrays)
    terms = trace.terms
    layer, columns, views = as_layer(trace), im2col(trace), terms.views
    number = data.draw(st.integers(0, trace.output.size - 1))
    filter_, window = divmod(number, layer.geometry.windows)
    channels, each = layer.channels_of(filter_), columns.shape[0] // len(layer.x)
    rows = range(channels.start * each, channels.stop * each)
    expected = {row * columns.shape[1] + window for row in rows}
    assert flat(terms, views["output"], views["im2col"], number) == expected
    offset = data.draw(st.integers(0, len(rows) - 1))
    expected = {rows[offset] * columns.shape[1] + at for at in range(columns.shape[1])}
    assert flat(terms, views["filters"], views["im2col"], filter_ * len(rows) + offset) == expected


# --- transposed convolutions, in which a step is an input cell


@st.composite
def stampings(draw: st.DrawFn) -> tuple[Callable[..., Any], dict[str, np.ndarray]]:
    axes, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    sizes = st.tuples(*[st.integers(1, 3)] * axes)
    spatial, kernel, stride, dilation = (draw(sizes) for _ in range(4))
    full = [(n - 1) * s + d * (k - 1) + 1 for n, k, s, d in zip(spatial, kernel, stride, dilation, strict=True)]
    parameters: dict[str, Any] = {
        "stride": stride,
        "dilation": dilation,
        "padding": tuple(draw(st.integers(0, (n - 1) // 2)) for n in full),
        "output_padding": tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)),
        "groups": groups,
    }
    channels = groups * draw(st.integers(1, 2))
    arrays = {"x": positive((channels, *spatial)), "w": positive((channels, draw(st.integers(1, 2)), *kernel))}
    return lambda x, w: conv_transpose(x, w, **parameters), arrays


def stamp_panels(trace: Any, index: int) -> dict[str, np.ndarray]:
    step = trace[index]

    def spread(values: np.ndarray) -> np.ndarray:
        every = np.zeros((len(trace.output), *values.shape[1:]))
        every[step.window[0]] = values
        return every

    panels = {"input": trace.x, "value": step.value, "kernel": spread(step.kernel), "stamp": spread(step.stamp)}
    return panels | {"filters": trace.weight, "full": trace.full, "output": trace.output}


@given(stampings(), st.data())
def test_what_changes_in_the_panels_of_a_transposed_convolution_is_related(case, data):
    run, arrays = case
    name, view = data.draw(st.sampled_from([("x", "input"), ("w", "filters")]))
    number = data.draw(st.integers(0, arrays[name].size - 1))
    trace, after = run(**arrays), run(**arrays | {name: enlarged(arrays[name], number)})
    step = data.draw(st.integers(0, len(trace) - 1))
    old, new = stamp_panels(trace, step), stamp_panels(after, step)
    terms = trace.terms
    views = terms.views
    for panel in {"x": ("input", "value", "stamp"), "w": ("filters", "kernel", "stamp")}[name] + ("full", "output"):
        assert flat(terms, views[view], views[panel], number, step) == changed(old[panel], new[panel]), panel
    cell = tuple(map(int, np.unravel_index(number, arrays[name].shape)))
    assert terms.cell_of(name, views[view], cell_at(views[view], number), step) == cell
    assert steps_of(terms, views["input"], step) == [step]


@settings(max_examples=50)
@given(stampings(), st.data())
def test_an_output_cell_of_a_transposed_convolution_belongs_to_the_steps_that_reach_it(case, data):
    run, arrays = case
    trace = run(**arrays)
    number = data.draw(st.integers(0, trace.output.size - 1))
    terms = trace.terms
    views = terms.views
    larger = [run(**arrays | {"x": enlarged(arrays["x"], at)}).output for at in range(arrays["x"].size)]
    expected = [at for at, after in enumerate(larger) if number in changed(trace.output, after)]
    assert steps_of(terms, views["output"], number) == expected
    assert flat(terms, views["output"], views["input"], number) == set(expected)
    larger = [run(**arrays | {"w": enlarged(arrays["w"], at)}).output for at in range(arrays["w"].size)]
    weights = {at for at, after in enumerate(larger) if number in changed(trace.output, after)}
    assert flat(terms, views["output"], views["filters"], number) == weights


def test_a_bias_is_in_all_cells_of_its_channel_that_a_stamp_reaches():
    trace = conv_transpose(positive((2, 3)), positive((2, 2, 2)), [1, 2], stride=2)
    terms = trace.terms
    assert flat(terms, terms.views["bias"], terms.views["output"], 1) == set(range(6, 12))


# --- pooling


@st.composite
def poolings(draw: st.DrawFn) -> tuple[Any, np.ndarray]:
    axes, kind = draw(st.integers(1, 3)), draw(st.sampled_from(["max", "mean"]))
    size = tuple(draw(st.integers(1, 3)) for _ in range(axes))
    parameters: dict[str, Any] = {
        "kind": kind,
        "stride": tuple(draw(st.integers(1, 3)) for _ in range(axes)),
        "padding": tuple(draw(st.integers(0, k // 2)) for k in size),
        "dilation": tuple(draw(st.integers(1, 2 if kind == "max" else 1)) for _ in range(axes)),
        "ceil_mode": draw(st.booleans()),
        "count_include_pad": draw(st.booleans()),
    }
    x = positive((draw(st.integers(1, 2)), *(draw(st.integers(1, 6 if axes < 3 else 3)) for _ in range(axes))))
    try:
        pool(x, size, **parameters)
    except ValueError:  # no window fits, or one reads no cell of the input
        assume(False)
    return lambda x: pool(x, size, **parameters), x


@given(poolings(), st.data())
def test_a_cell_is_related_to_the_windows_that_contain_it(case, data):
    run, x = case
    trace, number = run(x), data.draw(st.integers(0, x.size - 1))
    after = run(enlarged(x, number))
    step = data.draw(st.integers(0, len(trace) - 1))
    terms = trace.terms
    views, outputs = terms.views, changed(trace.output, after.output)
    assert flat(terms, views["x"], views["output"], number) == outputs
    assert steps_of(terms, views["x"], number) == sorted(outputs)
    patches = changed(trace[step].patch, after[step].patch)
    assert flat(terms, views["x"], views["window"], number, step) == patches
    assert flat(terms, views["x"], views["total"], number, step) == ({0} if patches else set())
    cell = np.unravel_index(number, x.shape)
    for patch in patches:
        where = cell_at(views["window"], patch)
        assert terms.cell_of("x", views["window"], where, step) == cell
        assert flat(terms, views["window"], views["input"], patch, step) == changed(trace.padded, after.padded)


@settings(max_examples=50)
@given(poolings(), st.data())
def test_an_output_cell_of_a_pooling_is_related_to_its_window(case, data):
    run, x = case
    trace = run(x)
    number = data.draw(st.integers(0, trace.output.size - 1))
    larger = [run(enlarged(x, at)).output for at in range(x.size)]
    expected = {at for at, after in enumerate(larger) if number in changed(trace.output, after)}
    assert flat(trace.terms, trace.terms.views["output"], trace.terms.views["x"], number) == expected


# --- neurons


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_each_neuron_of_a_dense_layer_reads_every_input_with_weights_of_its_own(inputs, neurons, data):
    arrays = {"x": positive((inputs,)), "weight": positive((neurons, inputs)), "bias": positive((neurons,))}
    trace = dense(**arrays)
    terms, views = trace.terms, trace.terms.views
    step = data.draw(st.integers(0, neurons - 1))
    for name, view in (("x", "inputs"), ("weight", "weights"), ("weight", "filters")):
        number = data.draw(st.integers(0, arrays[name].size - 1))
        after = dense(**arrays | {name: enlarged(arrays[name], number)})
        for panel in ("output", "neurons"):
            assert flat(terms, views[view], views[panel], number, step) == changed(trace.output, after.output)
        products = changed(trace[step].products, after[step].products)
        assert flat(terms, views[view], views["products"], number, step) == products
        cell = np.unravel_index(number, arrays[name].shape)
        where = cell_at(views[view], number)
        assert terms.cell_of({"weight": "w"}.get(name, name), views[view], where, step) == cell
    number = data.draw(st.integers(0, neurons - 1))
    larger = [dense(**arrays | {"weight": enlarged(arrays["weight"], at)}).output for at in range(neurons * inputs)]
    expected = {at for at, after in enumerate(larger) if number in changed(trace.output, after)}
    assert flat(terms, views["output"], views["weights"], number) == expected
    assert steps_of(terms, views["output"], number) == [number]


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.data())
def test_neurons_that_slide_read_one_pixel(channels, neurons, rows, columns, data):
    x, weight = positive((channels, rows, columns)), positive((neurons, channels))
    trace, number = pointwise_dense(x, weight), data.draw(st.integers(0, x.size - 1))
    after = pointwise_dense(enlarged(x, number), weight)
    terms, views = trace.terms, trace.terms.views
    step = data.draw(st.integers(0, len(trace) - 1))
    _, row, column = trace[step].position
    assert flat(terms, views["input"], views["output"], number, step) == changed(trace.output, after.output)
    inputs = changed(trace[step].inputs, after[step].inputs)
    assert flat(terms, views["input"], views["inputs"], number, step) == inputs
    here = changed(trace.output[:, row, column], after.output[:, row, column])
    assert flat(terms, views["input"], views["neurons"], number, step) == here
    number = data.draw(st.integers(0, weight.size - 1))
    after = pointwise_dense(x, enlarged(weight, number))
    assert flat(terms, views["weights"], views["output"], number, step) == changed(trace.output, after.output)
    cell = np.unravel_index(number, weight.shape)
    assert terms.cell_of("w", views["weights"], (0, *cell), step) == cell


# --- echoes and tables, in which a step is a sample or an anti-diagonal


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_each_sample_sets_off_an_echo(samples, delays, data):
    arrays = {"x": positive((samples,)), "h": positive((delays,))}
    trace, table = echoes(**arrays), outer_product(**arrays)
    terms, in_table = trace.terms, table.terms
    step = data.draw(st.integers(0, samples - 1))
    for name, view in (("x", "input"), ("h", "response")):
        number = data.draw(st.integers(0, arrays[name].size - 1))
        larger = arrays | {name: enlarged(arrays[name], number)}
        after, other = echoes(**larger), outer_product(**larger)
        views = terms.views
        outputs = changed(trace.output, after.output)
        every = [changed(old.echo, new.echo) for old, new in zip(trace, after, strict=True)]
        rows = {row * trace.output.size + at for row, echo in enumerate(every) for at in echo}
        assert flat(terms, views[view], views["output"], number, step) == outputs
        assert flat(terms, views[view], views["echo"], number, step) == every[step]
        assert flat(terms, views[view], views["echoes"], number, step) == rows
        assert steps_of(terms, views[view], number) == [at for at, echo in enumerate(every) if echo]
        views = in_table.views
        assert flat(in_table, views[view], views["table"], number) == changed(table.table, other.table)
        assert steps_of(in_table, views[view], number) == sorted(outputs)
    number = data.draw(st.integers(0, trace.output.size - 1))
    reaching = [at for at, one in enumerate(trace) if one.echo[number]]
    assert steps_of(terms, terms.views["output"], number) == reaching
    rows, columns = table[number].cells
    cells = {int(row) * delays + int(column) for row, column in zip(rows, columns, strict=True)}
    assert flat(in_table, in_table.views["output"], in_table.views["table"], number) == cells
    for cell in cells:
        assert steps_of(in_table, in_table.views["table"], cell) == [number]


# --- gradients and templates


@given(layers(), st.data())
def test_gradients_are_made_of_the_same_terms(case, data):
    run, arrays = case
    trace = run(**arrays)
    number = data.draw(st.integers(0, trace.output.size - 1))
    upstream = positive(trace.output.shape)
    before, after = gradients(trace, upstream), gradients(trace, enlarged(upstream, number))
    terms, views = before.terms, before.terms.views
    assert flat(terms, views["output"], views["x"], number) == changed(before.x, after.x)
    assert flat(terms, views["output"], views["filters"], number) == changed(before.weight, after.weight)
    cell = np.unravel_index(number, upstream.shape)
    where = cell_at(views["output"], number)
    assert terms.cell_of("upstream", views["output"], where, 0) == cell


@pytest.mark.parametrize("metric", ["ssd", "mse", "correlation"])
def test_a_template_meets_the_cells_of_each_window(metric):
    image, template = positive((4, 5)), positive((2, 3))
    trace = match_template(image, template, metric)
    terms, views = trace.terms, trace.terms.views
    for number in range(image.size):
        after = match_template(enlarged(image, number), template, metric)
        assert flat(terms, views["input"], views["output"], number) == changed(trace.output, after.output)
        assert terms.cell_of("image", views["input"], (0, *divmod(number, 5)), 0) == divmod(number, 5)


# --- large ones, of which no list of all terms could be made


def all_of(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def test_a_photograph_is_solved_axis_by_axis():
    axis = Axis(size=512, kernel=11, before=5, after=5)
    terms = sliding_window(Geometry((axis, axis)), channels=3, filters=64)
    views, middle = terms.views, 20 * 512 * 512 + 100 * 512 + 100
    whole = Block(slices=(20,), rows=tuple(range(5, 512)), columns=all_of(512))
    assert terms.related(views["kernel"], views["output"], (1, 0, 5), middle) == [whole]
    around = Block(slices=all_of(64), rows=tuple(range(290, 301)), columns=tuple(range(390, 401)))
    assert terms.related(views["input"], views["output"], (2, 300, 400), middle) == [around]
    read = Block(slices=all_of(3), rows=all_of(522), columns=all_of(522))
    assert terms.related(views["bias"], views["input"], (0, 0, 0), middle) == [read]
    assert terms.step_of(views["output"], (20, 100, 100), 0) == middle
    assert terms.step_of(views["filters"], (5, 5, 5), 0) is None


def test_many_channels_are_solved_group_by_group():
    axis = Axis(size=16, kernel=3)
    terms = sliding_window(Geometry((axis, axis)), channels=256, filters=256, groups=2)
    views, step = terms.views, 300 * 14 * 14
    here = {"rows": (4, 5, 6), "columns": (4, 5, 6)}
    assert terms.related(views["output"], views["input"], (300, 4, 4), 0) == [
        Block(slices=tuple(range(256, 512)), **here)
    ]
    assert terms.related(views["input"], views["output"], (300, 6, 6), 0) == [
        Block(slices=tuple(range(256, 512)), **here)
    ]
    assert terms.related(views["input"], views["kernel"], (300, 6, 6), step) == [
        Block(slices=(300,), rows=(0, 1, 2), columns=(0, 1, 2))
    ]
    assert terms.cell_of("w", views["given"], (300, 1, 2), step) == (300, 44, 1, 2)
    depthwise = sliding_window(Geometry((axis, axis)), groups=512)
    assert depthwise.related(depthwise.views["input"], depthwise.views["output"], (300, 6, 6), 0) == [
        Block(slices=(300,), **here)
    ]
