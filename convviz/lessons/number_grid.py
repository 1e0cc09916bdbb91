"""A grid of numbers to type in, with ready-made ones to pick and a button for random ones."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from convviz.lessons.message import Message
from convviz.numerals import numeral
from convviz.trace import Array

_WRONG = "convviz-wrong"
_YOURS = "Your own numbers"
_CELL = {"width": "3.1rem", "margin": "1px"}


class NumberGrid(ipywidgets.VBox):
    """An array that can be edited cell by cell; ``values`` is always the last one that made sense.

    Parameters
    ----------
    title : str
        Heading, also what errors and screen readers call it.
    values : ndarray, shape (columns,) or (rows, columns)
        What to begin with.
    ready_made : mapping of str to callable
        Arrays to pick from, by name; the functions make them.
    random : (int, int), optional
        Smallest and largest number that the random button draws; left out, the grid has neither
        button nor list nor heading.

    Examples
    --------
    >>> grid = NumberGrid("Kernel", np.eye(2, dtype=int), ready_made={}, random=(0, 9))
    >>> grid.cells[1].value = "1/2"
    >>> grid.values
    array([[1. , 0.5],
           [0. , 1. ]])
    """

    values = traitlets.Instance(np.ndarray)

    def __init__(
        self,
        title: str,
        values: Array,
        *,
        ready_made: Mapping[str, Callable[[], Array]],
        random: tuple[int, int] | None,
    ) -> None:
        self._title = title
        self._ready_made = ready_made
        self._random = random
        self._filling = False
        self._layout = ipywidgets.Layout(**_CELL)
        self._spare: list[ipywidgets.Text] = []
        self._cells: list[ipywidgets.Text] = []
        self.message = Message()
        self.picker = ipywidgets.Dropdown(
            options=[_YOURS, *ready_made], description="", tooltip=f"{title}: ready-made", layout={"width": "12.5rem"}
        )
        self.random_button = ipywidgets.Button(
            description="Random", tooltip=f"{title}: draw new random numbers", layout={"width": "5.5rem"}
        )
        self._rows = ipywidgets.VBox(layout={"overflow": "auto"})
        heading = ipywidgets.HTML(f"<b>{title}</b>")
        tools = ipywidgets.HBox([self.picker, self.random_button], layout={"flex_flow": "row wrap"})
        super().__init__([*([heading, tools] if random else []), self._rows, self.message])
        self.add_class("convviz-grid")
        self.put(values)
        self.picker.observe(self._pick, "value")
        self.random_button.on_click(self._draw)

    @property
    def cells(self) -> list[ipywidgets.Text]:
        """The fields, row by row."""
        return self._cells

    def put(self, values: Array) -> None:
        """Fill the grid with these numbers."""
        self._filling = True
        try:
            rows = np.atleast_2d(values)
            self._resize(*rows.shape)
            for cell, value in zip(self._cells, rows.flat, strict=True):
                cell.value = _typed(value)
                cell.remove_class(_WRONG)
            self.picker.value = self._name_of(values)
        finally:
            self._filling = False
        self.message.clear()
        self._ndim = values.ndim
        self.values = values

    def _resize(self, rows: int, columns: int) -> None:
        if len(self._rows.children) == rows and len(self._cells) == rows * columns:
            return
        while len(self._spare) < rows * columns:
            # One layout and one style for all cells: each is a model of its own that the browser has to load.
            shared = {"layout": self._layout} | ({"style": self._spare[0].style} if self._spare else {})
            cell = ipywidgets.Text(continuous_update=False, **shared)
            cell.observe(self._typed_in, "value")
            self._spare.append(cell)
        self._cells = self._spare[: rows * columns]
        for number, cell in enumerate(self._cells):
            row, column = divmod(number, columns)
            cell.tooltip = f"{self._title}, row {row}, column {column}"
        self._rows.children = [ipywidgets.HBox(self._cells[row * columns : (row + 1) * columns]) for row in range(rows)]

    def _typed_in(self, _: Any) -> None:
        if self._filling:
            return
        numbers: list[int | float] = []
        errors: list[str] = []
        for cell in self._cells:
            try:
                numbers.append(read_number(cell.value))
                cell.remove_class(_WRONG)
            except ValueError as error:
                errors.append(f"{cell.tooltip}: {error}")
                cell.add_class(_WRONG)
        if errors:
            self.message.warn(errors[0])
            return
        self.message.clear()
        shape = (len(self._rows.children), -1) if self._ndim == 2 else (-1,)
        values = np.array(numbers).reshape(shape)
        self._filling = True
        self.picker.value = self._name_of(values)
        self._filling = False
        self.values = values

    def _pick(self, change: dict[str, Any]) -> None:
        if not self._filling and change["new"] in self._ready_made:
            self.put(self._ready_made[change["new"]]())

    def _draw(self, _: Any) -> None:
        assert self._random
        low, high = self._random
        self.put(np.asarray(np.random.default_rng().integers(low, high, self.values.shape, endpoint=True)))

    def _name_of(self, values: Array) -> str:
        return next((name for name, make in self._ready_made.items() if np.array_equal(make(), values)), _YOURS)

    @traitlets.validate("values")
    def _read_only(self, proposal: dict[str, Any]) -> Array:
        values: Array = proposal["value"].copy()
        values.setflags(write=False)
        return values


def _typed(value: Any) -> str:
    """Write a number as one would type it: exactly, and a fraction as a fraction."""
    short = numeral(value)
    return repr(float(value)) if short.startswith("≈") else short


def read_number(text: str) -> int | float:
    """Read what was typed: an integer, a decimal or a fraction.

    Raises
    ------
    ValueError
        If it is none of these; the text says what to type instead.

    Examples
    --------
    >>> read_number("3"), read_number("-0.5"), read_number("1/4")
    (3, -0.5, 0.25)
    """
    plain = text.strip().replace("−", "-")
    if not plain:
        raise ValueError("empty; type a number such as 3, -1, 0.5 or 1/9")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(Fraction(plain)) if "/" in plain else float(plain)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"“{text}” is no number; type one such as 3, -1, 0.5 or 1/9") from None
    if not np.isfinite(number):
        raise ValueError(f"“{text}” is not finite; type a number such as 3, -1, 0.5 or 1/9")
    return number
