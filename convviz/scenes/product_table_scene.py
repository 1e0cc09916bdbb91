"""The scene of a convolution as a table of products, whose anti-diagonals add up to the output."""

from dataclasses import replace
from typing import Any

import numpy as np

from convviz.operations.convolution.outer_product import OuterProductTrace
from convviz.scenes.layout.arrange import readable
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.panels.marks import Block, Frame
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.spots import Lit
from convviz.scenes.parts.slices import plain_part
from convviz.scenes.scene import Scene
from convviz.scenes.sums import settled_sum
from convviz.theme import DESKTOP, Look


def product_table(trace: OuterProductTrace, look: Look = DESKTOP) -> Scene:
    """Show all products as a table; its anti-diagonals light up, and add up to the output.

    Parameters
    ----------
    trace : OuterProductTrace
        Made by `convviz.outer_product`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import outer_product
    >>> scene = product_table(outer_product([1, 2, 3], [4, 5]))
    >>> [panel.name for panel in scene.panels]
    ['input', 'response', 'table', 'output']
    """
    views, table = trace.terms.views, trace.table
    signal: dict[str, Any] = {"values": trace.x, "sample": trace.x, "edits": "x"}
    response: dict[str, Any] = {"values": trace.h, "sample": trace.h, "edits": "h", "sign": "×"}
    signal |= {"shape": (len(trace.x), 1), "view": views["input"].flattened()}
    if len(trace.h) <= READABLE_CELLS:
        response |= {"shape": (1, len(trace.h)), "view": views["response"]}
    else:  # as a column, it takes less room beside the other one
        response |= {"shape": (len(trace.h), 1), "view": views["response"].flattened()}
    grid: dict[str, Any] = {"values": table, "sample": table, "shape": table.shape, "view": views["table"], "sign": "="}
    products = plain_part(look, "table", "products", "Products", "each with each", **grid)
    lit = Lit(cells_of=lambda step: step.cells, colour=look.theme.output.strong)
    parts = [
        plain_part(look, "input", "input", "Signal", "", **signal),
        plain_part(look, "response", "kernel", "Response", "", **response),
        replace(products, marks=(lit,)),
        _output(trace, look),
    ]
    return Scene(trace, look, parts)


def _output(trace: OuterProductTrace, look: Look) -> Part:
    """Show the output filling up."""
    output, what = trace.output, ("output", "output", "Output", "sums of anti-diagonals")
    more: dict[str, Any] = {"shape": (1, len(output)), "view": trace.terms.views["output"], "sign": "Σ→"}
    part = plain_part(look, *what, sample=output, values=output, **more)
    if output.dtype.kind == "f" and readable(part.plan, look.width):
        part = replace(part, values=np.array([settled_sum(step) for step in trace]))
    frame = Frame(block_of=_cell_of, colour=look.theme.output.strong)
    return replace(part, known=lambda step: step.index + 1, marks=(frame,))


def _cell_of(step: Any) -> Block:
    return slice(0, 1), slice(0, 1), slice(step.index, step.index + 1)
