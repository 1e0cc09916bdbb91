"""What a kernel looks for: in words, as a column times a row, and in the numbers of its family."""

from math import hypot
from typing import Any

import numpy as np

from convviz import samples
from convviz.lessons.notes.comparing import several, shape
from convviz.lessons.notes.markup import bare_note, paragraphs, table, verdict
from convviz.lessons.notes.verdicts import unlike
from convviz.numerals import numeral
from convviz.operations.convolution.correlate import WindowStep, WindowTrace, correlate
from convviz.operations.convolution.separable import separated

_FAMILY = ("prewitt", "sobel", "scharr")


def kernel_verdict(kernel: samples.Sample | None) -> str:
    """Write what a named kernel does; None is one without a name.

    Examples
    --------
    >>> kernel_verdict(samples.NAMED_KERNELS["sobel_x"])[-62:]
    'Large where it gets brighter to the right: vertical edges.</p>'
    """
    if kernel is None:
        return verdict("**Your own kernel.** What does it look for? The output is large where the picture is like it.")
    return verdict(f"**{kernel.title}.** {kernel.says}")


def separable_verdict(trace: WindowTrace) -> str:
    """Split a kernel into a column and a row, apply both in turn, and compare.

    Parameters
    ----------
    trace : WindowTrace
        Of `convviz.correlate`, with a kernel of rows and columns.

    Examples
    --------
    >>> html = separable_verdict(correlate(samples.picture("landscape"), samples.kernel("sobel_x")))
    >>> "all 9 output cells are equal" in html, "3 + 3 = 6 multiplications" in html
    (True, True)
    """
    both = separated(trace.w)
    rows, columns = trace.w.shape
    if both is None:
        rank = int(np.linalg.matrix_rank(trace.w.astype(float)))
        return bare_note(
            paragraphs(
                "**This kernel is not separable:** its rows are not multiples of one row, so no column times a row "
                f"makes it. It takes {several(rank, 'such product')}, added up."
            )
        )
    column, row = both
    products = [
        (numeral(number), *(numeral(cell) for cell in cells))
        for number, cells in zip(column.tolist(), np.outer(column, row).tolist(), strict=True)
    ]
    twice = correlate(correlate(trace.padded, column[:, None]).output, row[None])
    misses = int(np.count_nonzero(unlike(twice.output, trace.output, trace.x, trace.w)))
    cells = trace.output.size
    found = f"all {cells:,} output cells are equal" if not misses else f"{misses:,} of {cells:,} output cells differ"
    return bare_note(
        table("column × row", ["×", *map(numeral, row.tolist())], products),
        paragraphs(
            f"**This kernel is separable.** Apply the column to the picture, and the row to what comes out: {found}. "
            f"For each output cell, that is {rows} + {columns} = {rows + columns} multiplications instead of "
            f"{rows}·{columns} = {rows * columns}."
        ),
    )


def slopes_html(step: WindowStep) -> str:
    """Compare what the kernels of the Sobel family say about the window of a step: how steep the picture is there.

    Parameters
    ----------
    step : WindowStep
        Of `convviz.correlate`, with a kernel of 3×3.

    Examples
    --------
    >>> html = slopes_html(correlate([[1, 3, 5]] * 3, samples.kernel("sobel_x"))[0])
    >>> "<td>16</td><td>0</td><td>16</td><td>2</td>" in html
    True
    """
    if step.patch.shape != (3, 3):
        given = shape(step.patch.shape)
        return bare_note(paragraphs(f"These kernels are 3×3, and the one in the picture is {given}: pick another one."))
    rows = [_slope(name, step.patch) for name in _FAMILY]
    heads = ["kernels", "left to right, a", "top to bottom, b", "√(a² + b²)", "per pixel"]
    return bare_note(table(f"How steep the picture is under window {list(map(int, step.position))}", heads, rows))


def _slope(name: str, patch: Any) -> tuple[str, ...]:
    """Apply both kernels of a name. On a slope of 1 per pixel, such a kernel makes the sum of its weights' sizes."""
    along, down = ((patch * samples.kernel(f"{name}_{axis}")).sum().item() for axis in "xy")
    unit = int(np.abs(samples.kernel(f"{name}_x")).sum())
    length = hypot(along, down)
    return name.capitalize(), numeral(along), numeral(down), numeral(length), numeral(length / unit)
