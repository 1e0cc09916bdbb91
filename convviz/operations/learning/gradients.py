"""Backpropagation through one layer: each output cell adds to the gradients of weights, input and bias."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, SupportsIndex

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.learning.backward import activation_slope, add_up_gradients
from convviz.operations.learning.gradient_step import GradientStep, flip_axes
from convviz.operations.matrix.toeplitz import MAX_BYTES, ZERO, tied
from convviz.terms import Terms
from convviz.trace import Array, Trace

_ARGUMENTS = "the layer's numbers and upstream"


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of a loss with respect to the weights, the input and the bias of a layer.

    Parameters
    ----------
    weight : ndarray
        ∂L/∂weight, shaped like the weights as given.
    x : ndarray
        ∂L/∂x, shaped like the input.
    bias : ndarray, shape (C_out,)
        ∂L/∂bias. `correlate` and `convolve` have no bias; this is the gradient that a bias would have.
    padded : ndarray
        The gradient of the padded input, before the border's numbers are added to the cells that were copied.
    """

    weight: Array
    x: Array
    bias: Array
    padded: Array


class GradientTrace(Trace[GradientStep]):
    """A layer's backward pass; made by `gradients`.

    Steps run through the layer's output. ``output`` is ∂L/∂preactivation. Each step adds the part of one output cell
    to ``weight``, ``x`` and ``bias``.
    """

    def __init__(self, trace: LayerTrace | WindowTrace, upstream: Array, slope: Array | None) -> None:
        self._trace, self._layer = trace, as_layer(trace)
        self._upstream, self._slope = upstream.copy(), slope
        with np.errstate(over="ignore"):
            local = self._upstream if slope is None else upstream * slope
            exact.refuse_infinite(local, _ARGUMENTS)
        self._dtype = np.result_type(local, self._layer.padded, self._layer.kernel)
        largest = max(exact.magnitude(self._layer.padded), exact.magnitude(self._layer.kernel))
        self._wide = exact.working_dtype(self._dtype, exact.magnitude(local) * largest).kind == "O"
        own = "w" if self._layer.bare else "weight"
        names = [f"the gradient of {name}" for name in (own, "x", "bias", "padded")]
        self._totals = Gradients(
            *(
                _read_only(exact.settled(part, self._dtype, arguments=_ARGUMENTS, result=name))
                for part, name in zip(self._add_up(local), names, strict=True)
            )
        )
        for array in (self._upstream, slope):
            if array is not None:
                _read_only(array)
        super().__init__(local)

    @property
    def layer(self) -> LayerTrace | WindowTrace:
        """The trace of the layer, as given."""
        return self._trace

    @property
    def upstream(self) -> Array:
        """∂L/∂output, shaped like the layer's output."""
        return self._upstream

    @property
    def slope(self) -> Array | None:
        """The activation's derivative at each preactivation; None if there is no activation."""
        return self._slope

    @property
    def weight(self) -> Array:
        """∂L/∂weight, shaped like the weights as given."""
        return self._totals.weight

    @property
    def x(self) -> Array:
        """∂L/∂x, shaped like the input. It includes the gradients of copies of its cells in the border."""
        return self._totals.x

    @property
    def bias(self) -> Array:
        """∂L/∂bias, shape (C_out,)."""
        return self._totals.bias

    @property
    def padded(self) -> Array:
        """The gradient of the padded input, before the border's numbers are added to the cells that were copied."""
        return self._totals.padded

    @property
    def terms(self) -> Terms:
        """The terms of the layer, of which its gradients also consist; ``upstream`` is one more operand.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> terms = gradients(correlate([1, 2, 3, 4], [5, 6])).terms
        >>> terms.related(terms.views["output"], terms.views["x"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1, 2))]
        """
        terms = self._trace.terms
        upstream = terms.step[1:] if self._layer.bare else terms.step
        return replace(terms, operands={**terms.operands, "upstream": upstream})

    def running(self, index: SupportsIndex) -> Gradients:
        """Return what the steps up to ``index`` have added to each gradient.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.
        """
        done = np.zeros(self._output.shape, dtype=bool)
        done.reshape(-1)[: self._number(index) + 1] = True
        parts = self._add_up(np.where(done, self._output, 0))
        return Gradients(*(_read_only(exact.narrowed(part, self._dtype)) for part in parts))

    def matrix(self, *, max_bytes: int = MAX_BYTES) -> Array:
        """Return the gradient with respect to each entry of the layer's `toeplitz` matrix; 0 if it holds no weight.

        Its tied entries add up to ``weight``: see `sum_tied`.

        Parameters
        ----------
        max_bytes : int
            As in `tied`.

        Returns
        -------
        ndarray, shape (output cells, input cells)
            ∂L/∂preactivation of the row times the input of the column; 0 if the entry holds no weight.

        Raises
        ------
        ValueError
            As in `tied`, or if a product does not fit int64.
        """
        structure = tied(self._trace, max_bytes=max_bytes) != ZERO
        local, x = self._output.reshape(-1, 1), self._layer.x.reshape(1, -1)
        wide = exact.working_dtype(self._dtype, exact.magnitude(local) * exact.magnitude(x)).kind == "O"
        products = np.where(structure, (local.astype(object) if wide else local) * x, 0)
        return _read_only(exact.settled(products, self._dtype, arguments=_ARGUMENTS, result="the matrix' gradient"))

    def _step(self, index: int) -> GradientStep:
        position, layer = self._position(index), self._layer
        value, upstream = self._output[position], self._upstream[position]
        slope = 1 if self._slope is None else self._slope[position]
        filter_index = None if layer.bare else position[0]
        window = layer.geometry.window(position if layer.bare else position[1:])
        kernel = self._trace.kernel
        if filter_index is not None:
            window, kernel = (layer.channels_of(filter_index), *window), kernel[filter_index]
        patch = self._trace.padded[window]
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        factor = np.array(int(value), dtype=object) if self._wide else value
        with np.errstate(over="ignore"):
            weight_part, x_part = patch * factor, kernel * factor
        if layer.flip:
            weight_part = flip_axes(weight_part, 0 if layer.bare else 1)
        weight_part, x_part = _read_only(weight_part), _read_only(x_part)
        return GradientStep(
            index,
            position,
            value,
            upstream,
            slope,
            window,
            patch,
            kernel,
            weight_part,
            x_part,
            layer.flip,
            filter_index,
        )

    def _add_up(self, local: Array) -> tuple[Array, ...]:
        layer = self._layer
        weight, padded, bias = add_up_gradients(layer, local.reshape(layer.preactivation.shape), self._dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            x = layer.fold(padded)
        return layer.bared(weight), layer.bared(x), bias, layer.bared(padded)


def gradients(
    trace: LayerTrace | WindowTrace, upstream: Any = None, *, derivative: Callable[[Array], Any] | None = None
) -> GradientTrace:
    """Trace a loss back through a layer, output cell by output cell: backpropagation.

    The gradient of a loss L with respect to y is written ∂L/∂y. The gradient of a weight is a sum over all input cells
    that the weight meets. The gradient of an input cell is a sum over all windows that read the cell.

    Parameters
    ----------
    trace : LayerTrace or WindowTrace
        A trace of `conv_layer`, `correlate` or `convolve`.
    upstream : array-like, shaped like ``trace.output``, optional
        ∂L/∂output; ones if left out: the loss is then the sum of the output.
    derivative : callable, optional
        Only for a layer whose activation is a callable. It takes the preactivation, and returns the activation's slope
        at each of its cells. The slopes of relu (0 at 0, as in PyTorch), sigmoid and tanh are known.

    Returns
    -------
    GradientTrace
        ``weight``, ``x`` and ``bias`` are the gradients; ``output`` is ∂L/∂preactivation. They are int64 if the layer,
        ``upstream`` and the slopes hold only integers, else float64.

    Raises
    ------
    TypeError
        If ``trace`` is a trace of another operation, or ``upstream`` or a slope is not a real number.
    ValueError
        If ``upstream`` has another shape; if the activation's derivative is not known, or is known and also given; if a
        gradient does not fit its dtype.

    See Also
    --------
    sum_tied : the same gradient of the weights, computed from the gradient of the Toeplitz matrix.

    Notes
    -----
    Equal to `torch.autograd`. See Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 9.5.

    Examples
    --------
    >>> from convviz.operations.convolution.correlate import correlate
    >>> back = gradients(correlate([1, 2, 3, 4], [5, 6]), [1, 0, -1])
    >>> back.weight, back.x, back.bias
    (array([-2, -2]), array([ 5,  6, -5, -6]), array([0]))
    """
    layer, output = as_layer(trace), trace.output
    if upstream is None:
        return GradientTrace(trace, np.ones_like(output), activation_slope(layer, derivative, output.shape))
    numbers = as_numbers("upstream", upstream, dimensions=(output.ndim,))
    if numbers.shape != output.shape:
        raise ValueError(f"upstream has shape {numbers.shape}; accepted: {output.shape}, that of the output")
    return GradientTrace(trace, numbers, activation_slope(layer, derivative, output.shape))


def _read_only(array: Array) -> Array:
    array.setflags(write=False)
    return array
