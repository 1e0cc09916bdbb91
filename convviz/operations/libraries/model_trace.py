"""A whole model, layer by layer: what each layer reads, gives, learns and costs, and its own trace when asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, SupportsIndex

import numpy as np

from convviz.operations.layers.chain import Chain
from convviz.operations.layers.parameters import grouped
from convviz.terms import Coordinate, Terms, View
from convviz.trace import Array, Step, Trace

INPUT, UNSEEN = -1, -2
"""What a layer may read instead of the output of another layer: the model's input, or what is made between layers."""
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ModelStep(Step):
    """One layer at work. ``value`` is how many numbers it gives. A layer that works twice has two steps.

    Parameters
    ----------
    name : str
        The layer's name in the model, such as 'layer1.0.conv1'.
    kind : str
        The name of its class.
    shape_in, shape_out : tuple of int or None
        The shapes of what it reads and gives, without a batch axis; None for what is no tensor.
    parameters : int
        How many numbers it learns.
    macs : int or None
        How many products of a weight and a number it adds up: multiply-accumulate operations. They are counted for
        convolutions and linear layers, with the zeros of a border; layers without parameters, and normalisations, count
        as 0. None for other layers.
    reads : int
        The step whose output it reads: `INPUT` (-1) for the model's input, and `UNSEEN` (-2) for what operations
        between the layers have made, such as an addition.
    first : int
        The first step of the same layer: this one, unless the layer has worked before.
    plain : str
        Why the layer has no trace, as far as that is known beforehand; empty for a layer that should have one.
    passes : bool
        Whether it has none because it passes its input on unchanged.
    notes : tuple of str
        Sentences on what it reads, and on what becomes of its output.
    opened : callable
        Returns its trace, or a sentence that says why it has none.
    """

    name: str
    kind: str
    shape_in: Shape | None
    shape_out: Shape | None
    parameters: int
    macs: int | None
    reads: int
    first: int
    plain: str
    passes: bool
    notes: tuple[str, ...]
    opened: Callable[[], Trace[Any] | str] = field(repr=False)

    @property
    def trace(self) -> Trace[Any] | None:
        """The layer's trace on the numbers that it reads in the model, made now; None for one that has none."""
        found = self.opened()
        return None if isinstance(found, str) else found

    @property
    def reason(self) -> str:
        """Why the layer has no trace, in a sentence; empty if it has one."""
        found = self.opened()
        return found if isinstance(found, str) else ""

    def describe(self) -> str:
        """Describe the layer in plain sentences: its shapes, parameters and costs, and what it reads.

        Examples
        --------
        >>> step = ModelStep(0, (0,), 8, "conv", "Conv1d", (1, 6), (2, 4), 8, 24, INPUT, 0, "", False, (), str)
        >>> step.describe()
        'conv (Conv1d): 1×6 → 2×4, 8 parameters, 24 MACs.'
        """
        facts = [f"{written(self.shape_in)} → {written(self.shape_out)}"]
        facts += [counted(self.parameters, "parameter")] if self.parameters else []
        facts += [counted(self.macs, "MAC")] if self.macs else ["MACs not counted"] if self.macs is None else []
        return " ".join(
            [f"{self.name} ({self.kind}): {', '.join(facts)}.", *self.notes, *([self.plain] * bool(self.plain))]
        )


class ModelTrace(Trace[ModelStep]):
    """A model at work on one input, as `convviz.explain` sees it: a step for each layer, in the order of work.

    ``output`` is the model's own output, without a batch axis. A step's ``trace`` is the trace of that layer on the
    numbers that it reads in the model: ``convviz.show(trace[3].trace)``. It is computed when asked for.

    Parameters
    ----------
    x, output : ndarray
        What the model reads and gives, without a batch axis.
    steps : sequence of ModelStep
        The layers, in the order in which they work.
    name : str
        The name of the model's class.
    parameters : int
        How many numbers the model learns.
    chain : callable
        Makes the chain of traces, where the model is one.
    """

    def __init__(
        self,
        x: Array,
        output: Array,
        steps: Sequence[ModelStep],
        *,
        name: str,
        parameters: int,
        chain: Callable[[], Chain],
    ) -> None:
        super().__init__(output, steps=len(steps))
        self._x, self._made, self._name, self._parameters, self._chain = x, tuple(steps), name, parameters, chain
        self._x.setflags(write=False)

    @property
    def x(self) -> Array:
        """The model's input, without a batch axis."""
        return self._x

    @property
    def name(self) -> str:
        """The name of the model's class."""
        return self._name

    @property
    def parameters(self) -> int:
        """How many numbers the model learns; those of a layer that works twice count once."""
        return self._parameters

    @property
    def parameters_outside(self) -> int:
        """How many of these belong to no layer, but to a part of the model that calls layers."""
        return self._parameters - sum(step.parameters for step in self._made if step.first == step.index)

    @property
    def macs(self) -> int:
        """How many multiply-accumulate operations all layers need, as far as they are counted."""
        return sum(step.macs or 0 for step in self._made)

    @property
    def terms(self) -> Terms:
        """Which step each layer of a picture stands for."""
        along = Coordinate(size=len(self), of={"n": 1})
        return Terms(indices={"n": len(self)}, operands={}, step=(along,), views={"layers": View(slice=(along,))})

    def chain(self) -> Chain:
        """Return the traces of all layers as a chain, computed in float64 from the first layer to the last.

        Returns
        -------
        Chain
            Each trace reads the output of the one before. Layers that pass on their input are left out.

        Raises
        ------
        TypeError
            If the model is no Sequential of layers that `convviz.explain` accepts by themselves.
        ValueError
            If an option of a layer is not supported, or the layers give something else than the model.
        """
        return self._chain()

    def partial(self, index: SupportsIndex) -> "np.ma.MaskedArray[Any, Any]":
        """Return the model's output after the last layer, and nothing known of it before."""
        is_last = self[index].index == len(self) - 1
        return np.ma.masked_array(self.output, mask=np.full(self.output.shape, not is_last))

    def _step(self, index: int) -> ModelStep:
        return self._made[index]


def written(shape: Shape | None) -> str:
    """Write a shape.

    Examples
    --------
    >>> written((3, 4)), written((5,)), written(()), written(None)
    ('3×4', '5', '1', 'no tensor')
    """
    return "no tensor" if shape is None else "×".join(map(str, shape)) or "1"


def counted(number: int, what: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "parameter"), counted(1728, "MAC")
    ('1 parameter', '1728 MACs')
    """
    return f"{grouped(number)} {what}{'' if number == 1 else 's'}"
