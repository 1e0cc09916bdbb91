"""The picture of a transposed convolution: stamps, the sums before and after, the bias, what is cut off, overlaps."""

import numpy as np
import pytest

from convviz import conv_transpose
from convviz.scenes import default_scene, stamps
from convviz.theme import Look
from tests.scenes.extents import panel_of
from tests.scenes.shown import MUCH, WIDTHS, check_frames, check_links, check_shown, reading_of
from tests.scenes.test_layout import check_room

RANDOM = np.random.default_rng(10)


def integers(*shape):
    return RANDOM.integers(-4, 5, shape)


def floats(*shape):
    return RANDOM.normal(size=shape)


TRACES = {
    "plain": conv_transpose(integers(3, 3), integers(1, 1, 3, 3), stride=2),
    "cut off": conv_transpose(integers(1, 3, 3), integers(1, 2, 3, 3), stride=2, padding=1, output_padding=1),
    "bias": conv_transpose(integers(2, 2, 3), integers(2, 2, 2, 2), [1, -2]),
    "both": conv_transpose(floats(3, 3, 3), floats(3, 2, 3, 3), [0.5, 1], stride=2, padding=1),
    "groups": conv_transpose(integers(4, 2, 2), integers(4, 2, 2, 2), groups=2, stride=3),
    "signal": conv_transpose(integers(2, 5), integers(2, 3, 3), [1, 0, 2], stride=2, padding=1),
    "gaps": conv_transpose(floats(1, 3), floats(1, 1, 2), stride=2, dilation=3),
    "rounding": conv_transpose([[0.1, 0.2, -0.3]], [[[1, 1, 1]]], [0.1]),
    "many": conv_transpose(integers(6, 3, 3), integers(6, 8, 2, 2), stride=2),
    "many groups": conv_transpose(integers(6, 2, 2), integers(6, 1, 2, 2), integers(6), groups=6),
    "large": conv_transpose(floats(1, 20, 20), floats(1, 1, 4, 4), stride=2, padding=1),
    "single": conv_transpose([[[3]]], [[[[2]]]]),
}
every_trace = pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())


def a_few(trace):
    return sorted({0, len(trace) // 3, len(trace) // 2, len(trace) - 1})


def stamped(trace, count):
    """Add up the first stamps, product by product; None where there is none yet, though one will come."""
    full = np.full(trace.full.shape, None, object)
    each, stride, dilation = trace.weight.shape[1], trace.geometry.stride, trace.geometry.dilation
    for number, (channel, *cell) in enumerate(np.ndindex(trace.x.shape)):
        group = channel // (len(trace.x) // trace.groups)
        for made, *offset in np.ndindex(trace.weight.shape[1:]):
            along = zip(cell, offset, stride, dilation, strict=True)
            at = (group * each + made, *(c * s + o * d for c, o, s, d in along))
            if number < count:
                product = trace.x[(channel, *cell)] * trace.weight[(channel, made, *offset)]
                full[at] = product + (0 if full[at] is None else full[at])
            elif full[at] is None:
                full[at] = "to come"
    return np.array([None if n == "to come" else 0 if n is None else n for n in full.flat], object).reshape(full.shape)


def expected(trace, step, channel):
    """Compute by dull loops what the panels show."""
    shown = range(len(trace.output)) if len(trace.output) <= 4 else [channel]
    each = trace.weight.shape[1]
    first = step.position[0] // (len(trace.x) // trace.groups) * each
    kernel = np.full((len(trace.output), *trace.weight.shape[2:]), None, object)
    kernel[first : first + each] = trace.weight[step.position[0]]
    stamp = np.array([None if w is None else w * trace.x[step.position] for w in kernel.flat]).reshape(kernel.shape)
    full = stamped(trace, step.index + 1)
    kept = full[trace.crop]
    output = np.array(
        [[None if n is None else n + bias for n in each.flat] for each, bias in zip(kept, trace.bias, strict=True)],
        object,
    )
    reached = np.zeros(trace.full.shape, int)
    for channel_, *cell in np.ndindex(trace.x.shape):
        group = channel_ // (len(trace.x) // trace.groups)
        reads = [slice(p.start, p.stop, p.step) for p in trace.geometry.window(tuple(cell))]
        reached[(slice(group * each, (group + 1) * each), *reads)] += 1
    assert all((counts == reached[0]).all() for counts in reached)
    return {
        "input": trace.x if len(trace.x) <= 4 else trace.x[step.position[0]],
        "value": [step.value],
        "kernel": kernel[list(shown)],
        "stamp": stamp[list(shown)],
        "before": stamped(trace, step.index)[list(shown)],
        "full": full[list(shown)],
        "bias": trace.bias[list(shown)],
        "output": output[list(shown)],
        "overlaps": reached[0],
    }


@pytest.mark.parametrize("width", [360, 1100])
@every_trace
def test_what_stands_in_the_cells_is_what_is_computed(trace, width):
    scene = stamps(trace, Look(width=width, channel=3))
    for index in a_few(trace):
        check_shown(scene, trace[index], expected(trace, trace[index], channel=3))


@pytest.mark.parametrize("width", WIDTHS)
@every_trace
def test_every_row_reads_as_what_is_computed(trace, width):
    scene = stamps(trace, Look(width=width))
    names = [panel.name for panel in scene.panels]
    reading = "input → value × kernel = stamp" if "value" in names else "input × kernel = stamp"
    to_sum = " + before = " if "before" in names else " → "
    is_cut, has_bias = trace.full.shape != trace.output.shape, trace.bias.any()
    reading += to_sum + ("full" if is_cut or has_bias else "output")
    reading += " + bias = output" if has_bias else " → output" if is_cut else ""
    assert reading_of(scene, {"input", "overlaps"}) == reading + " overlaps"
    check_room(scene, a_few(trace))


@every_trace
def test_what_is_cut_off_has_another_ground(trace):
    scene = stamps(trace)
    is_cut = trace.full.shape != trace.output.shape
    rows, columns = (slice(0, 1), *trace.crop[1:])[-2:]
    for panel in scene.panels:
        is_full = panel.name in ("before", "full", "overlaps") and is_cut
        assert panel.part.interior == ((rows, columns) if is_full else None)


def test_the_frame_is_where_the_stamp_is():
    trace = TRACES["cut off"]
    scene = stamps(trace)
    scene.draw(4)
    for name in ("before", "full"):
        panel = panel_of(scene, name)
        [frame] = [drawn.artists[0] for mark, drawn in panel.drawn.items() if getattr(mark, "__name__", "") == "Frame"]
        assert frame.spots == [piece.part(slice(2, 5), slice(2, 5)) for piece in panel.box.pieces]


@pytest.mark.parametrize("look", [Look(width=360, dark=True), Look(width=1100, density=2, channel=7)])
@every_trace
def test_a_frame_is_that_of_a_fresh_picture(trace, look):
    check_frames(stamps, trace, look, [len(trace) - 1, 0, len(trace) // 2, 0])


LINKED = {
    "plain": ((1, 3, 2), (1, 1, 2, 2), {"stride": 1}),
    "cut off": ((2, 3, 3), (2, 2, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    "groups": ((4, 2, 2), (4, 1, 2, 2), {"groups": 2}),
    "many": ((6, 1, 2), (6, 5, 1, 2), {}),
    "signal": ((2, 4), (2, 2, 3), {"dilation": 2, "padding": 1}),
}


@pytest.mark.parametrize(("x", "w", "more"), LINKED.values(), ids=LINKED.keys())
def test_a_cell_is_linked_to_what_its_number_changes(x, w, more):
    groups = more.get("groups", 1)
    operands = {
        "x": RANDOM.integers(1, 9, x),
        "w": RANDOM.integers(1, 9, w),
        "bias": RANDOM.integers(1, 9, w[1] * groups),
    }

    def again(operand, cell):
        larger = {name: array.copy() for name, array in operands.items()}
        larger[operand][cell] += MUCH
        return conv_transpose(larger["x"], larger["w"], larger["bias"], **more)

    trace = conv_transpose(operands["x"], operands["w"], operands["bias"], **more)
    check_links(stamps, trace, again, {"stamp", "output"}, len(trace) - 1)
    check_links(stamps, trace, again, {"stamp"}, 0)


def test_a_cell_of_the_overlaps_leads_to_the_cells_that_stamp_it():
    trace = conv_transpose(np.ones((1, 3, 3)), np.ones((1, 1, 3, 3)), stride=2)
    scene = stamps(trace)
    overlaps, source = panel_of(scene, "overlaps"), panel_of(scene, "input")
    for cell in np.ndindex(overlaps.view.shape):
        found = [at for each in scene.terms.related(overlaps.view, source.view, cell, 0) for at in each.cells()]
        assert len(found) == trace.overlaps[cell[1:]]


def test_one_of_many_channels_is_chosen():
    scene = stamps(TRACES["many"], Look(channel=5))
    assert scene.channels == 8
    assert panel_of(scene, "output").first == 5
    assert stamps(TRACES["both"]).channels == 0


def test_a_trace_with_three_axes_shows_its_output():
    trace = conv_transpose(integers(1, 2, 2, 2), integers(1, 1, 2, 2, 2))
    assert [panel.name for panel in default_scene(trace).panels] == ["output"]
    assert default_scene(TRACES["plain"]).panels[-1].name == "overlaps"
