"""A convolution as the dense layer that computes the same: its weights are tied, and most of them are zero."""

from dataclasses import replace

import numpy as np

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.activation import Activation
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.matrix.toeplitz import MAX_BYTES, tied, toeplitz
from convviz.terms import Terms, View
from convviz.trace import Array


class TiedDenseTrace(DenseTrace):
    """A dense layer with the weights of a convolution; made by `as_dense`."""

    def __init__(self, trace: LayerTrace | WindowTrace, activation: Activation, max_bytes: int) -> None:
        layer = as_layer(trace)
        self._trace, self._tied = trace, tied(trace, max_bytes=max_bytes)
        bias = np.repeat(layer.bias, layer.geometry.windows)
        super().__init__(layer.x.reshape(-1), toeplitz(trace, max_bytes=max_bytes), bias, activation)

    @property
    def tied(self) -> Array:
        """Which weight stands in each entry of ``weight``: see `convviz.tied`."""
        return self._tied

    @property
    def terms(self) -> Terms:
        """The terms of the convolution, with the views of a dense layer.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> terms = as_dense(correlate([1, 2, 3, 4], [5, 6, 7])).terms
        >>> terms.related(terms.views["inputs"], terms.views["neurons"], (0, 3, 0), step=0)
        [Block(slices=(0,), rows=(1,), columns=(0,))]
        """
        terms = self._trace.terms
        matrix, total = terms.views["toeplitz"], terms.views["total"]
        more = {
            "weights": matrix,
            "inputs": View(row=matrix.column),
            "neurons": View(row=matrix.row),
            "window": View(row=matrix.column, fixed=total.fixed),
            "bias": total,
        }
        return replace(terms, views={**terms.views, **more})


def as_dense(
    trace: LayerTrace | WindowTrace, activation: Activation = None, *, max_bytes: int = MAX_BYTES
) -> TiedDenseTrace:
    """View a convolution as a dense layer with one neuron for each output cell.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        The function that is applied to each neuron's sum; if left out, that of the layer, if it has one.
    max_bytes : int
        The limit of memory for making the weights: 256 MiB if left out.

    Returns
    -------
    TiedDenseTrace
        A trace of `dense`: its ``weight`` is the `toeplitz` matrix, and ``tied`` says which entries are the same.

    Raises
    ------
    TypeError, ValueError
        As in `toeplitz` and `dense`.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> layer = as_dense(correlate([1, 2, 3, 4], [5, 6, -7]), "relu")
    >>> layer.preactivation, layer.output
    (array([-4,  0]), array([0, 0]))
    """
    return TiedDenseTrace(trace, as_layer(trace).activation if activation is None else activation, max_bytes)
