"""A stack of layers along one axis, in words such as "c3 p2": the state of lesson 10's part on stacks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from convviz.geometry import Axis, Geometry
from convviz.lessons.states.state import State
from convviz.operations.layers.receptive_field import SightTrace, receptive_field

MOST_LAYERS = 6
_WORD = re.compile(r"(?P<kind>[cp])(?P<kernel>[1-5])(s(?P<stride>[1-3]))?(d(?P<dilation>[1-3]))?", re.ASCII)
_LIMITS = {"size": (4, 32), "padding": (0, 2), "filters": (1, 64), "features": (1, 999_999)}


@dataclass(frozen=True, kw_only=True)
class Stacked:
    """One layer of the stack, the same along rows and columns.

    Parameters
    ----------
    word : str
        How the state writes it.
    axis : Axis
        Its windows along each axis.
    is_pool : bool
        Whether it is pooling, which has no weights and keeps the number of channels.
    """

    word: str
    axis: Axis
    is_pool: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Stack(State):
    """Convolutions and poolings one after the other on a square picture of three channels, then a linear layer.

    Parameters
    ----------
    layers : str
        A word for each: ``c`` or ``p`` for convolution or pooling, the size of its window, and where it is not 1, ``s``
        and the stride, ``d`` and the dilation. The stride of a pooling is the size of its window.
    size : int
        Rows and columns of the picture.
    padding : int
        The cells around the input of each convolution.
    filters : int
        The filters of each convolution.
    features : int
        The inputs for which the linear layer was made.

    Raises
    ------
    ValueError
        If a word is none, or a layer's window does not fit what is left.

    Examples
    --------
    >>> [layer.axis.output for layer in Stack(layers="c3 p2", size=12).stack()]
    [10, 5]
    >>> Stack(layers="c3 p2", size=12, filters=4).flat
    100
    """

    layers: str = "c3 c3"
    size: int = 12
    padding: int = 0
    filters: int = 8
    features: int = 512

    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({})

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_ranges(_LIMITS)
        words = self.layers.split(" ")
        if not (1 <= len(words) <= MOST_LAYERS and all(map(_WORD.fullmatch, words))):
            raise ValueError(
                f"layers is {self.layers!r:.60}; accepted: 1 to {MOST_LAYERS} words such as c3, c3s2 and p2"
            )
        list(self.stack())

    def stack(self) -> Iterator[Stacked]:
        """Go through the layers, each on the output of the one before.

        Raises
        ------
        ValueError
            If a window is larger than its input.
        """
        size = self.size
        for word in self.layers.split(" "):
            found = _WORD.fullmatch(word)
            assert found
            is_pool, kernel, dilation = found["kind"] == "p", int(found["kernel"]), int(found["dilation"] or 1)
            border = 0 if is_pool else self.padding
            stride = int(found["stride"] or (kernel if is_pool else 1))
            axis = Axis(size=size, kernel=kernel, before=border, after=border, stride=stride, dilation=dilation)
            if axis.padded < axis.extent:
                raise ValueError(
                    f"a window of {axis.extent} cells has no room in {axis.padded}; accepted: fewer layers"
                )
            yield Stacked(word=word, axis=axis, is_pool=is_pool)
            size = axis.output

    def channels(self) -> list[int]:
        """List the channels of the picture and of each layer's output."""
        found = [3]
        for layer in self.stack():
            found.append(found[-1] if layer.is_pool else self.filters)
        return found

    @property
    def flat(self) -> int:
        """How many numbers the last output has: what a linear layer after it reads."""
        *_, last = self.stack()
        return self.channels()[-1] * last.axis.output**2

    def trace(self) -> SightTrace:
        """Compute what each output cell sees."""
        return receptive_field([Geometry((layer.axis,)) for layer in self.stack()])

    def with_added(self, word: str) -> "Stack":
        """Add a layer at the end."""
        return replace(self, layers=f"{self.layers} {word}")

    def with_fewer(self) -> "Stack":
        """Take away the last layer."""
        return replace(self, layers=self.layers.rpartition(" ")[0] or self.layers)

    def with_fitted(self) -> "Stack":
        """Make the linear layer anew, for the numbers that there are."""
        return replace(self, features=self.flat)
