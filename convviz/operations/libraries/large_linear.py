"""A large Linear: compared with PyTorch at once, copied and computed in float64 when it is first looked at."""

from typing import Any

import numpy as np

from convviz.operations.arithmetic.foreign_arrays import readable
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.neurons import as_weights, is_large
from convviz.operations.libraries.rounding import moved, rounding
from convviz.operations.libraries.torch_running import Given, Part
from convviz.trace import Array

_SAMPLED = 64
"""So many weights of each neuron bound the length of its row of weights from below: enough for usual weights."""


class LargeLinearTrace(DenseTrace):
    """A `DenseTrace` that copies its weights, and computes in float64, when something of it is first asked for.

    Parameters
    ----------
    x, weight, bias : ndarray
        As in `convviz.dense`: ``weight`` is the memory of the layer itself.
    rough : ndarray
        The sums in the layer's own number type. They tell whether the layer has learned meanwhile.
    called : str
        What the user calls the layer, for the error.
    """

    def __init__(self, x: Array, weight: Array, bias: Array, rough: Array, called: str) -> None:
        # The parts of a DenseTrace are made by `__getattr__`.
        self._later = x, weight, bias, rough, called

    def __getattr__(self, name: str) -> Any:
        """Compute everything: Python calls this for what is not there yet."""
        later = vars(self).get("_later")
        if later is None or name.startswith("__"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        x, weight, bias, rough, called = later
        super().__init__(x, weight, bias, None)
        if not (np.abs(self.preactivation - rough) <= rounding(self, weight.dtype.name)).all():
            vars(self).clear()
            self._later = later
            raise ValueError(
                f"the weights of {called} have changed since it was explained, before its trace was first looked at; "
                f"accepted: a new explain of it, or an explain of copy.deepcopy({called}), which does not change"
            )
        del self._later
        return getattr(self, name)


def large_linear(part: Part, x: Array, given: Given) -> LargeLinearTrace | None:
    """Return the trace of a large Linear that gives what it should, as far as its number type shows beyond doubt.

    Parameters
    ----------
    part : Part
        The layer: a Linear.
    x : ndarray
        What it reads, without a batch axis.
    given : Given
        What it gives.

    Returns
    -------
    LargeLinearTrace or None
        None for a layer that has to be computed at once: a small one, one of a narrower number type, and one whose
        output differs, or may differ, from what its parameters give.
    """
    weight = as_weights("weight", part.layer.weight)
    if not is_large(weight) or x.shape != weight.shape[1:] or given.numbers.shape != weight.shape[:1]:
        return None
    bias = np.zeros(len(weight)) if part.layer.bias is None else np.asarray(readable(part.layer.bias))
    with np.errstate(over="ignore", invalid="ignore"):
        rough = weight @ x.astype(weight.dtype, copy=False) + bias
        sample = weight[:, :_SAMPLED]
        lengths = np.sqrt(np.einsum("ni,ni->n", sample, sample), dtype=float)
        sizes = np.maximum(lengths * np.sqrt(x @ x), np.abs(rough))
        allowed = moved(sizes + np.abs(bias), len(x) + 1, given.dtype)
        # Half of what is allowed is left for the rounding of the sums made here.
        agrees = (np.abs(given.numbers - rough) <= allowed / 2) & np.isfinite(allowed)
    return LargeLinearTrace(x, weight, bias, rough, part.called) if agrees.all() else None
