"""The scene of learning: a kernel, what it makes of the input, how far that is from the target, and the loss."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.learning.descent import LearningStep, LearningTrace
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import size
from convviz.scenes.parts.grid import grid_part, is_readable, marked, number_part
from convviz.scenes.parts.losses import loss_curve
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 12


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
    ['input', 'kernel', 'output', 'target', 'error', 'loss', 'gradient', 'losses']
    """
    learner = _Learner(trace, look)
    parts = [*learner.layer(), *learner.comparison(), learner.loss(), learner.gradient()]
    parts += [learner.twin()] if twin else []
    return Scene(trace, look, [*parts, loss_curve(look, trace.output, int(trace.updates[-1]))], written=None)


class _Learner:
    """The parts of the picture."""

    def __init__(self, trace: LearningTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        # Learning is fastest at first.
        chosen = sorted({int(n) - 1 for n in np.geomspace(1, len(trace), _SAMPLED_STEPS)} | {len(trace) - 1})
        self.steps = [trace[number] for number in chosen]
        self.output_at = lru_cache(maxsize=4)(lambda index: trace.layer(index).output)

    def layer(self) -> list[Part]:
        """Show the input, the kernel after so many updates, and its output."""
        trace, look = self.trace, self.look
        kernels = np.stack([step.kernel for step in self.steps])
        note = size(kernels.shape[1:]) + (", flipped when applied" if trace.flip else ", applied as it is")
        plan: dict[str, Any] = {"sign": "∗" if trace.flip else "⋆", "takes_turns": int(trace.updates[-1]) + 1}
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
        more["view"] = self.views["output"]
        what = ("error", "products", "Error", "output minus target")
        errors = outputs - target
        both = np.concatenate([errors, -errors])
        goal = grid_part(look, "target", "output", "Target", note, values=target, sign="−", **more)
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
        shape, view = np.atleast_2d(self.trace.kernel).shape, self.views["given"]
        return grid_part(self.look, *what, values=lambda step: step.gradient, sample=gradients, shape=shape, view=view)

    def twin(self) -> Part:
        """Show the kernel that is learned with a flip where this one is without, or the other way round."""
        twin = self.trace.twin
        _, kernel = _Learner(twin, self.look).layer()
        title = "With a flip" if twin.flip else "Without a flip"
        plan = replace(kernel.plan, title=f"{title}, update", name="twin", sign="")
        return replace(kernel, plan=plan, values=lambda step: twin[step.index].kernel)

    def output(self, step: LearningStep) -> Array:
        """Return what the kernel of a step makes of the input."""
        return np.atleast_2d(self.output_at(step.index))

    def error(self, step: LearningStep) -> Array:
        """Return how far that is from the target."""
        return self.output(step) - self.trace.target
