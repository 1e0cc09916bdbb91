"""Terms of operations on cells, rows and uneven windows, against a dull oracle: change a number, see what changes."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from convviz.operations.layers.adaptive_pool import AdaptiveTrace, adaptive_pool
from convviz.operations.layers.dense_rows import dense_rows
from convviz.operations.layers.elementwise import elementwise
from convviz.operations.layers.flatten import flatten
from convviz.operations.layers.rectifiers import leaky_relu
from convviz.operations.layers.scale_shift import scale_shift
from tests.operations.test_index_notation import cell_at, changed, enlarged, flat, positive, steps_of

shapes = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)


@given(shapes, st.data())
def test_a_scale_meets_its_channel(shape, data):
    arrays = {"x": positive(shape), "scale": positive(shape[:1]), "shift": positive(shape[:1])}
    trace = scale_shift(**arrays)
    terms, views = trace.terms, trace.terms.views
    step = data.draw(st.integers(0, len(trace) - 1))
    for name, view in (("x", "input"), ("scale", "scale"), ("shift", "shift")):
        number = data.draw(st.integers(0, arrays[name].size - 1))
        after = scale_shift(**arrays | {name: enlarged(arrays[name], number)})
        outputs = changed(trace.output, after.output)
        assert flat(terms, views[view], views["output"], number, step) == outputs
        here = changed(trace.output[trace[step].position[0]], after.output[trace[step].position[0]])
        assert flat(terms, views[view], views["map"], number, step) == here
        assert flat(terms, views[view], views["value"], number, step) == ({0} if step in outputs else set())
        assert steps_of(terms, views[view], number) == sorted(outputs)
        cell = np.unravel_index(number, arrays[name].shape)
        assert terms.cell_of(name, views[view], cell_at(views[view], number), step) == cell


@given(st.lists(st.integers(1, 3), min_size=1, max_size=6).map(tuple), st.data())
def test_each_cell_is_computed_separately(shape, data):
    trace = elementwise(positive(shape), leaky_relu, {"slope": positive(shape[:1])})
    number = data.draw(st.integers(0, len(trace) - 1))
    terms, views = trace.terms, trace.terms.views
    assert flat(terms, views["x"], views["output"], number) == {number}
    assert terms.step_of(views["output"], cell_at(views["output"], number), 0) == number
    assert terms.cell_of("slope", views["value"], (0, 0, 0), number) == (trace[number].position[0],)


@given(shapes, st.data())
def test_a_flattened_cell_stays_what_it_is(shape, data):
    first = data.draw(st.integers(0, len(shape) - 1))
    trace = flatten(positive(shape), first, data.draw(st.integers(first, len(shape) - 1)))
    number = data.draw(st.integers(0, len(trace) - 1))
    terms, views = trace.terms, trace.terms.views
    assert np.prod(views["output"].shape) == trace.output.size
    assert views["output"].shape[2] == trace.output.shape[-1]
    assert flat(terms, views["input"], views["output"], number) == {number}
    assert flat(terms, views["output"], views["input"], number) == {number}
    assert terms.cell_of("x", views["output"], cell_at(views["output"], number), 0) == trace[number].source


@given(shapes, st.integers(1, 3), st.integers(1, 3), st.data())
def test_each_neuron_reads_a_row(rows, inputs, neurons, data):
    arrays = {"x": positive((*rows, inputs)), "weight": positive((neurons, inputs)), "bias": positive((neurons,))}
    trace = dense_rows(**arrays)
    terms, views = trace.terms, trace.terms.views
    step = data.draw(st.integers(0, len(trace) - 1))
    row = trace[step].position[:-1]
    for name, view in (("x", "input"), ("weight", "weights")):
        number = data.draw(st.integers(0, arrays[name].size - 1))
        after = dense_rows(**arrays | {name: enlarged(arrays[name], number)})
        outputs = changed(trace.output, after.output)
        assert flat(terms, views[view], views["output"], number, step) == outputs
        assert flat(terms, views[view], views["neurons"], number, step) == changed(trace.output[row], after.output[row])
        products = changed(trace[step].products, after[step].products)
        assert flat(terms, views[view], views["products"], number, step) == products
        assert steps_of(terms, views[view], number) == sorted(outputs)
        cell = np.unravel_index(number, arrays[name].shape)
        operand = {"weight": "w"}.get(name, name)
        assert terms.cell_of(operand, views[view], cell_at(views[view], number), step) == cell
    assert terms.cell_of("bias", views["bias"], (0, 0, 0), step) == trace[step].position[-1:]


@given(st.integers(1, 2), st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5)), min_size=1, max_size=2), st.data())
def test_uneven_windows_meet_the_cells_that_they_cover(channels, axes, data):
    x, output = positive((channels, *(size for size, _ in axes))), tuple(count for _, count in axes)
    trace = adaptive_pool(x, output)
    assume(isinstance(trace, AdaptiveTrace))
    terms, views = trace.terms, trace.terms.views
    number = data.draw(st.integers(0, x.size - 1))
    outputs = changed(trace.output, adaptive_pool(enlarged(x, number), output).output)
    assert flat(terms, views["input"], views["output"], number) == outputs
    assert steps_of(terms, views["input"], number) == sorted(outputs)
    assert terms.cell_of("x", views["input"], cell_at(views["input"], number), 0) == np.unravel_index(number, x.shape)
    step = data.draw(st.integers(0, len(trace) - 1))
    larger = [adaptive_pool(enlarged(x, at), output).output for at in range(x.size)]
    window = {at for at, after in enumerate(larger) if step in changed(trace.output, after)}
    assert flat(terms, views["output"], views["input"], step) == window
    assert flat(terms, views["total"], views["input"], 0, step) == window
