"""The scene of learning: a kernel, what it makes of the input, how far that is from the target, and the loss."""

from functools import lru_cache
from typing import Any

import numpy as np

from convviz.operations.learning.descent import LearningStep, LearningTrace
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count, size
from convviz.scenes.parts.grid import curve_part, grid_part, marked, number_part
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 32
_LARGE_RATIO = 100
"""Losses that are farther apart are drawn on a logarithmic scale."""


def learning(trace: LearningTrace, look: Look = DESKTOP) -> Scene:
    """Show how a kernel is learned: the kernel after each update, its output minus the target, and the falling loss.

    Parameters
    ----------
    trace : LearningTrace
        Made by `convviz.learn_kernel`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import learn_kernel
    >>> scene = learning(learn_kernel([2, 0, 1], [2, 1], steps=10))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'output', 'target', 'error', 'loss', 'losses']
    """
    learner = _Learner(trace, look)
    return Scene(trace, look, [*learner.layer(), *learner.comparison(), learner.loss(), learner.losses()], written=None)


class _Learner:
    """The parts of the picture."""

    def __init__(self, trace: LearningTrace, look: Look) -> None:
        self.trace, self.look = trace, look
        # Learning is fastest at first.
        chosen = sorted({int(n) - 1 for n in np.geomspace(1, len(trace), _SAMPLED_STEPS)} | {len(trace) - 1})
        self.steps = [trace[number] for number in chosen]
        self.output_at = lru_cache(maxsize=4)(lambda index: trace.layer(index).output)

    def layer(self) -> list[Part]:
        """Show the input, the kernel after so many updates, and its output."""
        trace, look = self.trace, self.look
        kernels = np.stack([step.kernel for step in self.steps])
        note = size(kernels.shape[1:]) + (", flipped when applied" if trace.flip else ", applied as it is")
        plan: dict[str, Any] = {"sign": "∗" if trace.flip else "⋆", "takes_turns": len(trace)}
        what, shape = ("kernel", "kernel", "Kernel, update", note), np.atleast_2d(trace.kernel).shape
        kernel = grid_part(look, *what, values=lambda step: step.kernel, sample=kernels, shape=shape, **plan)
        return [
            grid_part(look, "input", "input", "Input", size(trace.x.shape), values=np.atleast_2d(trace.x)),
            marked(kernel, number=lambda step: step.index),
        ]

    def comparison(self) -> list[Part]:
        """Show the output, the target in the same greys, and the difference."""
        trace, look, target = self.trace, self.look, np.atleast_2d(self.trace.target)
        outputs = np.stack([self.output(step) for step in self.steps])
        note = size(trace.target.shape) + ("" if trace.mode == "valid" else f", mode {trace.mode}")
        more: dict[str, Any] = {"sample": np.concatenate([outputs, target[None]]), "shape": target.shape}
        what = ("error", "products", "Error", "output minus target")
        errors = outputs - target
        both = np.concatenate([errors, -errors])
        return [
            grid_part(look, "output", "output", "Output", note, values=self.output, sign="→", **more),
            grid_part(look, "target", "output", "Target", note, values=target, sign="−", **more),
            grid_part(look, *what, values=self.error, sample=both, shape=target.shape, sign="="),
        ]

    def loss(self) -> Part:
        """Show the loss."""
        what, losses = ("loss", "products", "Loss", "mean of squares"), np.array([step.loss for step in self.steps])
        return number_part(self.look, *what, value_of=lambda step: step.loss, sample=losses, sign="→")

    def losses(self) -> Part:
        """Show the losses of all updates as a curve."""
        losses = self.trace.output
        limits = float(losses.min()), float(losses.max())
        is_logarithmic = limits[0] > 0 and limits[1] / limits[0] > _LARGE_RATIO
        note = count(len(losses) - 1, "update") + (", logarithmic" if is_logarithmic else "")
        curve = {
            "values_of": lambda step: losses,
            "limits": limits if is_logarithmic else (0.0, limits[1] or 1.0),
            "ends": ("0", str(len(losses) - 1)),
            "dot_of": lambda step: step.index,
            "is_logarithmic": is_logarithmic,
        }
        return curve_part(self.look, "losses", "products", "Loss curve", note, curve=curve)

    def output(self, step: LearningStep) -> Array:
        """Return what the kernel of a step makes of the input."""
        return np.atleast_2d(self.output_at(step.index))

    def error(self, step: LearningStep) -> Array:
        """Return how far that is from the target."""
        return self.output(step) - self.trace.target
