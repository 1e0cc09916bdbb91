"""A text of a lesson that is computed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from convviz.lessons.prediction import Traces


@dataclass(frozen=True, kw_only=True)
class Note:
    """A text that follows the state.

    Parameters
    ----------
    name : str
        What a page asks for it by.
    text : callable
        Writes it in HTML, from a state and its traces.
    below : bool
        Whether it stands below the pictures; else a page puts it where it belongs.
    """

    name: str
    text: Callable[[Any, Traces], str]
    below: bool = False
