"""A network of two layers that learns: a filter bank with relu, and one weight for each of its feature maps."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from convviz.numerals import numeral
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import as_whole
from convviz.operations.learning.learning_run import LearningRun
from convviz.terms import Coordinate, Terms, View
from convviz.trace import Array, Step

NetworkStart = Literal["zeros", "constant", "normal", "xavier", "he"]
_CONSTANT = 0.5
_MOST_STEPS, _MOST_FILTERS = 10_000, 64
_DIVERGED = 1e12
"""A loss this many times as large as the first one grows without end."""


@dataclass(frozen=True, eq=False, slots=True)
class NetworkStep(Step):
    """The state of the network after ``index`` updates. ``value`` is the loss, the mean squared error.

    Parameters
    ----------
    w : ndarray, shape (filters, weights)
        The filters of the first layer.
    v : ndarray, shape (filters,)
        The weights of the second layer: one for each feature map.
    hidden : ndarray, shape (filters, places)
        The feature maps, after relu.
    prediction : ndarray, shape (places,)
        The network's output.
    w_gradient, v_gradient : ndarray
        The derivatives of the loss. The next weights are the weights minus the rate times these.
    """

    w: Array
    v: Array
    hidden: Array
    prediction: Array
    w_gradient: Array
    v_gradient: Array

    def describe(self) -> str:
        """Describe in one plain sentence the state of learning.

        Examples
        --------
        >>> learn_two_layers([1, 0, 2, 0], [1, 2], start="zeros", steps=1)[0].describe()
        'Before any update the mean squared error is 2.5; all gradients are 0, so no update changes anything.'
        """
        done = f"After {self.index} update{'s' if self.index > 1 else ''}" if self.index else "Before any update"
        said = f"{done} the mean squared error is {numeral(self.value)}"
        if not self.w_gradient.any() and not self.v_gradient.any():
            return f"{said}; all gradients are 0, so no update changes anything."
        if len(self.w) > 1 and (self.w == self.w[0]).all() and (self.v == self.v[0]).all():
            return f"{said}; all filters are alike, and so are their gradients."
        return f"{said}; the filters’ gradients differ."


class NetworkTrace(LearningRun[NetworkStep]):
    """A run of gradient descent on two layers; made by `learn_two_layers`. ``output`` holds the losses."""

    def __init__(self, x: Array, target: Array, w: Array, v: Array, *, rate: float, steps: int) -> None:
        x, target = x.astype(np.float64), target.astype(np.float64)
        self._windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[1])
        self._w, self._v = np.empty((steps + 1, *w.shape)), np.empty((steps + 1, *v.shape))
        losses = np.empty(steps + 1)
        for number in range(steps + 1):
            self._w[number], self._v[number] = w, v
            *_, error, w_gradient, v_gradient = self._pass(w, v, target)
            losses[number] = np.square(error).mean()
            if not losses[number] <= _DIVERGED * max(1.0, losses[0]):
                raise ValueError(f"rate is {rate}, at which learning diverges; accepted: a smaller one")
            w, v = w - rate * w_gradient, v - rate * v_gradient
        for array in (self._w, self._v):
            array.setflags(write=False)
        super().__init__(x, target, rate, losses)

    @property
    def w(self) -> Array:
        """The filters before any update."""
        return np.asarray(self._w[0])

    @property
    def v(self) -> Array:
        """The second layer's weights before any update."""
        return np.asarray(self._v[0])

    @property
    def terms(self) -> Terms:
        """The two layers in index notation. A step is an update, to which all cells belong.

        The operands are ``signal``, the input, and ``goal``, the target.

        Examples
        --------
        >>> terms = learn_two_layers([1, 0, 2, 0], [1, 2], steps=5).terms
        >>> terms.related(terms.views["hidden"], terms.views["filters"], (0, 1, 0), step=3)
        [Block(slices=(0,), rows=(1,), columns=(0, 1, 2))]
        """
        filters, weights = self.w.shape
        places = len(self._target)
        filter_ = Coordinate(size=filters, of={"f": 1})
        place = Coordinate(size=places, of={"j": 1})
        signal = Coordinate(size=len(self._x), of={"j": 1, "v": 1})
        views = {
            "signal": View(column=(signal,)),
            "filters": View(row=(filter_,), column=(Coordinate(size=weights, of={"v": 1}),)),
            "hidden": View(row=(filter_,), column=(place,)),
            "second": View(row=(filter_,)),
            "output": View(column=(place,)),
        }
        return Terms(
            indices={"f": filters, "j": places, "v": weights, "n": len(self)},
            operands={"signal": (signal,), "goal": (place,)},
            step=(Coordinate(size=len(self), of={"n": 1}),),
            views=views,
        )

    def _step(self, index: int) -> NetworkStep:
        hidden, prediction, _, w_gradient, v_gradient = self._pass(self._w[index], self._v[index], self._target)
        arrays = (self._w[index], self._v[index], hidden, prediction, w_gradient, v_gradient)
        for array in arrays:
            array.setflags(write=False)
        return NetworkStep(index, (index,), self._output[index], *arrays)

    def _pass(self, w: Array, v: Array, target: Array) -> tuple[Array, ...]:
        """Run the network forward and backward."""
        # `gradients` would explain each layer, but a hundred updates must not take longer than a drag.
        before = self._windows @ w.T
        hidden = np.maximum(before, 0)
        prediction = hidden @ v
        error = prediction - target
        upstream = 2 / error.size * error
        w_gradient = (np.outer(upstream, v) * (before > 0)).T @ self._windows
        return hidden.T.copy(), prediction, error, w_gradient, hidden.T @ upstream


def learn_two_layers(
    x: Any,
    target: Any,
    filters: int = 2,
    *,
    start: NetworkStart = "normal",
    seed: int = 0,
    rate: float = 0.2,
    steps: int = 100,
) -> NetworkTrace:
    """Train a network of two layers by gradient descent on the mean squared error.

    The first layer slides ``filters`` filters over the input, without a flip and without a bias, and applies relu. The
    second adds up the feature maps, each times a weight.

    Parameters
    ----------
    x : array-like, shape (columns,)
        The input.
    target : array-like, shape (places,)
        The output that the network should make: shorter than ``x``, or as long. Each filter has columns − places + 1
        weights.
    filters : int
        The number of filters, 1 to 64.
    start : {'normal', 'zeros', 'constant', 'xavier', 'he'}
        How the weights start. 'constant': all are 0.5. The others are as for `convviz.learn_kernel`, with the numbers
        of inputs and outputs of each layer.
    seed : int
        An integer from 0 on. The same seed makes the same numbers.
    rate : float
        The learning rate.
    steps : int
        The number of updates, 0 to 10 000.

    Returns
    -------
    NetworkTrace
        It has ``steps`` + 1 steps, the first one before any update.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is not accepted, or learning diverges.

    Notes
    -----
    Losses equal those of PyTorch's `conv1d`, `relu` and `mse_loss` with `torch.optim.SGD`.

    Examples
    --------
    Weights that start at zero never move, and filters that start alike stay alike:

    >>> bool(learn_two_layers([1, 0, 2, 0], [1, 2], start="zeros")[-1].w.any())
    False
    >>> w = learn_two_layers([1, 0, 2, 0], [1, 2], start="constant")[-1].w
    >>> bool((w[0] == w[1]).all())
    True
    """
    x, target = as_numbers("x", x, (1,)), as_numbers("target", target, (1,))
    weights = len(x) - len(target) + 1
    if weights < 1:
        raise ValueError(f"target has {len(target)} numbers and x has {len(x)}; accepted: at most as many as x")
    count = _whole("filters", filters, 1, _MOST_FILTERS)
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 < rate < np.inf:
        raise ValueError(f"rate is {rate!r:.60}; accepted: a number above 0")
    w, v = _start(start, count, weights, _whole("seed", seed, 0, None))
    return NetworkTrace(x, target, w, v, rate=float(rate), steps=_whole("steps", steps, 0, _MOST_STEPS))


def _whole(name: str, value: Any, least: int, most: int | None) -> int:
    accepted = f"accepted: an integer from {least} {f'to {most}' if most else 'on'}"
    number = as_whole(name, value, accepted)
    if number < least or (most and number > most):
        raise ValueError(f"{name} is {number}; {accepted}")
    return number


def _start(start: Any, filters: int, weights: int, seed: int) -> tuple[Array, Array]:
    """Draw the weights of both layers; each is drawn for its own numbers of inputs and outputs."""
    random, shapes = np.random.default_rng(seed), ((filters, weights), (filters,))
    sizes = ((weights, filters * weights), (filters, 1))
    match start:
        case "zeros":
            first, second = (np.zeros(shape) for shape in shapes)
        case "constant":
            first, second = (np.full(shape, _CONSTANT) for shape in shapes)
        case "normal":
            first, second = (random.normal(size=shape) for shape in shapes)
        case "xavier":
            ends = (np.sqrt(6 / (inputs + outputs)) for inputs, outputs in sizes)
            first, second = (random.uniform(-end, end, shape) for end, shape in zip(ends, shapes, strict=True))
        case "he":
            spreads = (np.sqrt(2 / inputs) for inputs, _ in sizes)
            first, second = (random.normal(0, spread, shape) for spread, shape in zip(spreads, shapes, strict=True))
        case _:
            raise ValueError(f"start is {start!r:.60}; accepted: {', '.join(map(repr, get_args(NetworkStart)))}")
    return first, second
