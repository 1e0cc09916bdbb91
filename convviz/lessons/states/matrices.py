"""A small convolution seen as a matrix: the states of lesson 04."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from convviz.lessons.states.one_kernel import OneKernel
from convviz.lessons.states.state import Samples, State
from convviz.numerals import rounding, settle
from convviz.operations.convolution.correlate import WindowTrace, correlate
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.learning.gradients import gradients
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.matrix.as_dense import as_dense
from convviz.operations.matrix.index_notation import any_matrix
from convviz.operations.matrix.matrix_view import MatrixTrace, matrix_view
from convviz.operations.matrix.toeplitz import toeplitz
from convviz.trace import Array

_ACTIVATIONS = (None, "relu", "sigmoid", "tanh")
_EXAMPLES: Mapping[int, tuple[Any, Any]] = MappingProxyType(
    {1: ([1, 2, 3, 4], [5, 6, 7]), 2: ([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2]], [[1, 2], [3, -1]])}
)
"""An input and a kernel in so many dimensions."""
_FASTEST = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class MatrixState(OneKernel):
    """An input, a kernel and a mode, so small that their matrix can be read; and an activation.

    Parameters
    ----------
    activation : str or None
        'relu', 'sigmoid', 'tanh' or None.

    Examples
    --------
    >>> MatrixState(x=np.array([1, 2, 3]), w=np.array([4, 5])).with_axes(2).x.shape
    (3, 4)
    """

    activation: str | None = None

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType({})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (4, 8), "w": (3, 5)})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.activation not in _ACTIVATIONS:
            raise ValueError(f"activation is {self.activation!r:.40}; accepted: none, relu, sigmoid, tanh")

    @property
    def axes(self) -> int:
        """In how many dimensions the kernel slides."""
        return self.x.ndim

    def with_axes(self, axes: int) -> "MatrixState":
        """Take the lesson's own example in so many dimensions."""
        x, w = (np.array(each) for each in _EXAMPLES[axes])
        return self if axes == self.axes else replace(self, x=x, w=w)

    def matrix(self) -> MatrixTrace:
        """Compute the convolution as a product of matrices."""
        return matrix_view(correlate(self.x, self.w, self.mode))

    def dense(self) -> DenseTrace:
        """Compute it as a dense layer."""
        return as_dense(correlate(self.x, self.w, self.mode), self.activation)


@dataclass(frozen=True, eq=False, kw_only=True)
class Training(State):
    """A convolution and a dense layer that are trained side by side, on one input and one target.

    Parameters
    ----------
    x : ndarray, shape (inputs,)
        The input of both.
    w : ndarray, shape (weights,)
        The kernel of the convolution.
    free : ndarray, shape (outputs, inputs)
        The weights of the dense layer.
    target : ndarray, shape (outputs,)
        What both should compute.
    rate : float
        The learning rate: how much of the gradient is subtracted from the weights.

    Raises
    ------
    ValueError
        If the shapes do not go together, or the rate is not above 0 and at most 1.
    """

    x: Array
    w: Array
    free: Array
    target: Array
    rate: float = 0.02

    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (1,), "w": (1,), "free": (2,), "target": (1,)}
    )
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType(
        {"x": (8,), "w": (5,), "free": (8, 8), "target": (8,)}
    )

    @classmethod
    def of(cls, x: Array, w: Array, target: Array | None = None, **more: Any) -> "Training":
        """Begin with a dense layer that computes what the convolution does.

        Parameters
        ----------
        target : ndarray, optional
            As much of the target as is known; the outputs themselves where nothing is.
        """
        convolution = correlate(x, w)
        whole = convolution.output.copy()
        if target is not None:
            kept = min(len(whole), len(target))
            whole = whole.astype(np.result_type(whole, target))
            whole[:kept] = target[:kept]
        return cls(x=x, w=w, free=toeplitz(convolution).copy(), target=whole, **more)

    def __post_init__(self) -> None:
        super().__post_init__()
        outputs = len(self.x) - len(self.w) + 1
        if outputs < 1:
            raise ValueError(f"w has {len(self.w)} numbers; accepted: up to {len(self.x)}, as many as x has")
        shapes = {"free": (outputs, len(self.x)), "target": (outputs,)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}; accepted: {shape}")
        if not 0 < self.rate <= _FASTEST:
            raise ValueError(f"rate is {self.rate}; accepted: above 0, and at most {_FASTEST:g}")

    @property
    def steps_ahead(self) -> int:
        """How many training steps to take."""
        return 0

    @cached_property
    def convolution(self) -> WindowTrace:
        """The convolution of the input."""
        return correlate(self.x, self.w)

    @cached_property
    def dense(self) -> LayerTrace:
        """The dense layer, as a layer whose kernels are as large as the input: each has a single place to stand."""
        return conv_layer(self.x[None], self.free[:, None])

    @cached_property
    def tied(self) -> MatrixGradientTrace:
        """The backward pass of the convolution; the loss is half the sum of squared errors."""
        terms = self.convolution.terms
        back = gradients(self.convolution, self.convolution.output - self.target)
        return MatrixGradientTrace(back, replace(terms, operands={"x": terms.operands["x"], "w": terms.operands["w"]}))

    @cached_property
    def untied(self) -> MatrixGradientTrace:
        """The same of the dense layer."""
        back = gradients(self.dense, self.dense.output - self.target[:, None])
        return MatrixGradientTrace(back, any_matrix(*self.free.shape))

    def with_x(self, x: Array) -> "Training":
        """Take another input; one of another length starts the dense layer anew."""
        return replace(self, x=x) if x.shape == self.x.shape else self._anew(x, self.w)

    def with_w(self, w: Array) -> "Training":
        """Take another kernel; one of another length starts the dense layer anew."""
        return replace(self, w=w) if w.shape == self.w.shape else self._anew(self.x, w)

    def with_steps_ahead(self, count: int) -> "Training":
        """Take training steps: subtract from each weight its gradient, times the learning rate."""
        state = self
        for _ in range(count):
            state = state._trained()
        return state

    def _trained(self) -> "Training":
        free = self.untied.output.reshape(self.free.shape)
        return replace(self, w=self._less(self.w, self.tied.output), free=self._less(self.free, free))

    def _less(self, weights: Array, gradient: Array) -> Array:
        moved = weights - self.rate * gradient
        size = np.abs(weights) + np.abs(self.rate * gradient)
        return settle(moved, rounding(len(self.x), size))

    def _anew(self, x: Array, w: Array) -> "Training":
        if len(w) > len(x):
            raise ValueError(f"w has {len(w)} numbers; accepted: up to {len(x)}, as many as x has")
        return Training.of(x, w, self.target, rate=self.rate, step=self.step)
