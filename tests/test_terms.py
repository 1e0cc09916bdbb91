"""Terms against an oracle that tries every assignment of every index."""

import json
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convviz.terms import Coordinate, Terms, View
from tests.strategies import SEEDS

INDICES = ("a", "b", "c", "d")


# --- the oracle


def assignments(terms: Terms) -> Iterator[dict[str, int]]:
    for numbers in product(*map(range, terms.indices.values())):
        yield dict(zip(terms.indices, numbers, strict=True))


def position(coordinate: Coordinate, term: dict[str, int]) -> int:
    return coordinate.offset + sum(by * term.get(index, 0) for index, by in coordinate.of.items())


def number_at(coordinate: Coordinate, at: int) -> Any:
    """Name the number that a position holds: that of an input cell, or its own."""
    origin = coordinate.copies[at - coordinate.offset] if coordinate.copies else -1
    return ("input", origin) if origin >= 0 else ("own", at)


def cell_at(coordinate: Coordinate, at: int) -> int:
    """Return at which cell a position shows, −1 for none."""
    if not 0 <= at < coordinate.size and coordinate.copies:
        at = coordinate.copies[at - coordinate.offset]
    return at if 0 <= at < coordinate.size else -1


def split(axis: tuple[Coordinate, ...], cell: int) -> list[int]:
    """Divide the number of a cell along a flattened axis by listing all of its cells."""
    return list(list(product(*(range(coordinate.size) for coordinate in axis)))[cell])


def joined(axis: tuple[Coordinate, ...], cells: list[int]) -> int:
    return list(product(*(range(coordinate.size) for coordinate in axis))).index(tuple(cells))


def axes(view: View) -> list[tuple[Coordinate, ...]]:
    return [view.slice, view.row, view.column]


def passes(terms: Terms, view: View, cell: Any, step: int, term: dict[str, int]) -> bool:
    for axis, number in zip(axes(view), cell, strict=True):
        for coordinate, at in zip(axis, split(axis, number), strict=True):
            if number_at(coordinate, position(coordinate, term)) != number_at(coordinate, at):
                return False
    return stays(terms, view, step, term)


def stays(terms: Terms, view: View, step: int, term: dict[str, int]) -> bool:
    """Whether the term is one of the step, as far as the view fixes it."""
    fixed = zip(terms.step, split(terms.step, step), strict=True)
    return all(position(c, term) == at for c, at in fixed if any(index in view.fixed for index in c.of)) and all(
        position(c, term) == step for c in view.held
    )


def shown_at(terms: Terms, view: View, step: int, term: dict[str, int]) -> Any:
    cells = [[cell_at(coordinate, position(coordinate, term)) for coordinate in axis] for axis in axes(view)]
    if any(-1 in along for along in cells) or not stays(terms, view, step, term):
        return None
    return tuple(joined(axis, along) for axis, along in zip(axes(view), cells, strict=True))


def settles(view: View, coordinate: Coordinate) -> bool:
    mentioned = {*view.fixed, *(index for axis in (*axes(view), view.held) for c in axis for index in c.of)}
    return {*coordinate.of} <= mentioned


def counts(terms: Terms, one: View, other: View, term: dict[str, int]) -> bool:
    """Whether the term reads no zero that matters to the two views."""
    rows = one.flattened().row + other.flattened().row
    both = View(row=rows, fixed=one.fixed + other.fixed, held=one.held + other.held)
    return all(
        0 <= position(coordinate, term) < coordinate.size
        for name in terms.bordered
        for coordinate in terms.operands[name]
        if settles(both, coordinate) and not settles(one, coordinate) and not settles(other, coordinate)
    )


def related(terms: Terms, pointed: View, other: View, cell: Any, step: int) -> set[Any]:
    found = set()
    for term in assignments(terms):
        if passes(terms, pointed, cell, step, term) and counts(terms, pointed, other, term):
            found.add(shown_at(terms, other, step, term))
    return found - {None}


def without_copies(axis: tuple[Coordinate, ...]) -> tuple[Coordinate, ...]:
    return tuple(Coordinate(size=c.size, of=c.of, offset=c.offset) for c in axis)


# --- what it is tried on


NAMES = st.sampled_from(INDICES)
FEW_NAMES, ONE_NAME = (st.lists(NAMES, max_size=most, unique=True) for most in (3, 1))
FACTORS = st.sampled_from([1, 1, 1, 2, 3, -1])


def coordinate(draw: st.DrawFn, ranges: dict[str, int]) -> Coordinate:
    of = {index: draw(FACTORS) for index in draw(FEW_NAMES)}
    size, offset = draw(st.integers(1, 7)), draw(st.integers(-2, 2))
    if not of or min(of.values()) < 0 or offset > 0 or draw(st.booleans()):
        return Coordinate(size=size, of=of, offset=offset)
    longest = max(size - offset, 1 + sum(by * (ranges[index] - 1) for index, by in of.items()))
    copies = np.random.default_rng(draw(SEEDS)).integers(-1, size, longest).tolist()
    copies[-offset : size - offset] = range(size)  # the cells themselves
    return Coordinate(size=size, of=of, offset=offset, copies=tuple(copies))


def coordinates(draw: st.DrawFn, ranges: dict[str, int], least: int, most: int) -> tuple[Coordinate, ...]:
    return tuple(coordinate(draw, ranges) for _ in range(draw(st.integers(least, most))))


def view(draw: st.DrawFn, ranges: dict[str, int]) -> View:
    most, most_held = draw(st.sampled_from([1, 1, 2])), draw(st.sampled_from([0, 0, 0, 1]))
    rows, columns, slices = (coordinates(draw, ranges, 0, most) for _ in range(3))
    held = coordinates(draw, ranges, 0, most_held)
    return View(slice=slices, row=rows, column=columns, fixed=tuple(draw(ONE_NAME)), held=held)


def declared(draw: st.DrawFn) -> tuple[Terms, dict[str, int]]:
    ranges = {index: draw(st.integers(1, 4)) for index in INDICES}
    x, w, step = (coordinates(draw, ranges, 1, 2) for _ in range(3))
    bordered = draw(st.sampled_from([(), ("x",), ("x", "w")]))
    return Terms(indices=ranges, operands={"x": x, "w": w}, step=step, bordered=bordered), ranges


@st.composite
def pointed_at(draw: st.DrawFn) -> tuple[Terms, View, View, Any, int]:
    """Draw what is pointed at: mostly where some term leads, for else few cells would belong together."""
    terms, ranges = declared(draw)
    pointed, other = view(draw, ranges), view(draw, ranges)
    term = {index: draw(st.integers(0, number - 1)) for index, number in ranges.items()}

    def led(axis: tuple[Coordinate, ...]) -> int:
        cells = [cell_at(coordinate, position(coordinate, term)) for coordinate in axis]
        anywhere = st.integers(0, prod(coordinate.size for coordinate in axis) - 1)
        return draw(anywhere) if -1 in cells else joined(axis, cells)

    return terms, pointed, other, tuple(map(led, axes(pointed))), led(terms.step)


# --- against the oracle


@given(pointed_at())
def test_related_cells_are_those_that_share_a_term(case):
    terms, pointed, other, cell, step = case
    blocks = terms.related(pointed, other, cell, step)
    cells = [found for block in blocks for found in block.cells()]
    assert set(cells) == related(terms, pointed, other, cell, step)


@given(pointed_at())
def test_steps_are_those_of_the_terms_that_pass_through_a_cell(case):
    terms, pointed, _, cell, step = case
    expected = sorted(column for *_, column in related(terms, pointed, View(column=terms.step), cell, step))
    assert terms.steps_of(pointed, cell, step) == expected
    assert terms.step_of(pointed, cell, step) == (expected[0] if len(expected) == 1 else None)


@given(pointed_at())
def test_a_cell_of_an_operand_is_where_all_terms_through_a_cell_lead(case):
    terms, pointed, _, cell, step = case
    bare = {name: without_copies(getattr(pointed, name)) for name in ("slice", "row", "column")}
    plain = View(**bare, fixed=pointed.fixed, held=pointed.held)
    through = [term for term in assignments(terms) if passes(terms, plain, cell, step, term)]
    for name, operand in terms.operands.items():
        found = terms.cell_of(name, pointed, cell, step)
        led = [{position(c, term) for term in through} & {*range(c.size)} for c in operand]
        if through and all(len(along) == 1 for along in led):
            assert found == tuple(at for at, *_ in led)
        elif through:
            assert found is None


# --- views made from views


@given(pointed_at())
def test_a_flattened_view_numbers_the_same_cells_one_by_one(case):
    terms, pointed, other, cell, step = case
    cells = list(product(*map(range, other.shape)))
    flat = other.flattened()
    assert flat.shape == (1, len(cells), 1)
    expected = {(0, cells.index(found), 0) for found in related(terms, pointed, other, cell, step)}
    assert {found for block in terms.related(pointed, flat, cell, step) for found in block.cells()} == expected


@given(pointed_at(), st.data())
def test_a_view_of_one_slice_has_the_cells_of_that_slice(case, data):
    terms, pointed, other, cell, step = case
    pointed, other = (View(**{**vars(view), "slice": without_copies(view.slice)}) for view in (pointed, other))
    number = data.draw(st.integers(0, other.shape[0] - 1))
    found = {c for b in terms.related(pointed, other.only_slice(number), cell, step) for c in b.cells()}
    every = related(terms, pointed, other, cell, step)
    assert found == {(0, row, column) for slice_, row, column in every if slice_ == number}
    alone = terms.related(pointed.only_slice(cell[0]), other, (0, *cell[1:]), step)
    assert {found for block in alone for found in block.cells()} == every


def test_what_the_browser_reads_is_plain():
    axis = Coordinate(size=4, of={"i": 2}, offset=-1, copies=(0, 1))
    view = View(column=(axis,), fixed=("i",), held=(axis,))
    plain = {"size": 4, "of": {"i": 2}, "offset": -1, "copies": [0, 1]}
    told = {"slice": [], "row": [], "column": [plain], "fixed": ["i"], "held": [plain]}
    assert json.loads(json.dumps(view.as_json())) == told
    terms = Terms(indices={"i": 3}, operands={"x": (axis,)}, step=(axis,), bordered=("x",), views={"input": view})
    declared = {"indices": {"i": 3}, "operands": {"x": [plain]}, "step": [plain], "bordered": ["x"]}
    assert json.loads(json.dumps(terms.as_json())) == declared
