"""Which positions the terms of an operation lead to: solved by parts, and by what is settled first."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from convviz.terms.views import Block, Coordinate, Shown

Asked = tuple[Coordinate, Sequence[int]]
"""A coordinate and the positions along it that terms may lead to, in order."""
Domains = dict[str, range]
"""The numbers that each index may still have."""
Shift = tuple[int, ...]
"""What some indices add to the slice, the row and the column of a cell."""


def solved(shown: Sequence[Shown], asked: Sequence[Asked], indices: Mapping[str, int]) -> list[set[Shift]]:
    """Find what each group of indices adds to slice, row and column, over all terms that lead where they may.

    Indices that an operation does not have count as 0.

    Parameters
    ----------
    shown : sequence of (int, int, Coordinate)
        What to find: coordinates that are among those that are asked.
    asked : sequence of (Coordinate, sequence of int)
        Where terms may lead.
    indices : mapping of str to int
        The range of each index.
    """
    domains = _narrowed({i: range(indices.get(i, 1)) for coordinate, _ in asked for i in coordinate.of}, asked)
    if domains is None:
        return [set()]
    settled = {index: domain for index, domain in domains.items() if len(domain) == 1}
    parts = _parts(domains.keys() - settled.keys(), asked)
    found = [{_shift([place for place in shown if place[2].of.keys() <= settled.keys()], settled)}]
    for part in parts:
        mine = [place for place in shown if place[2].of.keys() & part]
        within = [(coordinate, allowed) for coordinate, allowed in asked if coordinate.of.keys() & part]
        terms = _solutions({index: domains[index] for index in (*part, *settled)}, within)
        found.append({_shift(mine, term) for term in terms})
    return found


def _shift(shown: Sequence[Shown], term: Domains) -> Shift:
    cells = [(axis, by * coordinate.cell(_reach(coordinate, term)[0])) for axis, by, coordinate in shown]
    return tuple(sum(cell for along, cell in cells if along == axis) for axis in range(3))


def _solutions(domains: Domains, asked: Sequence[Asked]) -> Iterator[Domains]:
    """Go through all terms that lead where they may: try the index with the fewest numbers, then narrow the others."""
    narrowed = _narrowed(domains, asked)
    if narrowed is None:
        return
    unsettled = [index for index, domain in narrowed.items() if len(domain) > 1]
    if not unsettled:
        yield narrowed
        return
    index = min(unsettled, key=lambda index: len(narrowed[index]))
    for number in narrowed[index]:
        yield from _solutions({**narrowed, index: range(number, number + 1)}, asked)


def _narrowed(domains: Domains, asked: Sequence[Asked]) -> Domains | None:
    """Take away the numbers with which an index leads nowhere, whatever the others are; None if no number is left."""
    before: Domains | None = None
    while domains != before:
        before, domains = domains, dict(domains)
        for coordinate, allowed in asked:
            low, high = _reach(coordinate, domains)
            for index, by in coordinate.of.items():
                first, last = _ends(domains[index], by)
                low, high = low - first, high - last  # where the others lead
                domains[index] = _within(domains[index], by, allowed[0] - high, allowed[-1] - low)
                if not domains[index]:
                    return None
                first, last = _ends(domains[index], by)
                low, high = low + first, high + last
            if low == high and low not in allowed:
                return None
    return domains


def _reach(coordinate: Coordinate, domains: Domains) -> tuple[int, int]:
    """Find the first and the last position to which some indices lead; those that are missing count as 0."""
    low = high = coordinate.offset
    for index, by in coordinate.of.items():
        if index in domains:
            first, last = _ends(domains[index], by)
            low, high = low + first, high + last
    return low, high


def _ends(domain: range, by: int) -> tuple[int, int]:
    """Find the least and the largest multiple ``by`` of some numbers."""
    first, last = by * domain.start, by * (domain.stop - 1)
    return (first, last) if first <= last else (last, first)


def _within(domain: range, by: int, least: int, most: int) -> range:
    """Keep the numbers that times ``by`` are from ``least`` to ``most``."""
    least, most = (least, most) if by > 0 else (-most, -least)
    return range(max(domain.start, -(-least // abs(by))), min(domain.stop, most // abs(by) + 1))


def _parts(indices: AbstractSet[str], asked: Sequence[Asked]) -> list[set[str]]:
    """Group the indices that some coordinate adds up: the groups do not depend on each other."""
    parts: list[set[str]] = [{index} for index in indices]
    for coordinate, _ in asked:
        together = [part for part in parts if part & coordinate.of.keys()]
        parts = [part for part in parts if part not in together] + [set().union(*together)] * bool(together)
    return parts


def as_blocks(shifts: Sequence[set[Shift]]) -> list[Block]:
    """Add up what the groups contribute: a group along several axes makes a block for each of its shifts."""
    if not all(shifts):
        return []
    alone: list[set[int]] = [{0}, {0}, {0}]
    several: list[set[Shift]] = []
    for part in shifts:
        along = [{shift[axis] for shift in part} for axis in range(3)]
        if sum(len(steps) > 1 for steps in along) > 1:
            several.append(part)
            continue
        alone = [{at + by for at in all_at for by in steps} for all_at, steps in zip(alone, along, strict=True)]
    found = []
    for chosen in product(*several):
        base = [sum(shift[axis] for shift in chosen) for axis in range(3)]
        slices, rows, columns = (tuple(sorted(at + base[axis] for at in alone[axis])) for axis in range(3))
        found.append(Block(slices=slices, rows=rows, columns=columns))
    return found


def as_columns(shifts: Sequence[set[Shift]]) -> set[int]:
    """Add up what the groups contribute to the column alone."""
    return {sum(column for *_, column in chosen) for chosen in product(*shifts)}
