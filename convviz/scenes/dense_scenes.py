"""The scene of a dense layer: its neurons, and one neuron's sum as a row of the weights times the inputs."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

import numpy as np

from convviz.operations.layers.dense import DenseTrace
from convviz.operations.matrix.toeplitz import ZERO
from convviz.scenes.layout.arrange import readable
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.panels.marks import Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.ties import Ties
from convviz.scenes.panels.words import explained, planned, size
from convviz.scenes.pixel_scenes import neuron_parts, row_of
from convviz.scenes.scene import Scene
from convviz.scenes.sums import sum_of_neuron
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_SAMPLED_STEPS = 32


def dense_layer(trace: DenseTrace, look: Look = DESKTOP) -> Scene:
    """Show a dense layer: a line for each weight, and below it, the step's row of weights times the inputs.

    Where weights are tied, as those of a convolution are, each has a colour and pattern of its own; entries that hold
    no weight are blank, and their lines dotted.

    Parameters
    ----------
    trace : DenseTrace
        Made by `convviz.dense`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import dense
    >>> scene = dense_layer(dense([1, 2, 3], [[1, 0, -1], [2, 2, 2]], [0, 5]))
    >>> [panel.name for panel in scene.panels]
    ['inputs', 'links', 'neurons', 'weights', 'vector', 'products', 'bias', 'total']
    """
    parts = _Parts(trace, look)
    sums = [parts.cell("bias", "kernel", "Bias", "Σ+"), parts.cell("total", "output", "Total", "=")]
    if trace.activation:
        sums.append(parts.cell("value", "output", trace[0].activation, "→"))
    sums[0] = replace(sums[0], edits="bias")
    first = [replace(part, edits="x" if part.plan.name == "inputs" else "") for part in neuron_parts(trace, look)]
    vectors = [
        parts.weights(),
        parts.column("vector", "input", "Inputs", "×"),
        parts.column("products", "products", "Products", "="),
    ]
    return Scene(trace, look, [*first, *vectors, *sums], written=sum_of_neuron)


class _Parts:
    """The parts of one neuron's sum."""

    def __init__(self, trace: DenseTrace, look: Look) -> None:
        self.trace, self.look, self.views = trace, look, trace.terms.views
        self.steps = list(trace[:: max(1, len(trace) // _SAMPLED_STEPS)])

    def weights(self) -> Part:
        """Show the weights as a matrix; where it has too many rows, the one that the step uses."""
        matrix, view = self.trace.weight, self.views["weights"]
        neurons, inputs = matrix.shape
        if neurons <= READABLE_CELLS:
            part = self._part("weights", "kernel", "Weights", size(matrix.shape), matrix, matrix, begins=True)
            frame = Frame(block_of=row_of(inputs), colour=self.look.theme.kernel.strong)
            return self._tied(replace(part, view=view, edits="w", marks=(frame,)))
        note, row = f"of {size(matrix.shape)} weights", matrix[:1]
        part = self._part("weights", "kernel", "Row", note, matrix, row, begins=True, takes_turns=neurons)
        view = replace(view, row=(), fixed=("g", "f"))
        return replace(part, values=attrgetter("weights"), view=view, edits="w", number=attrgetter("index"))

    def _tied(self, part: Part) -> Part:
        """Give entries the fills of their weights, where some are tied and can be read; those without one are blank."""
        tied = self.trace.tied
        if tied is None or not readable(part.plan, self.look.width):
            return part
        ties = Ties(weights=tied, count=int(tied.max()) + 1)
        return replace(part, values=np.ma.masked_array(self.trace.weight, tied == ZERO), tint=ties)

    def column(self, name: str, role: str, title: str, sign: str) -> Part:
        """Show the inputs, or the products with them, one below the other."""
        sample = self.trace.x if name == "vector" else np.stack([step.products for step in self.steps])
        part = self._part(name, role, title, "", sample, self.trace.x[:, None], sign=sign, follows=name == "products")
        values = self.trace.x if name == "vector" else attrgetter("products")
        return replace(part, values=values, view=self.views["window"] if name == "products" else self.views["inputs"])

    def cell(self, name: str, role: str, title: str, sign: str) -> Part:
        """Show a single number of the step."""
        named: dict[str, Any] = {
            "bias": attrgetter("bias"),
            "total": attrgetter("settled_preactivation"),
            "value": attrgetter("settled_value"),
        }
        number_of = named[name]
        sample = np.array([number_of(step) for step in self.steps])
        part = self._part(name, role, title, "", sample, sample[:1, None], sign=sign, follows=True)
        view = self.views["bias" if name == "bias" else "total"]
        return replace(part, values=lambda step: np.asarray(number_of(step)), view=view)

    def _part(self, name: str, role: str, title: str, note: str, sample: Array, cells: Array, **plan: Any) -> Part:
        colour = getattr(self.look.theme, role)
        made = planned(name, title, note, shape=cells.shape, numbers=sample, colour=colour, **plan)
        return explained(Part(plan=made, values=cells), sample, self.look)
