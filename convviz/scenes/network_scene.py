"""The scene of two layers that learn: both filters, their feature maps, and what becomes of the loss."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.operations.learning.two_layers import NetworkStep, NetworkTrace
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count
from convviz.scenes.parts.grid import grid_part, is_readable, marked, number_part, some_steps
from convviz.scenes.parts.losses import loss_curve
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 12


def two_layers(trace: NetworkTrace, look: Look = DESKTOP) -> Scene:
    """Show two layers that learn: a row for each filter, its feature map and its gradient, and the falling loss.

    Parameters
    ----------
    trace : NetworkTrace
        Made by `learn_two_layers`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz.operations.learning.two_layers import learn_two_layers
    >>> scene = two_layers(learn_two_layers([1, 0, 2, 0], [1, 2], steps=10))
    >>> [panel.name for panel in scene.panels]
    ['signal', 'filters', 'hidden', 'second', 'output', 'goal', 'error', 'loss', 'gradient', 'losses']
    """
    network = _Network(trace, look)
    curve = loss_curve(look, trace.output)
    return Scene(trace, look, [*network.layers(), *network.comparison(), network.gradient(), curve], written=None)


class _Network:
    """The parts of the picture."""

    def __init__(self, trace: NetworkTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        self.steps: list[NetworkStep] = some_steps(trace, _SAMPLED_STEPS)

    def layers(self) -> list[Part]:
        """Show the input, both layers' weights, and the feature maps between them."""
        signal = self.trace.x[None]
        what = ("signal", "input", "Input", count(signal.size, "number"))
        x = grid_part(self.look, *what, values=signal, view=self.views["signal"])
        filters = f"{count(len(self.trace.w), 'filter')}, a row for each"
        turns = {"sign": "⋆", "takes_turns": len(self.trace)}
        w = self._of_step("filters", "kernel", "Filters, update", filters, lambda step: step.w, "filters", **turns)
        note = "a row for each filter"
        return [
            marked(x, edits="signal" if is_readable(x, self.look) else ""),
            marked(w, number=lambda step: step.index),
            self._of_step("hidden", "products", "Feature maps", note, lambda step: step.hidden, "hidden", sign="relu→"),
            self._of_step("second", "kernel", "Weights", "", lambda step: step.v[:, None], "second", sign="×"),
            self._of_step(
                "output", "output", "Output", "maps × weights", lambda step: step.prediction[None], "output", sign="Σ→"
            ),
        ]

    def comparison(self) -> list[Part]:
        """Show the target, the error, and the loss."""
        target = self.trace.target
        what = ("goal", "output", "Target", "")
        goal = grid_part(self.look, *what, values=target[None], view=self.views["output"], sign="−")
        losses = np.array([step.value for step in self.steps])
        return [
            marked(goal, edits="goal" if is_readable(goal, self.look) else ""),
            self._of_step("error", "products", "Error", "", lambda step: step.prediction[None] - target, "output"),
            number_part(
                self.look, "loss", "products", "Loss", "", value_of=lambda step: step.value, sample=losses, sign="→"
            ),
        ]

    def gradient(self) -> Part:
        """Show the gradients of the filters."""
        note = f"next filters: filters − {numeral(self.trace.rate)} × gradient"
        what = ("gradient", "products", "Gradient of the filters", note)
        return self._of_step(*what, lambda step: step.w_gradient, "filters", sign="")

    def _of_step(
        self, name: str, role: str, title: str, note: str, values: Callable[[Any], Array], view: str, **plan: Any
    ) -> Part:
        sample = np.stack([values(step) for step in self.steps])
        shape, plan = sample.shape[1:], {"sign": "=", **plan}
        what = (name, role, title, note)
        return grid_part(self.look, *what, values=values, sample=sample, shape=shape, view=self.views[view], **plan)
