"""The scene of a whole model: a box for each layer, in the order of work."""

from typing import Any

import numpy as np

from convviz.operations.libraries.model_trace import INPUT, UNSEEN, ModelStep, ModelTrace, counted, written
from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.layout.arrange import SLICE_GAP_PX, room
from convviz.scenes.layout.box import Plan, note_px
from convviz.scenes.panels.labels import HATCHED, LABEL_PX, Labels, around_px, label_size, shortened
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, NOTE_PX, Look, Role

_MOST_STEPS = 120
"""With more steps than this, boxes hold only the kind and the shapes: else, the picture would be too tall."""
_WIDE_PX, _WIDEST_PX = 500, (147.0, 152.0)
"""Widest boxes on narrow and on wide pages: two stand side by side on the narrowest, and six on a usual one."""
_SHORT_PX = 96.0
"""Three boxes of this width stand side by side on the narrowest page."""


def layer_strip(trace: ModelTrace, look: Look = DESKTOP) -> Scene:
    """Show the layers of a model as boxes, in the order of work: shapes, parameters and MACs. The step's is framed.

    A layer reads the output of the one before, unless an arrow in its box says what it reads. A single shape is that
    of what it reads and of what it gives. The stripe of a layer with parameters has the colour of kernels, and that of
    a layer which is not explained is hatched.

    With more than 120 steps, boxes hold only the kind of the layer and its shape, and the sentence of a step the rest.

    Parameters
    ----------
    trace : ModelTrace
        Made by `convviz.explain` of a whole model.
    look : Look
        The room at hand.

    Examples
    --------
    If PyTorch is installed, ``layer_strip(convviz.explain(torch.nn.Sequential(…), x))`` has a single panel of boxes.
    """
    is_short = len(trace) > _MOST_STEPS
    most = _SHORT_PX if is_short else _WIDEST_PX[look.width > _WIDE_PX]
    lines = [
        [step.kind, f"→ {written(step.shape_out)}"] if is_short else _lines(trace, step, most - around_px())
        for step in trace
    ]
    width, height = label_size(lines)
    width = min(most, max(width, *(note_px(step.name) for step in trace)))
    lines = [[shortened(line, LABEL_PX, width - around_px()) for line in each] for each in lines]
    plan = Plan(
        name="layers",
        title=f"{trace.name}, layer by layer",
        note=_note(trace, look),
        colour=Role(strong=look.theme.ink, pale=look.theme.raised),
        rows=1,
        columns=1,
        number_em=1.0,
        slices=len(trace),
        across=max(1, min(len(trace), int((room(look.width) + SLICE_GAP_PX) // (width + SLICE_GAP_PX)))),
        captions=tuple(shortened(step.name, NOTE_PX, width) for step in trace),
        slice_px=(width, height),
    )
    part = Part(
        plan=plan,
        values=np.array([step.value for step in trace]),
        view=trace.terms.views["layers"],
        tint=Labels(lines=lines, stripes=[_stripe(step, look) for step in trace]),
        words=tuple(step.describe() for step in trace),
        marks=(Frame(block_of=_box_of, colour=look.theme.accent),),
    )
    return Scene(trace, look, [part], written=None)


def _lines(trace: ModelTrace, step: ModelStep, room_px: float) -> list[str]:
    """Return what stands in a box, with room for lines of a width."""
    lines = [step.kind, *_shapes(step, room_px)]
    lines += [counted(step.parameters, "parameter")] if step.parameters else []
    lines += [counted(step.macs, "MAC")] if step.macs else ["MACs not counted"] if step.macs is None else []
    lines += ["passes its input on"] if step.passes else ["not explained"] if step.plain else []
    if step.reads == UNSEEN:
        lines.append("← other operations")
    elif step.reads != step.index - 1:
        lines.append("← input" if step.reads == INPUT else f"← {trace[step.reads].name}")
    return lines


def _shapes(step: ModelStep, room_px: float) -> list[str]:
    """Return what a layer makes of what: one shape where it keeps it, and two lines where one is too short."""
    before, after = written(step.shape_in), written(step.shape_out)
    line = after if before == after else f"{before} → {after}"
    return [line] if text_width(line, LABEL_PX) <= room_px else [before, f"→ {after}"]


def _stripe(step: ModelStep, look: Look) -> str | None:
    if step.passes:
        return None
    return HATCHED if step.plain else (look.theme.kernel if step.parameters else look.theme.output).strong


def _note(trace: ModelTrace, look: Look) -> str:
    """Return what the whole model comes to, as far as there is room to say it."""
    are_all = all(step.macs is not None for step in trace)
    sums = [counted(trace.parameters, "parameter"), ("" if are_all else "at least ") + counted(trace.macs, "MAC")]
    outside = f"{counted(trace.parameters_outside, 'parameter')} outside the layers"
    more = [counted(len(trace), "step"), *sums, *([outside] if trace.parameters_outside else [])]
    return next((note for each in (more, sums) if note_px(note := ", ".join(each)) <= room(look.width)), sums[0])


def _box_of(step: Any) -> Block:
    return slice(step.index, step.index + 1), slice(0, 1), slice(0, 1)
