"""Usual mistakes about a single window: flips, forgotten terms, other ways to combine numbers, and other cells."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convviz.numerals import numeral
from convviz.questions.cell import Cell
from convviz.questions.question import Mistake
from convviz.trace import Array

_AS_IT_IS = "here it is used as it is"
_WAYS = ((1, "top to bottom", "left to right"), (2, "left to right", "top to bottom"))
"""Each axis along which a kernel is flipped, in words, and the other one."""
_MOST_TERMS = 100
"""With more terms than these, nearly every number is the sum without some term."""


def flip_mistakes(cell: Cell) -> Iterator[Mistake]:
    """Go through the mistakes about the flip: none, half of it, or a transposition.

    Examples
    --------
    >>> from convviz import convolve
    >>> from convviz.operations.layers.as_layer import as_layer
    >>> from convviz.questions.cell import cell_at
    >>> trace = convolve([[1, 0], [0, 2]], [[3, 4], [5, 6]], "valid")
    >>> for mistake in flip_mistakes(cell_at(as_layer(trace), 0)):
    ...     print(mistake.value, mistake.told)
    15 the result of the kernel as it is: a convolution flips it first
    13 the result of the kernel flipped top to bottom only: flip it left to right as well
    14 the result of the kernel flipped left to right only: flip it top to bottom as well
    15 the result of the transposed kernel, its rows written as columns: a convolution flips it instead
    """
    remedy = "a convolution flips it instead" if cell.layer.flip else _AS_IT_IS
    spatial, kernel = tuple(range(1, cell.weight.ndim)), f"the result of the {cell.noun}"
    is_grid = len(spatial) == 2 and 1 not in cell.weight.shape[1:]
    if not cell.layer.flip:
        yield from _weighed(cell, np.flip(cell.weight, spatial), f"the result of the flipped {cell.noun}", remedy)
    else:
        yield from _weighed(cell, cell.weight, f"{kernel} as it is", "a convolution flips it first")
        for axis, way, other in _WAYS if is_grid else ():
            half = np.flip(cell.weight, axis)
            yield from _weighed(cell, half, f"{kernel} flipped {way} only", f"flip it {other} as well")
    if is_grid and cell.weight.shape[1] == cell.weight.shape[2]:
        what = f"the result of the transposed {cell.noun}, its rows written as columns"
        yield from _weighed(cell, cell.weight.swapaxes(1, 2), what, remedy)


def term_mistakes(cell: Cell) -> Iterator[Mistake]:
    """Go through the terms that may be forgotten, those of the same value together.

    Examples
    --------
    >>> from convviz import correlate
    >>> from convviz.operations.layers.as_layer import as_layer
    >>> from convviz.questions.cell import cell_at
    >>> for mistake in term_mistakes(cell_at(as_layer(correlate([1, 2, 2, 3], [4, 1, 1, -2])), 0)):
    ...     print(mistake.value, mistake.told)
    -2 the sum without the term 1×4 in cell [0] of the window: one term was forgotten
    0 the sum without one of the 2 terms that give 2: one term was forgotten
    8 the sum without the term 3×(-2) in cell [3] of the window: one term was forgotten
    """
    if cell.products[0].size == 1 or cell.products.size > _MOST_TERMS:
        return  # a channel's only term is the channel itself
    alike: dict[Any, list[tuple[int, ...]]] = {}
    for at, term in np.ndenumerate(cell.products):
        if term:
            alike.setdefault(term, []).append(at)
    for term, places in alike.items():
        one = f"the term {_named(cell, places[0])} of the window"
        several = f"one of the {len(places)} terms that give {numeral(term)}"
        what = f"the sum without {one if len(places) == 1 else several}"
        yield from cell.completed(cell.total - term, what, "one term was forgotten")


def rule_mistakes(cell: Cell) -> Iterator[Mistake]:
    """Go through other ways to make one number of window and weights."""
    terms = cell.products.ravel().tolist()
    what, remedy = "the sum of the window's numbers alone", "multiply each by its weight first"
    yield from cell.completed(sum(cell.patch.ravel().tolist()), what, remedy)
    if negative := [at for at, term in np.ndenumerate(cell.products) if term < 0]:
        term, value = _factors(cell, negative[0]), numeral(cell.products[negative[0]])
        what, remedy = "the sum of all products without their minus signs", f"{term} is {value}"
        yield from cell.completed(sum(map(abs, terms)), what, remedy)
    if len(terms) == len(cell.sums) > 1:
        return  # the products are the channels' sums
    if len(terms) > 2:  # of two products, the other one was forgotten
        yield from cell.completed(max(terms), "the largest product alone", "all products are added")
    if len(terms) > 1:
        yield from cell.completed(cell.total / len(terms), "the mean of the products", "they are added, not averaged")
    if len(cell.sums) == 1:
        yield from _matrix_product(cell)


def _matrix_product(cell: Cell) -> Iterator[Mistake]:
    window, kernel = cell.patch[0], cell.kernel[0]
    if window.ndim != 2 or window.shape[0] != window.shape[1]:
        return
    product = window @ kernel
    said, remedy = "the matrix product of window and kernel", "multiply cell by cell instead, then add everything up"
    yield from cell.completed(product[0, 0], f"the top left number of {said}", remedy)
    yield from cell.completed(product.sum(), f"the sum of all numbers in {said}", remedy)


def other_cells(cell: Cell) -> Iterator[Mistake]:
    """Go through the cells that may be taken for this one: the one before, its mirror image, those of other filters."""
    output, (number, *place) = cell.layer.output, cell.position
    if cell.index:
        before = tuple(map(int, np.unravel_index(cell.index - 1, output.shape)))
        moved = "the window has moved on since" if before[0] == number else f"filter {number} has begun since"
        yield Mistake(output[before].item(), f"what output {cell.name(before)}, the cell before, holds: {moved}")
    swapped = (number, *reversed(place))
    if len(place) == 2 and swapped != cell.position and all(np.less(swapped, output.shape)):
        what = f"what output {cell.name(swapped)} holds, with row and column swapped: the row is named first"
        yield Mistake(output[swapped].item(), what)
    for other in (number - 1, number + 1):
        if 0 <= other < len(output):
            what = f"what filter {other} makes at the same place: this cell belongs to filter {number}"
            yield Mistake(output[(other, *place)].item(), what)


def _weighed(cell: Cell, weights: Array, what: str, remedy: str) -> list[Mistake]:
    """Take other weights for the same window."""
    return cell.finished(sum((cell.patch * weights).ravel().tolist()), what, remedy)


def _named(cell: Cell, at: tuple[int, ...]) -> str:
    channel, *place = at
    first: int = cell.layer.channels_of(cell.position[0]).start
    of_channel = f" of channel {first + channel}," if len(cell.sums) > 1 else ""
    return f"{_factors(cell, at)}{of_channel} in cell {place}"


def _factors(cell: Cell, at: tuple[int, ...]) -> str:
    """Write a term as its two factors, e.g. 3×(-2)."""
    written = (numeral(number).removeprefix("≈") for number in (cell.patch[at], cell.kernel[at]))
    return "×".join(f"({text})" if text[0] == "-" or "/" in text else text for text in written)
