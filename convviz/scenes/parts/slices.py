"""Parts of any operation: what one panel shows, and arrays in slices, of which many are shown one at a time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.scenes.layout.arrange import side_by_side
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import count, explained, planned, size
from convviz.theme import Look
from convviz.trace import Array

MOST_ALIKE = 4
"""Of more slices than this, only that of the step is shown."""


def plain_part(look: Look, *what: str, shape: Sequence[int], sample: Array, values: Any, **more: Any) -> Part:
    """Plan a panel.

    ``what`` are its name, its part of the story, its title and its note; ``shape`` is that of its slices, rows and
    columns (or fewer), and ``sample`` holds numbers as wide, as low and as high as those that are shown. ``view`` and
    ``edits`` are those of the part; the rest goes into its plan.
    """
    name, role, *words = what
    view, edits = more.pop("view", None), more.pop("edits", "")
    plan = planned(name, *words, shape=shape, numbers=sample, colour=getattr(look.theme, role), **more)
    if plan.slices > 1 and plan.rows > 1:
        plan = side_by_side(plan, look.width)
    part = explained(Part(plan=plan, values=values, view=view), sample, look)
    return replace(part, edits=edits)


def number_part(look: Look, *what: str, number_of: Callable[[Any], Any], steps: Sequence[Any], **more: Any) -> Part:
    """Plan a panel for a single number of the step; ``steps`` are some, to learn how wide it gets."""
    sample = np.array([number_of(step) for step in steps])
    return plain_part(
        look, *what, shape=(), sample=sample, values=lambda step: np.asarray(number_of(step)), follows=True, **more
    )


def slices_part(
    look: Look,
    name: str,
    role: str,
    title: str,
    *,
    each: str,
    values: Array,
    cell_of: Callable[[Any], Block],
    **more: Any,
) -> Part:
    """Show an array in slices, and frame some cells of it.

    Up to four slices stand side by side. Of more, the one that is framed is shown: its title says its number.

    Parameters
    ----------
    each : str
        What a slice is called.
    values : ndarray, shape (slices, rows, columns)
        What stands in the cells.
    cell_of : callable
        Returns the slices, rows and columns that a step frames. Only a single slice is shown where there are many.
    view : View
        What the cells stand for.
    held : tuple of str
        The indices that a slice has, which stay as they are in the step where one slice is shown.
    sample : ndarray
        Numbers as wide, as low and as high as those that are shown: the values, if left out.
    note : str
        How large a slice is, if the values do not say that.
    """
    view, held, note = more.pop("view"), more.pop("held"), more.pop("note", "") or size_of(values)
    sample = more.pop("sample", values)
    shade = getattr(look.theme, more.pop("framed", role)).strong
    if len(values) <= MOST_ALIKE:
        several = len(values) > 1
        captions = tuple(f"{each} {number}" for number in range(len(values))) if several else ()
        note = f"{count(len(values), each)}, {note}" if several else note
        words = (name, role, title, note)
        alike: dict[str, Any] = {"values": values, "view": view, "captions": captions}
        part = plain_part(look, *words, shape=values.shape, sample=sample, **alike, **more)
        return replace(part, marks=(Frame(block_of=cell_of, colour=shade),))

    def current(step: Any) -> int:
        return int(cell_of(step)[0].start)

    frame = Frame(block_of=lambda step: (slice(0, 1), *cell_of(step)[1:]), colour=shade)
    what = (name, role, f"{title}, {each}", f"{count(len(values), each)}, {note}")
    alone: dict[str, Any] = {"view": replace(view, slice=(), fixed=held), "takes_turns": len(values)}
    shown: dict[str, Any] = {"shape": values.shape[1:], "values": lambda step: values[current(step)]}
    part = plain_part(look, *what, sample=sample, **shown, **alone, **more)
    return replace(part, number=current, marks=(frame,))


def size_of(values: Array) -> str:
    """Write how large each slice is."""
    return size(values.shape[1 if values.shape[1] > 1 else 2 :])


def as_rows(values: Array) -> Array:
    """See slices of a signal as slices of a single row."""
    return values if values.ndim > 2 else values[:, None, :]


def a_few(trace: Sequence[Any]) -> list[Any]:
    """Return some steps, to learn how wide numbers get."""
    return list(trace[:: max(1, len(trace) // 16)])
