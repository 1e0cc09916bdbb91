"""Lesson 02: may the brackets be moved? Yes for convolution, no for cross-correlation, seen in numbers."""

from collections.abc import Sequence

from convviz.lessons.controls import Group, Typed
from convviz.lessons.lesson import Lesson
from convviz.lessons.note import Note
from convviz.lessons.notes import groupings_html
from convviz.lessons.states import ThreeArrays
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.associativity import associativity
from convviz.operations.convolution.groupings import Groupings


def groupings(state: ThreeArrays) -> tuple[Groupings, Groupings]:
    """Compute both groupings of three arrays, for convolution and for cross-correlation."""
    arrays = (state.a, state.b, state.c)
    return associativity(*arrays, flip=True), associativity(*arrays, flip=False)


class Associativity(Lesson[ThreeArrays]):
    """Three short arrays to type in, and whether A∗(B∗C) is (A∗B)∗C, for convolution and for cross-correlation.

    Parameters
    ----------
    a, b, c : sequence of number
        What to begin with: 1 to 8 numbers each; 0, or from 0.001 to 999 in size.

    Raises
    ------
    ValueError
        If there are other numbers among them, or more.

    Examples
    --------
    >>> lesson = Associativity()
    >>> [bool(both.agree.all()) for both in groupings(lesson.state)]
    [True, False]
    """

    controls = (
        Group(
            title="Three arrays",
            controls=tuple(Typed(field=name, label=name.upper(), hint="up to 8 numbers") for name in "abc"),
        ),
    )
    notes = (Note(name="table", text=lambda state, _: groupings_html(*groupings(state)), below=True),)

    def __init__(
        self, a: Sequence[float] = (1, 2, 3), b: Sequence[float] = (1, 0, 2), c: Sequence[float] = (1, 3)
    ) -> None:
        super().__init__(
            ThreeArrays(a=as_numbers("a", a, (1,)), b=as_numbers("b", b, (1,)), c=as_numbers("c", c, (1,)))
        )
