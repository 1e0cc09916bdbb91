"""Lesson 02: may the brackets be moved? Yes for convolution, no for cross-correlation, seen in numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets

from convviz.lessons.bracketing import NAMES, Bracketing, bracket, bracketings_html
from convviz.lessons.message import Message
from convviz.lessons.number_grid import read_number
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import convolve, correlate
from convviz.trace import Array

_CSS = (Path(__file__).parent / "form.css").read_text(encoding="utf-8")
_MOST_NUMBERS = 8
_SMALLEST, _LARGEST = 0.001, 999
"""Within these sizes sums neither overflow nor get lost in rounding, and a table stays narrow enough to read."""


class Associativity(ipywidgets.VBox):
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
    >>> explorer = Associativity()
    >>> [both.associative for both in explorer.bracketings]
    [True, False]
    >>> explorer.fields["C"].value = "5 2 5"
    >>> [both.associative for both in explorer.bracketings]
    [True, True]
    """

    def __init__(
        self, a: Sequence[float] = (1, 2, 3), b: Sequence[float] = (1, 0, 2), c: Sequence[float] = (1, 3)
    ) -> None:
        self.fields = {name: _field(name, numbers) for name, numbers in zip(NAMES, (a, b, c), strict=True)}
        self.messages = {name: Message() for name in NAMES}
        self.picture = ipywidgets.HTML()
        self._show([read_array(name, self.fields[name].value) for name in NAMES])
        columns = [ipywidgets.VBox([self.fields[name], self.messages[name]]) for name in NAMES]
        form = ipywidgets.HBox(columns)
        form.add_class("convviz-form")
        super().__init__([ipywidgets.HTML(f"<style>{_CSS}</style>"), form, self.picture])
        for name in ("convviz-explorer", "convviz-associativity"):
            self.add_class(name)
        for field in self.fields.values():
            field.observe(self._typed_in, "value")

    @property
    def bracketings(self) -> tuple[Bracketing, Bracketing]:
        """What is on the screen: convolution and cross-correlation."""
        return self._bracketings

    def _typed_in(self, _: Any) -> None:
        arrays = []
        for name, field in self.fields.items():
            try:
                arrays.append(read_array(name, field.value))
            except ValueError as error:
                self.messages[name].warn(str(error))
                field.add_class("convviz-wrong")
            else:
                self.messages[name].clear()
                field.remove_class("convviz-wrong")
        if len(arrays) == len(self.fields):
            self._show(arrays)

    def _show(self, arrays: Sequence[Array]) -> None:
        self._bracketings = bracket(convolve, "∗", arrays), bracket(correlate, "⋆", arrays)
        self.picture.value = bracketings_html(*self._bracketings)


def read_array(name: str, text: str) -> Array:
    """Read a few numbers separated by spaces or commas; brackets around them do no harm.

    Raises
    ------
    ValueError
        If there are none or too many, one is too small or too large, or something is no number.

    Examples
    --------
    >>> read_array("A", "[1, -0.5 2]")
    array([ 1. , -0.5,  2. ])
    """
    words = text.strip().strip("[]()").replace(",", " ").split()
    if not words:
        raise ValueError(f"{name} is empty; accepted: 1 to {_MOST_NUMBERS} numbers, such as 1 0 2")
    if len(words) > _MOST_NUMBERS:
        raise ValueError(f"{name} has {len(words)} numbers; accepted: 1 to {_MOST_NUMBERS}")
    numbers = []
    for word in words:
        try:
            numbers.append(read_number(word))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if numbers[-1] and not _SMALLEST <= abs(numbers[-1]) <= _LARGEST:
            raise ValueError(f"{name} holds {word}; accepted: 0, and numbers from {_SMALLEST} to {_LARGEST} in size")
    return as_numbers(name, numbers)


def _field(name: str, numbers: Sequence[float]) -> ipywidgets.Text:
    return ipywidgets.Text(
        value=" ".join(map(str, numbers)),
        description=name,
        tooltip=f"{name}: up to {_MOST_NUMBERS} numbers, separated by spaces or commas",
        continuous_update=False,
        style={"description_width": "1.2rem"},
        layout={"width": "15rem"},
    )
