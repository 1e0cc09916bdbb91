"""Things to find, each with the picture or signal in which to look for it."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from convviz.samples.pictures import NAMED_PICTURES, drawn
from convviz.samples.sample import Array


@dataclass(frozen=True, slots=True)
class Search:
    """A template and the picture in which it is searched for. Each call makes new arrays.

    Parameters
    ----------
    name : str
        The name by which users ask for it.
    says : str
        One line about what it shows.
    image, template : callable
        Make the arrays.
    title : str
        Its name in the lessons.
    """

    name: str
    says: str
    image: Callable[[], Array]
    template: Callable[[], Array]
    title: str


def _array(*rows: float | tuple[float, ...]) -> Callable[[], Array]:
    return lambda: np.array(rows)


_SIGNAL = _array(1, 2, 3, 4, 5, 6)
_LETTERS = "............. .111.111.111. .1.1.1.....1. .111.111.111. .1.1.1.....1. .111.111.111. ............."
_DIGIT = "111 ..1 111 ..1 111"

_ALL = (
    Search(
        "counting",
        "Four neighbours among the numbers 1 to 18: one window holds just these numbers, and none is flat.",
        lambda: np.arange(1, 19).reshape(3, 6),
        _array((5, 6), (11, 12)),
        "5 6 above 11 12, in the numbers 1 to 18",
    ),
    Search(
        "glare",
        "A plus sign beside a bright patch, which fools plain correlation.",
        NAMED_PICTURES["glare"].make,
        NAMED_PICTURES["plus"].make,
        "A plus, beside a bright patch",
    ),
    Search(
        "digit",
        "A 3 beside an 8, which covers all of the 3, and an E, which is a flipped 3.",
        lambda: drawn(_LETTERS),
        lambda: drawn(_DIGIT),
        "A 3, beside an 8 and an E",
    ),
    Search("rising", "Three rising numbers in a signal.", _SIGNAL, _array(3, 4, 5), "3 4 5, in the signal 1 to 6"),
    Search(
        "falling",
        "Four falling numbers in a signal that only rises: they are nowhere.",
        _SIGNAL,
        _array(1, 0.9, 0.8, 0.7),
        "1 0.9 0.8 0.7, in the signal 1 to 6",
    ),
    Search(
        "near",
        "Two pictures of the same size that differ in one cell, by 1.",
        _array((2, 20), (0, 5)),
        _array((1, 20), (0, 5)),
        "Two pictures that hardly differ",
    ),
    Search(
        "far",
        "Two pictures of the same size that have little in common.",
        _array((45, 87), (78, 3)),
        _array((1, 20), (0, 5)),
        "Two pictures far apart",
    ),
)

NAMED_SEARCHES = MappingProxyType({search.name: search for search in _ALL})
"""All searches, by name."""
