"""The scene of a convolution as a sum of echoes, beside the same output cell by flipping and sliding."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from convviz.numerals import WrittenSum, settle, write_sum
from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.convolution.outer_product import outer_product
from convviz.scenes.layout.arrange import readable
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.spots import Lit, Stems
from convviz.scenes.panels.words import count
from convviz.scenes.parts.slices import a_few, number_part, plain_part
from convviz.scenes.scene import Scene
from convviz.scenes.sums import settled_sum
from convviz.terms import View
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_STEMS_PX, _LOW_STEMS_PX = 48.0, 34.0
_WIDE_PX, _HEIGHT_PX = 700, (480.0, 700.0)
"""Signals below each other take more height than grids do: so much where the page is wide, and where it is not."""


def echo_sum(trace: EchoTrace, look: Look = DESKTOP) -> Scene:
    """Show echoes one below the other, their running total, and the same output cell by flipping and sliding.

    Signals are drawn as stems above their numbers. Lit up are the samples that reach the cell that the step completes,
    and their products in the echoes: those that flipping and sliding adds up. Where there is no room for the numbers of
    all echoes, the step's alone is shown.

    Parameters
    ----------
    trace : EchoTrace
        Made by `convviz.echoes`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import echoes
    >>> scene = echo_sum(echoes([1, 2, 3], [4, 5]))
    >>> [panel.name for panel in scene.panels]
    ['input', 'response', 'echoes', 'total', 'window', 'flipped', 'products', 'cell']
    """
    copies, sign = _step_echo(trace, look), "→"
    if len(trace.output) <= READABLE_CELLS and readable((every := _echoes(trace, look)).plan, look.width):
        copies, sign = every, "Σ"
    parts = [*_signals(trace, look), copies, _total(trace, look, sign), *_sliding(trace, look)]
    height = _HEIGHT_PX[look.width <= _WIDE_PX]
    return Scene(trace, look, parts, height=height, written=partial(_sum_of_window, trace.h[::-1]))


def _signals(trace: EchoTrace, look: Look) -> list[Part]:
    """Show the signal, with the sample of the step framed and those that reach its cell lit up, and the response."""
    views, frame = trace.terms.views, Frame(block_of=_cell_of, colour=look.theme.kernel.strong)
    signal = _stemmed(look, "input", "input", "Signal", trace.x, view=views["input"], edits="x")
    response = _stemmed(look, "response", "kernel", "Response", trace.h, view=views["response"], edits="h", sign="×")
    lit = [Lit(cells_of=_window_of, colour=look.theme.output.strong)] if readable(signal.plan, look.width) else []
    return [replace(signal, marks=(*signal.marks, *lit, frame)), response]


def _stemmed(look: Look, name: str, role: str, title: str, values: Array, **more: Any) -> Part:
    """Show a signal as a row of numbers with stems."""
    more |= {"shape": (1, len(values)), "sample": values, "values": values, "stems_px": _STEMS_PX}
    part = plain_part(look, name, role, title, count(len(values), "number"), **more)
    return replace(part, marks=(Stems(limits=(values.min(), values.max())),))


def _echoes(trace: EchoTrace, look: Look) -> Part:
    """Show the echoes so far, one below the other."""
    table, samples, cells = outer_product(trace.x, trace.h).table, len(trace.x), len(trace.output)
    placed = np.ma.masked_array(np.zeros((samples, cells), table.dtype), mask=True)
    for number, copy in enumerate(table):
        placed[number, number : number + len(copy)] = copy

    def echoes_so_far(step: Any) -> Array:
        shown = placed.copy()
        shown[step.index + 1 :] = np.ma.masked
        return np.ma.masked_array(shown)

    more: dict[str, Any] = {"sample": _numbers(trace), "values": echoes_so_far, "view": trace.terms.views["echoes"]}
    what = ("echoes", "products", "Echoes so far", "delayed by 0, 1, 2 …")
    part = plain_part(look, *what, shape=(samples, cells), sign="=", **more)
    frame = Frame(block_of=_echo_of, colour=look.theme.kernel.strong)
    lit = Lit(cells_of=_products_of, colour=look.theme.output.strong)
    return replace(part, wait=True, marks=(lit, frame))


def _step_echo(trace: EchoTrace, look: Look) -> Part:
    """Show the echo of the step alone."""
    cells, products = np.arange(len(trace.output)), _products(trace)

    def echo(step: Any) -> Array:
        return np.ma.masked_array(step.echo, mask=(cells < step.window.start) | (cells >= step.window.stop))

    more: dict[str, Any] = {"sample": _numbers(trace), "values": echo, "view": trace.terms.views["echo"], "sign": "="}
    more |= {"shape": (1, len(cells)), "stems_px": _STEMS_PX, "takes_turns": len(trace.x)}
    part = plain_part(look, "echo", "products", "Echo", "delayed by its number", **more)
    stems = Stems(limits=(products.min(), products.max()))
    return replace(part, wait=True, number=lambda step: step.index, marks=(stems,))


def _total(trace: EchoTrace, look: Look, sign: str) -> Part:
    """Show what the echoes so far add up to, below them."""
    totals, within = _totals(trace), trace.within

    def total(step: Any) -> Array:
        known = trace.partial(step.index)
        if len(known) > READABLE_CELLS:
            return known
        return np.ma.masked_array(settle(known.data, within), known.mask)

    more: dict[str, Any] = {"sample": _numbers(trace), "values": total, "sign": sign}
    more |= {"view": trace.terms.views["output"], "stems_px": _LOW_STEMS_PX, "begins": True, "under": True}
    part = plain_part(look, "total", "output", "Total so far", "column by column", shape=(1, len(within)), **more)
    mine = Frame(block_of=_cell_of, colour=look.theme.output.strong)
    return replace(part, wait=True, marks=(Stems(limits=(totals.min(), totals.max())), mine))


def _sliding(trace: EchoTrace, look: Look) -> list[Part]:
    """Show how the flipped response, at its place on the signal, makes the same output cell."""
    size, steps = len(trace.h), a_few(trace)
    delay, output = (trace.terms.views[name].column[0] for name in ("response", "output"))
    backwards = View(column=(replace(delay, of={name: -by for name, by in delay.of.items()}, offset=size - 1),))
    of_cell = replace(backwards, held=(output,))
    products = np.concatenate([np.zeros(1, int), *(step.products for step in steps)])
    row: dict[str, Any] = {"shape": (1, size)}
    window = row | {"sample": np.append(trace.x, 0), "values": lambda step: _ending(size, step.patch), "view": of_cell}
    flipped = row | {"sample": trace.h, "values": trace.h[::-1], "view": backwards, "sign": "×", "follows": True}
    made = row | {"sample": products, "values": lambda step: _ending(size, step.products), "view": of_cell, "sign": "="}
    cell: dict[str, Any] = {"number_of": settled_sum, "steps": steps, "sign": "Σ→", "takes_turns": len(trace.x)}
    part = plain_part(look, "window", "input", "Flip and slide", "the newest samples", begins=True, **window)
    before = part if size == 1 else replace(part, border=lambda step: np.arange(size) < size - len(step.patch))
    return [
        before,
        plain_part(look, "flipped", "kernel", "Response", "flipped", **flipped),
        plain_part(look, "products", "products", "Products", "", follows=True, **made),
        replace(
            number_part(look, "cell", "output", "Output", "", view=View(held=(output,)), **cell),
            number=lambda step: step.index,
        ),
    ]


def _ending(size: int, numbers: Array) -> Array:
    """Put numbers at the end of a row, after the zeros from before the signal begins."""
    return np.concatenate([np.zeros(size - len(numbers), numbers.dtype), numbers])


def _sum_of_window(flipped: Array, step: Any) -> WrittenSum:
    """Write the products of the window, those with the zeros before the signal as well."""
    return write_sum(_ending(len(flipped), step.patch), flipped, step.value)


def _numbers(trace: EchoTrace) -> Array:
    """Return numbers as wide, as low and as high as those in echoes and totals, so that their cells are alike."""
    return np.concatenate([_products(trace), _totals(trace)])


def _products(trace: EchoTrace) -> Array:
    """Return all products, or, of a long signal, the lowest and the highest."""
    if len(trace.output) <= READABLE_CELLS:
        return outer_product(trace.x, trace.h).table.reshape(-1)
    ends = (np.array([array.min(), array.max()], object) for array in (trace.x, trace.h))
    return np.asarray(np.multiply.outer(*ends)).reshape(-1)


def _totals(trace: EchoTrace) -> Array:
    """Return the totals of some steps, to learn how wide numbers get."""
    return np.concatenate([step.total for step in a_few(trace)])


def _cell_of(step: Any) -> Block:
    return slice(0, 1), slice(0, 1), slice(step.index, step.index + 1)


def _echo_of(step: Any) -> Block:
    return slice(0, 1), slice(step.index, step.index + 1), step.window


def _window_of(step: Any) -> tuple[Array, Array]:
    """Return rows and columns of the samples that reach the cell that the step completes."""
    columns = np.arange(step.index + 1 - len(step.patch), step.index + 1)
    return np.zeros(len(columns), int), columns


def _products_of(step: Any) -> tuple[Array, Array]:
    """Return rows and columns of the products in the cell that the step completes."""
    _, samples = _window_of(step)
    return samples, np.full(len(samples), step.index)
