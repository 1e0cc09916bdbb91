"""A template and the picture in which it is searched for: the state of lesson 08."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, get_args

import numpy as np

from convviz import samples
from convviz.lessons.states.state import State
from convviz.operations.matching.match_template import MatchTrace, match_template
from convviz.operations.matching.metrics import Metric
from convviz.trace import Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Search(State):
    """A template, a picture, and the measure of fit.

    Parameters
    ----------
    image, template : ndarray, shape (columns,) or (rows, columns)
        The picture, and what is searched for in it.
    metric : {'normalized', 'ssd', 'mse', 'correlation'}
        As for `convviz.match_template`.

    Raises
    ------
    ValueError
        If the measure is another one, or an array is too large for a lesson.

    Examples
    --------
    >>> state = Search(image=np.arange(4), template=np.array([2, 3]))
    >>> state.trace().best
    (2,)
    >>> state.with_example("A plus, beside a bright patch").example
    'A plus, beside a bright patch'
    """

    image: Array
    template: Array
    metric: Metric = "ssd"

    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"image": (1, 2), "template": (1, 2)})
    sides: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"image": (64, 64), "template": (18, 18)})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.metric not in get_args(Metric):
            raise ValueError(f"metric is {self.metric!r:.40}; accepted: {', '.join(get_args(Metric))}")

    @property
    def example(self) -> str | None:
        """The title of the ready-made search that this is; None where it is another one."""
        for title, search in samples.SEARCHES.items():
            if np.array_equal(search.image(), self.image) and np.array_equal(search.template(), self.template):
                return title
        return None

    def with_example(self, title: str) -> "Search":
        """Take a ready-made search: its picture and its template."""
        search = samples.SEARCHES[title]
        return replace(self, image=search.image(), template=search.template())

    def with_flipped(self) -> "Search":
        """Flip the template, as a convolution does: top to bottom and left to right."""
        return replace(self, template=np.flip(self.template))

    def trace(self) -> MatchTrace:
        """Compare the template with every window.

        Raises
        ------
        ValueError
            If the template is larger than the picture.
        """
        return match_template(self.image, self.template, self.metric)
