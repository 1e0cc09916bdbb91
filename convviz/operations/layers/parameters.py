"""Count, by formula, the numbers that a layer learns and the multiplications that it needs."""

from dataclasses import dataclass
from math import prod
from typing import Any

from convviz.faults import shown
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis, as_whole, is_several

_WHOLE = "accepted: an integer from 1 on"
_GROUPED_FROM = 10_000
"""Smaller numbers are easy to read without groups of digits."""
_MOST_AXES = 3


@dataclass(frozen=True, kw_only=True)
class Count:
    """A number, and the formula for it.

    Parameters
    ----------
    formula : str
        A sum of products, written in digits.
    number : int
        The result of the formula.

    Examples
    --------
    >>> str(Count(formula="3·3·3·8 + 8", number=224))
    '3·3·3·8 + 8 = 224'
    """

    formula: str
    number: int

    @property
    def total(self) -> str:
        """The number as text, written by `grouped`."""
        return grouped(self.number)

    def __str__(self) -> str:
        return f"{self.formula} = {self.total}"


def grouped(number: int) -> str:
    r"""Write an integer; from 10,000 on, in groups of three digits with narrow, non-breaking spaces between them.

    Examples
    --------
    >>> grouped(9999), grouped(1234567)
    ('9999', '1\u202f234\u202f567')
    """
    return str(number) if abs(number) < _GROUPED_FROM else f"{number:,}".replace(",", "\u202f")


def conv_parameters(
    channels: int, filters: int, kernel: tuple[int, ...] = (3, 3), *, groups: int = 1, bias: bool = True
) -> Count:
    """Count the weights and biases of a convolutional layer. The size of the input does not matter.

    Parameters
    ----------
    channels, filters : int
        The number of input channels, and the number of filters: each filter makes one feature map.
    kernel : tuple of int
        The shape of a kernel, with one, two or three axes.
    groups : int
        The number of groups into which channels and filters are divided. A filter reads the channels of its group.
    bias : bool
        Whether each filter has a bias.

    Returns
    -------
    Count
        The formula is: kernel cells · channels that a filter reads · filters + one bias for each filter.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer from 1 on, or ``groups`` does not divide both channels and filters.

    Notes
    -----
    Equal to the number of parameters of `torch.nn.Conv1d`, `Conv2d` and `Conv3d`.

    Examples
    --------
    >>> print(conv_parameters(3, 8))
    3·3·3·8 + 8 = 224
    >>> print(conv_parameters(4, 8, (5,), groups=2, bias=False))
    5·2·8 = 80
    """
    channels, filters, kernel = _checked_sizes(channels, filters, kernel)
    weights = (*kernel, _channels_read(channels, filters, groups), filters)
    return _count(weights, (filters,)) if _as_bool(bias) else _count(weights)


def dense_parameters(inputs: int, neurons: int, *, bias: bool = True) -> Count:
    """Count the weights and biases of a fully connected layer.

    Parameters
    ----------
    inputs, neurons : int
        The number of inputs, and the number of neurons: each neuron has one output.
    bias : bool
        Whether each neuron has a bias.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer from 1 on.

    Notes
    -----
    Equal to the number of parameters of `torch.nn.Linear`.

    Examples
    --------
    >>> print(dense_parameters(108, 4))
    108·4 + 4 = 436
    """
    weights = (_at_least_one("inputs", inputs), _at_least_one("neurons", neurons))
    return _count(weights, weights[1:]) if _as_bool(bias) else _count(weights)


def separable_parameters(channels: int, filters: int, kernel: tuple[int, ...] = (3, 3), *, bias: bool = True) -> Count:
    """Count the weights and biases of a depthwise separable convolution, which is two layers, one after the other.

    The first layer slides one kernel over each channel (depthwise). The second layer, 1×1, mixes the channels
    (pointwise).

    Parameters
    ----------
    channels, filters : int
        The number of input channels, and the number of feature maps that the second layer makes.
    kernel : tuple of int
        The shape of the first layer's kernels, with one, two or three axes.
    bias : bool
        Whether both layers have biases.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer from 1 on.

    Notes
    -----
    See Howard et al., MobileNets (2017), section 3.1; the layers there have no biases.

    Examples
    --------
    >>> print(separable_parameters(8, 16))
    3·3·8 + 8 + 8·16 + 16 = 224
    """
    channels, filters, kernel = _checked_sizes(channels, filters, kernel)
    depthwise, pointwise = (*kernel, channels), (channels, filters)
    if _as_bool(bias):
        return _count(depthwise, (channels,), pointwise, (filters,))
    return _count(depthwise, pointwise)


def conv_multiplications(
    channels: int, filters: int, kernel: tuple[int, ...], output: PerAxis, *, groups: int = 1
) -> Count:
    """Count the multiplications that a convolutional layer needs, including those with zeros of the padding.

    Parameters
    ----------
    channels, filters : int
        The number of input channels, and the number of filters: each filter makes one feature map.
    kernel : tuple of int
        The shape of a kernel, with one, two or three axes.
    output : int or tuple of int
        The number of cells of a feature map along the same axes: one number for all axes, or one for each.
    groups : int
        The number of groups into which channels and filters are divided.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer from 1 on, or ``groups`` does not divide both channels and filters.

    Examples
    --------
    >>> print(conv_multiplications(3, 8, (3, 3), (4, 4)))
    3·3·3·8·4·4 = 3456
    """
    channels, filters, kernel = _checked_sizes(channels, filters, kernel)
    cells = as_per_axis("output", output, len(kernel), least=1)
    return _count((*kernel, _channels_read(channels, filters, groups), filters, *cells))


def separable_multiplications(channels: int, filters: int, kernel: tuple[int, ...], output: PerAxis) -> Count:
    """Count the multiplications that a depthwise separable convolution needs, in both of its layers.

    Parameters
    ----------
    channels, filters, kernel
        As in `separable_parameters`.
    output : int or tuple of int
        The number of cells of a feature map along each axis. It is the same after both layers.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer from 1 on.

    Notes
    -----
    See Howard et al., MobileNets (2017), section 3.1.

    Examples
    --------
    >>> print(separable_multiplications(8, 16, (3, 3), 6))
    3·3·8·6·6 + 8·16·6·6 = 7200
    """
    channels, filters, kernel = _checked_sizes(channels, filters, kernel)
    cells = as_per_axis("output", output, len(kernel), least=1)
    return _count((*kernel, channels, *cells), (channels, filters, *cells))


def _count(*terms: tuple[int, ...]) -> Count:
    formula = " + ".join("·".join(map(str, factors)) for factors in terms)
    return Count(formula=formula, number=sum(map(prod, terms)))


def _at_least_one(name: str, value: Any) -> int:
    number = as_whole(name, value, _WHOLE)
    if number < 1:
        raise ValueError(f"{name} is {number}; {_WHOLE}")
    return number


def _checked_sizes(channels: Any, filters: Any, kernel: Any) -> tuple[int, int, tuple[int, ...]]:
    return _at_least_one("channels", channels), _at_least_one("filters", filters), _as_kernel(kernel)


def _as_kernel(kernel: Any) -> tuple[int, ...]:
    accepted = f"accepted: a tuple of one to {_MOST_AXES} integers from 1 on"
    if not is_several(kernel):
        raise TypeError(f"kernel is {shown(kernel)} ({type(kernel).__name__}); {accepted}")
    if len(kernel) > _MOST_AXES:
        raise ValueError(f"kernel is {shown(kernel)}; {accepted}")
    cells = tuple(as_whole("kernel", value, accepted) for value in kernel)
    if not 1 <= len(cells) <= _MOST_AXES or min(cells) < 1:
        raise ValueError(f"kernel is {cells}; {accepted}")
    return cells


def _channels_read(channels: int, filters: int, groups: Any) -> int:
    accepted = "accepted: an integer from 1 on that divides both channels and filters"
    number = as_whole("groups", groups, accepted)
    if number < 1 or channels % number or filters % number:
        raise ValueError(f"groups is {number}, with {channels} channels and {filters} filters; {accepted}")
    return channels // number


def _as_bool(bias: Any) -> bool:
    if not isinstance(bias, bool):
        raise TypeError(f"bias is {shown(bias)} ({type(bias).__name__}); accepted: True or False")
    return bias
