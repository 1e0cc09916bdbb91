"""A function that is applied to each number separately, such as an activation that is a layer of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.geometry import Axis, Geometry
from convviz.numerals import enough_digits, equal_to, numeral, read_back, result_of
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.layers.activation import ACTIVATIONS, activate, activation_name
from convviz.operations.layers.cell_notation import each_cell
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace

_DIGITS, _FLOAT_DIGITS = 4, 17
_MOST_DIMENSIONS = 8


@dataclass(frozen=True, eq=False, slots=True)
class ElementStep(Step):
    """One number, and the function's value for it.

    Parameters
    ----------
    number : numpy scalar
        The number in the same cell of the input.
    function : str
        The name of the function.
    parameters : tuple of (str, number)
        The names and values of the function's parameters; for a parameter of each channel, the value of the cell's own.
    compute : callable, optional
        The function of one number and its parameters, with which a sentence is checked.
    """

    number: Any
    function: str
    parameters: tuple[tuple[str, Any], ...]
    compute: Callable[..., Any] | None = field(default=None, kw_only=True, compare=False, repr=False)

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> from convviz.operations.layers.rectifiers import leaky_relu
        >>> elementwise([4, -3], leaky_relu, {"slope": 0.5})[1].describe()
        'Output [1] = leaky_relu(-3, slope 0.5) = -1.5.'
        """
        computes, result = self._computed(_FLOAT_DIGITS) == self.value, result_of(self.value, _DIGITS)
        enough = enough_digits(lambda digits: result.agrees(self._computed(digits)), _DIGITS) if computes else None
        digits = enough or _DIGITS
        numbers = [
            numeral(self.number, digits),
            *(f"{name} {numeral(value, digits)}" for name, value in self.parameters),
        ]
        equal = equal_to(self.value, _DIGITS, self._computed(digits) if enough else None)
        return f"Output {list(self.position)} = {self.function}({', '.join(numbers)}) {equal}."

    def _computed(self, digits: int) -> Any:
        """Return what a reader computes from the numbers as they are written with so many digits."""
        if self.compute is None:
            return nan
        return self.compute(*(_read(number, digits) for number in (self.number, *(v for _, v in self.parameters))))


class ElementwiseTrace(Trace[ElementStep]):
    """A function of one number, applied to each number of an input; made by `elementwise`."""

    def __init__(self, x: Array, function: str | Callable[..., Any], parameters: Mapping[str, Array]) -> None:
        self._x, self._function = x.copy(), activation_name(function)
        self._parameters = {name: value.copy() for name, value in parameters.items()}
        for array in (self._x, *self._parameters.values()):
            array.setflags(write=False)
        apply = ACTIVATIONS[function] if isinstance(function, str) else function
        columns = {name: _column(value, x.ndim) for name, value in self._parameters.items()}

        def applied(numbers: Array) -> Any:
            return apply(numbers, **columns)

        applied.__name__ = self._function
        self._apply = apply
        super().__init__(activate(applied, self._x, called="function"))

    @property
    def x(self) -> Array:
        """The input; ``output`` has its shape."""
        return self._x

    @property
    def function(self) -> str:
        """The name of the function."""
        return self._function

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The function's parameters by name: each a single number, shape (), or one for each channel, shape (C,)."""
        return self._parameters

    @property
    def geometry(self) -> Geometry:
        """The positions where the function is applied, along the axes after the channels: windows of one cell."""
        return Geometry(tuple(Axis(size=size, kernel=1) for size in self._x.shape[1:]))

    @property
    def terms(self) -> Terms:
        """The operation in index notation, with parameters of each channel as operands: see `each_cell` for its views.

        Examples
        --------
        >>> terms = elementwise([[-1, 2], [3, -4]], "relu").terms
        >>> terms.step_of(terms.views["input"], (1, 0, 1), step=0)
        3
        """
        return each_cell(self._x.shape, [name for name, value in self._parameters.items() if value.ndim])

    def _step(self, index: int) -> ElementStep:
        position = self._position(index)
        parameters = tuple(
            (name, value[position[0]] if value.ndim else value[()]) for name, value in self._parameters.items()
        )
        value, number = self._output[position], self._x[position]
        return ElementStep(index, position, value, number, self._function, parameters, compute=self._of_one)

    def _of_one(self, number: Any, *values: Any) -> Any:
        """Apply the function to one number; return NaN if it does not take one alone."""
        cells = (1,) * self._x.ndim
        each = zip(self._parameters.items(), values, strict=True)
        columns = {name: np.full(cells if given.ndim else (), value) for (name, given), value in each}
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self._apply(np.full(cells, number), **columns)).item()
        except Exception:  # a callable may refuse what it never gets otherwise
            return nan


def elementwise(
    x: Any, function: str | Callable[..., Any], parameters: Mapping[str, Any] | None = None
) -> ElementwiseTrace:
    """Apply a function to each number of an input.

    Parameters
    ----------
    x : array-like, shape (C, ...)
        The input: integers, floats or booleans.
    function : {'relu', 'sigmoid', 'tanh'} or callable
        The function. A callable takes an array, and the parameters by name; it returns finite numbers in the array's
        shape.
    parameters : mapping, optional
        For each parameter of the function, a number, or one number for each of the C channels.

    Returns
    -------
    ElementwiseTrace
        ``output`` has the shape of ``x``. It is int64 if ``x`` holds integers and the function keeps them, else
        float64. Each number is one step.

    Raises
    ------
    TypeError, ValueError
        If an argument is not accepted, or the function fails or returns anything but finite numbers in the same shape.

    Examples
    --------
    >>> elementwise([[-1, 2], [3, -4]], "relu").output
    array([[0, 2],
           [3, 0]])
    """
    x = as_numbers("x", x, dimensions=tuple(range(1, _MOST_DIMENSIONS + 1)))
    if not callable(function) and not (isinstance(function, str) and function in ACTIVATIONS):
        kind = ValueError if isinstance(function, str) else TypeError
        names = ", ".join(map(repr, ACTIVATIONS))
        raise kind(f"function is {shown(function)}; accepted: {names}, or a callable that takes an array")
    if parameters is not None and not isinstance(parameters, Mapping):
        accepted = "accepted: a mapping of names to numbers, or None"
        raise TypeError(f"parameters is {shown(parameters)} ({type(parameters).__name__}); {accepted}")
    numbers = {name: as_numbers(name, value, dimensions=(0, 1)) for name, value in (parameters or {}).items()}
    for name, value in numbers.items():
        if value.ndim and len(value) != len(x):
            raise ValueError(
                f"{name} has {len(value)} numbers, but x has {len(x)} channels (shape {x.shape}); "
                "accepted: a number, or one for each channel"
            )
    return ElementwiseTrace(x, function, numbers)


def _read(number: Any, digits: int) -> Any:
    return number.item() if number.dtype.kind == "i" else float(read_back(number, digits))


def _column(value: Array, dimensions: int) -> Array:
    """Reshape one number for each channel, so that NumPy multiplies channels by it."""
    return value.reshape(-1, *(1,) * (dimensions - 1)) if value.ndim else np.asarray(value)
