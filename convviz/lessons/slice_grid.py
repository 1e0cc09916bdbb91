"""Many slices of numbers to type in, one at a time: the channels of an input, or the kernels of filters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from convviz.lessons.number_grid import NumberGrid
from convviz.trace import Array

_YOURS = "Your own numbers"
_MOST_CELLS = 100
"""So many fields a page can hold; more numbers can be picked or loaded, not typed."""


class SliceGrid(ipywidgets.VBox):
    """An array whose last two axes are typed in as a grid, one slice at a time; lists pick the slice.

    Parameters
    ----------
    title : str
        Heading, also what errors and screen readers call it.
    values : ndarray, shape (..., rows, columns)
        What to begin with.
    axes : sequence of str
        What each of the other axes counts: 'channel', 'filter'.
    ready_made : mapping of str to callable
        Whole arrays to pick from, by name; the functions make them.
    random : (int, int)
        Smallest and largest number that the random button draws.

    Examples
    --------
    >>> grid = SliceGrid("Input", np.zeros((3, 2, 2), int), ["channel"], ready_made={}, random=(0, 9))
    >>> grid.pickers[0].value = 2
    >>> grid.grid.cells[0].value = "7"
    >>> grid.values[2]
    array([[7, 0],
           [0, 0]])
    """

    values = traitlets.Instance(np.ndarray)

    def __init__(
        self,
        title: str,
        values: Array,
        axes: Sequence[str],
        *,
        ready_made: Mapping[str, Callable[[], Array]],
        random: tuple[int, int],
    ) -> None:
        self._axes, self._ready_made, self._random = axes, ready_made, random
        self._filling = False
        self.picker = ipywidgets.Dropdown(
            options=[_YOURS, *ready_made], tooltip=f"{title}: ready-made", layout={"width": "14rem"}
        )
        self.random_button = ipywidgets.Button(
            description="Random", tooltip=f"{title}: draw new random numbers", layout={"width": "5.5rem"}
        )
        self.pickers = [
            ipywidgets.Dropdown(options=[0], tooltip=f"{title}: {axis} to type in", layout={"width": "7rem"})
            for axis in axes
        ]
        self.grid = NumberGrid(title, np.zeros((1, 1), int), ready_made={}, random=None)
        self.large = ipywidgets.HTML()
        tools = _row([self.picker, self.random_button])
        super().__init__([ipywidgets.HTML(f"<b>{title}</b>"), tools, _row(self.pickers), self.grid, self.large])
        self.put(values)
        self.picker.observe(self._pick, "value")
        self.random_button.on_click(self._draw)
        self.grid.observe(self._typed_in, "values")
        for picker in self.pickers:
            picker.observe(self._turn_to, "value")

    def put(self, values: Array) -> None:
        """Fill the grid with these numbers, and stay at the slice on the screen if there still is one."""
        self._fill(values)
        self.values = values

    def _take(self, values: Array) -> None:
        """Tell of other numbers, then show what has become of them: an observer may have put the old ones back."""
        self.values = values
        self._fill(self.values)

    def _fill(self, values: Array) -> None:
        self._filling = True
        try:
            for picker, axis, count in zip(self.pickers, self._axes, values.shape[:-2], strict=True):
                at = min(picker.value or 0, count - 1)
                if len(picker.options) != count or not isinstance(picker.options[0], tuple):
                    picker.options = [(f"{axis} {number}", number) for number in range(count)]
                    picker.value = at
                picker.layout.display = None if count > 1 else "none"
            self._show(values)
            self.picker.value = self._name_of(values)
        finally:
            self._filling = False

    def _show(self, values: Array) -> None:
        rows, columns = values.shape[-2:]
        fits = rows * columns <= _MOST_CELLS
        self.grid.layout.display = None if fits else "none"
        too_many = f"<p>{rows}×{columns} numbers are too many to type in. Pick something smaller to edit it.</p>"
        self.large.value = "" if fits else too_many
        if fits:
            self.grid.put(values[self._place])

    @property
    def _place(self) -> tuple[int, ...]:
        return tuple(picker.value for picker in self.pickers)

    def _turn_to(self, _: Any) -> None:
        if not self._filling:
            self._filling = True
            self._show(self.values)
            self._filling = False

    def _typed_in(self, change: dict[str, Any]) -> None:
        if self._filling:
            return
        values = self.values.astype(np.result_type(self.values, change["new"]))
        values[self._place] = change["new"]
        self._filling = True
        self.picker.value = self._name_of(values)
        self._filling = False
        self.values = values

    def _pick(self, change: dict[str, Any]) -> None:
        if not self._filling and change["new"] in self._ready_made:
            self._take(self._ready_made[change["new"]]())

    def _draw(self, _: Any) -> None:
        low, high = self._random
        self._take(np.asarray(np.random.default_rng().integers(low, high, self.values.shape, endpoint=True)))

    def _name_of(self, values: Array) -> str:
        return next((name for name, make in self._ready_made.items() if np.array_equal(make(), values)), _YOURS)

    @traitlets.validate("values")
    def _read_only(self, proposal: dict[str, Any]) -> Array:
        values: Array = proposal["value"].copy()
        values.setflags(write=False)
        return values


def _row(children: Sequence[ipywidgets.Widget]) -> ipywidgets.HBox:
    return ipywidgets.HBox(list(children), layout={"flex_flow": "row wrap"})
