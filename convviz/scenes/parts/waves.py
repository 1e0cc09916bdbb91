"""Parts for waves: how strong each one is, and what one of them looks like."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import pi
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import numerals
from convviz.scenes.parts.grid import curve_part, grid_part, is_readable, marked
from convviz.theme import Look
from convviz.trace import Array

SAMPLES = 24
"""So many samples of a wave are shown."""
_PICTURE_PX = 150.0
_SPREAD = 1000.0
"""How far weak waves are told apart in greys: as the logarithm of 1 to 1 + this."""


class Spectra:
    """Frequencies in ascending order, frequency 0 in the middle, whatever order the steps go through them.

    ``frequencies`` are those along each axis, as the trace has them.
    """

    def __init__(self, look: Look, frequencies: Sequence[Array]) -> None:
        self.look, self.frequencies = look, [np.sort(axis) for axis in frequencies]
        self._orders = [np.argsort(axis, kind="stable") for axis in frequencies]
        self._places = [np.argsort(order, kind="stable") for order in self._orders]

    def of(self, values: Array) -> Array:
        """Return values in ascending order of their frequencies."""
        return values[np.ix_(*self._orders)]

    def place(self, step: Any) -> tuple[int, ...]:
        """Return where the frequency of a step is among the ordered ones."""
        return tuple(int(places[at]) for places, at in zip(self._places, step.position, strict=True))

    def strengths(
        self,
        *what: str,
        values: Array,
        known: Callable[[Any], Array] | None = None,
        is_even: bool = False,
        **plan: Any,
    ) -> Part:
        """Show how strong each wave is, ``known`` as far as a step has come: a curve, or in 2D a picture.

        Greys are spread as logarithms, or, if ``is_even``, evenly.
        """
        every = np.abs(self.of(values))

        def values_of(step: Any) -> Array:
            if known is None:
                return every
            return np.ma.masked_array(every, np.ma.getmaskarray(self.of(known(step))))

        if values.ndim > 1:
            return self._picture(*what, every=every, values=values_of if known else every, is_even=is_even, **plan)
        limits = (0.0, float(every.max()) or 1.0)
        [axis] = self.frequencies
        low, high = (numeral(float(end), 2).replace("-", "−") for end in (axis[0], axis[-1]))
        more: dict[str, Any] = {"dot_of": lambda step: self.place(step)[0], "ends": (low, high), "limits": limits}
        return curve_part(self.look, *what, curve=more | {"values_of": values_of}, **plan)

    def _picture(self, *what: str, every: Array, values: Any, is_even: bool, **plan: Any) -> Part:
        grid = {"sample": every, "shape": every.shape, **plan}
        part = grid_part(self.look, *what, values=values, **grid)
        if not is_even and not is_readable(part, self.look):
            part = grid_part(self.look, *what[:-1], "logarithmic", values=values, **grid)
            largest = float(every.max()) or 1.0
            part = replace(part, shade=lambda strengths: np.log1p(strengths * _SPREAD / largest))
        frame = Frame(block_of=self._cell, colour=self.look.theme.accent)
        return marked(part, *([bare] if callable(values) else []), frame)

    def _cell(self, step: Any) -> Block:
        row, column = self.place(step)
        return slice(0, 1), slice(row, row + 1), slice(column, column + 1)

    def frequency(self) -> Part:
        """Show the frequency of the step, along each axis; −0.5 is 0.5, which is the same wave."""
        most = np.stack([np.resize(axis, 64) for axis in self.frequencies])
        what = ("frequency", "input", "Frequency", "cycles per sample" + (", ↓ and →" if len(most) > 1 else ""))
        shape = (1, len(most))

        def values(step: Any) -> Array:
            return np.array([0.5 if each == -0.5 else each for each in step.frequency])

        return grid_part(self.look, *what, values=values, sample=most, shape=shape, begins=True)

    def wave(self, *what: str, number_of: Callable[[Any], complex], most: float, **plan: Any) -> Part:
        """Show a few samples of the step's wave, multiplied by a number; ``most`` is the strongest of all."""

        def values(step: Any) -> Array:
            return np.asarray((number_of(step) * wave(step.frequency)).real)

        limits = (-most, most)
        if len(self.frequencies) == 1:
            curve = {"values_of": values, "limits": limits, "ends": ("sample 0", str(SAMPLES - 1))}
            return curve_part(self.look, *what, curve=curve, **plan)
        *words, note = what
        note += ", black {}, white {}".format(*numerals(np.array(limits)))
        more: dict[str, Any] = {"sample": np.array(limits), "shape": (SAMPLES, SAMPLES), "thumb_px": _PICTURE_PX}
        return grid_part(self.look, *words, note, values=values, **more, **plan)


def wave(frequency: Sequence[float]) -> Array:
    """Return some samples of a complex wave of strength 1, along each axis.

    Examples
    --------
    >>> wave([0.25])[:4].round(3).real + 0
    array([ 1.,  0., -1.,  0.])
    """
    made = np.ones((), complex)
    for each in frequency:
        made = np.multiply.outer(made, np.exp(2j * pi * each * np.arange(SAMPLES)))
    return made
