"""The scene of learning: a kernel, what it makes of the input, how far that is from the target, and the loss."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.learning.descent import LearningStep, LearningTrace
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import decimals_of, size, widest
from convviz.scenes.parts.grid import grid_part, is_readable, marked, number_part
from convviz.scenes.parts.losses import loss_curve
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 12
_NARROW_PX, _WIDE_PX = 500, 960
"""In less room than the first, what is learned stands first; with the second, two lines hold everything."""
_WIDE_HEIGHT_PX = 345.0
_BUTTONS_PX = 14.0
"""Room for the buttons that add rows to the input, beside it."""
_CURVES_PX = {_WIDE_PX: (520.0, 76.0), _NARROW_PX: (200.0, 100.0), 0: (160.0, 80.0)}
"""Width and height of the loss curve, from each width of the page on."""


def learning(trace: LearningTrace, look: Look = DESKTOP, *, twin: bool = False) -> Scene:
    """Show how a kernel is learned: the kernel after each update, its output minus the target, and the falling loss.

    Parameters
    ----------
    trace : LearningTrace
        Made by `convviz.learn_kernel`.
    look : Look
        The room at hand.
    twin : bool
        Whether to show as well what the same run learns in a layer that does the opposite: one that flips its kernel,
        or one that does not.

    Examples
    --------
    >>> from convviz import learn_kernel
    >>> scene = learning(learn_kernel([2, 0, 1], [2, 1], steps=10))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'output', 'target', 'error', 'loss', 'losses', 'gradient']
    """
    learner = _Learner(trace, look)
    parts = learner.on_a_phone(twin) if look.width < _NARROW_PX else learner.as_an_equation(twin)
    return Scene(trace, look, parts, written=None, height=_WIDE_HEIGHT_PX if look.width >= _WIDE_PX else None)


class _Learner:
    """The parts of the picture."""

    def __init__(self, trace: LearningTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        # Learning is fastest at first.
        chosen = sorted({int(n) - 1 for n in np.geomspace(1, len(trace), _SAMPLED_STEPS)} | {len(trace) - 1})
        self.steps = [trace[number] for number in chosen]
        self.output_at = lru_cache(maxsize=4)(lambda index: trace.layer(index).output)

    def as_an_equation(self, twin: bool) -> list[Part]:
        """Show input ⋆ kernel → output − target = error → loss, then what is made of it."""
        rest = [self.gradient(), *([self.twin()] if twin else [])]
        return [*self.layer(), *self.comparison(), self.loss(), self.curve(), *rest]

    def on_a_phone(self, twin: bool) -> list[Part]:
        """Show what is learned in the first lines: the kernel and its loss, the input, and output beside target."""
        x, kernel = self.layer()
        output, target, *error = self.comparison()
        applied = replace(output.plan, sign="", begins=True, note=f"input {kernel.plan.sign} kernel")
        return [
            replace(kernel, plan=replace(kernel.plan, sign="")),
            self.curve(),
            replace(x, plan=replace(x.plan, begins=True)),
            *([self.twin_beside_input()] if twin else []),
            replace(output, plan=applied),
            target,
            *error,
            self.loss(),
            self.gradient(),
        ]

    def layer(self) -> list[Part]:
        """Show the input, the kernel after so many updates, and its output."""
        trace, look = self.trace, self.look
        kernels = np.stack([step.kernel for step in self.steps])
        note = size(kernels.shape[1:]) + (", flipped when applied" if trace.flip else ", applied as it is")
        plan: dict[str, Any] = {"sign": "∗" if trace.flip else "⋆", "takes_turns": int(trace.updates[-1]) + 1}
        plan["decimals"] = decimals_of(float(np.abs(kernels).max()))
        what, shape = ("kernel", "kernel", "Kernel, update", note), np.atleast_2d(trace.kernel).shape
        view = self.views["given"]
        kernel = grid_part(look, *what, values=lambda step: step.kernel, sample=kernels, shape=shape, view=view, **plan)
        what = ("input", "input", "Input", size(trace.x.shape))
        x = grid_part(look, *what, values=np.atleast_2d(trace.x), view=self.views["x"])
        return [marked(x, edits="x" if is_readable(x, look) else ""), marked(kernel, number=lambda step: step.updates)]

    def comparison(self) -> list[Part]:
        """Show the output, the target in the same greys, and the difference."""
        trace, look, target = self.trace, self.look, np.atleast_2d(self.trace.target)
        outputs = np.stack([self.output(step) for step in self.steps])
        note = size(trace.target.shape) + ("" if trace.mode == "valid" else f", mode {trace.mode}")
        more: dict[str, Any] = {"sample": np.concatenate([outputs, target[None]]), "shape": target.shape}
        more |= {"view": self.views["output"], "decimals": decimals_of(float(np.abs(more["sample"]).max()))}
        what = ("error", "products", "Error", "output minus target")
        errors = outputs - target
        both = np.concatenate([errors, -errors])
        goal = grid_part(look, "target", "output", "Target", note, values=target, sign="−", **more)
        if is_readable(goal, look):  # as wide as its own numbers are
            goal = replace(goal, plan=replace(goal.plan, number_em=widest(target, more["decimals"])))
        return [
            grid_part(look, "output", "output", "Output", note, values=self.output, sign="→", **more),
            marked(goal, edits="target" if is_readable(goal, look) else ""),
            grid_part(look, *what, values=self.error, **{**more, "sample": both}, sign="="),
        ]

    def loss(self) -> Part:
        """Show the loss."""
        what, losses = ("loss", "products", "Loss", "mean of squares"), np.array([step.loss for step in self.steps])
        return number_part(self.look, *what, value_of=lambda step: step.loss, sample=losses, sign="→")

    def gradient(self) -> Part:
        """Show the gradient of the loss, and what is made of it."""
        what = ("gradient", "products", "Gradient", f"next: kernel − {numeral(self.trace.rate)} × gradient")
        gradients = np.stack([step.gradient for step in self.steps])
        more: dict[str, Any] = {"shape": np.atleast_2d(self.trace.kernel).shape, "view": self.views["given"]}
        more["decimals"] = decimals_of(float(np.abs(gradients).max()))
        return grid_part(self.look, *what, values=lambda step: step.gradient, sample=gradients, **more)

    def curve(self) -> Part:
        """Show the losses of all updates."""
        room = next(sides for width, sides in _CURVES_PX.items() if self.look.width >= width)
        return loss_curve(self.look, self.trace.output, int(self.trace.updates[-1]), slice_px=room)

    def twin(self) -> Part:
        """Show the kernel that is learned with a flip where this one is without, or the other way round."""
        twin = self.trace.twin
        _, kernel = _Learner(twin, self.look).layer()
        title = "With a flip" if twin.flip else "Without a flip"
        plan = replace(kernel.plan, title=title, name="twin", sign="", takes_turns=0)
        return replace(kernel, plan=plan, values=lambda step: twin[step.index].kernel, number=None)

    def twin_beside_input(self) -> Part:
        """Show the same where the buttons of the input need room before it."""
        twin = self.twin()
        return replace(twin, plan=replace(twin.plan, apart_px=_BUTTONS_PX, note=twin.plan.note.partition(", ")[2]))

    def output(self, step: LearningStep) -> Array:
        """Return what the kernel of a step makes of the input."""
        return np.atleast_2d(self.output_at(step.index))

    def error(self, step: LearningStep) -> Array:
        """Return how far that is from the target."""
        return self.output(step) - self.trace.target
