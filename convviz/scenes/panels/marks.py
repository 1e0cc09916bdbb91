"""Marks that some panels have: the frame of a step, and what is hatched or faded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convviz.scenes.drawing.sheet import Spot
from convviz.scenes.layout.box import runs
from convviz.scenes.panels.part import Drawn
from convviz.trace import Array

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

_SMALLEST_FRAME_PX = 7.0

Block = tuple[slice, slice, slice]
"""Slices, rows and columns of some cells; slices are counted from the first of the whole operand."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A frame around some cells of each slice, with a halo so that it shows on any ground, and never too small to see.

    ``block_of`` returns which cells a step frames. Slices that the panel does not show are left out.
    """

    block_of: Callable[[Any], Block]
    colour: str

    def __call__(self, panel: "Panel") -> Drawn:
        """Frame nothing yet."""
        style: dict[str, Any] = {"moving": True, "fill": False, "joinstyle": "miter"}
        thin = bool(panel.plan.thumb_px)
        halo = panel.sheet.rectangles([], edgecolor=panel.sheet.theme.paper, linewidth=2.6 if thin else 4.2, **style)
        line = panel.sheet.rectangles([], edgecolor=self.colour, linewidth=1.3 if thin else 2.2, **style)

        def draw(step: Any, flipped: float) -> None:
            slices, rows, columns = (slice(0, 0),) * 3 if step is None else self.block_of(step)
            numbered = enumerate(panel.box.pieces, panel.first)
            spots = [visible(piece.part(rows, columns)) for n, piece in numbered if slices.start <= n < slices.stop]
            for frame in (halo, line):
                frame.put(spots)

        return Drawn((line, halo), draw)


@dataclass(frozen=True, kw_only=True)
class Fade:
    """A veil over the slices that a step does not read; ``read_by`` returns those that it reads."""

    read_by: Callable[[Any], slice]

    def __call__(self, panel: "Panel") -> Drawn:
        """Fade nothing yet."""
        style: dict[str, Any] = {"facecolor": panel.sheet.theme.paper, "edgecolor": "none", "alpha": 0.72}
        veil = panel.sheet.rectangles([], moving=True, **style)

        def draw(step: Any, flipped: float) -> None:
            numbered = enumerate(panel.box.pieces, panel.first)
            read = slice(0, panel.first + panel.box.slices) if step is None else self.read_by(step)
            veil.put([piece.spot for n, piece in numbered if not read.start <= n < read.stop])

        return Drawn((veil,), draw)


@dataclass(frozen=True, kw_only=True)
class Skip:
    """A veil over the cells between those that a step reads, where the kernel is dilated.

    ``block_of`` returns the cells that a step reads, as `Frame` takes them.
    """

    block_of: Callable[[Any], Block]

    def __call__(self, panel: "Panel") -> Drawn:
        """Cover nothing yet."""
        style: dict[str, Any] = {"facecolor": panel.sheet.theme.paper, "edgecolor": "none", "alpha": 0.72}
        veil = panel.sheet.rectangles([], moving=True, **style)

        def draw(step: Any, flipped: float) -> None:
            slices, rows, columns = (slice(0, 0),) * 3 if step is None else self.block_of(step)
            bands = [
                *((gap, columns) for gap in _gaps(rows)),
                *((row, gap) for row in _read(rows) for gap in _gaps(columns)),
            ]
            numbered = enumerate(panel.box.pieces, panel.first)
            veil.put([piece.part(*b) for n, piece in numbered if slices.start <= n < slices.stop for b in bands])

        return Drawn((veil,), draw)


def _read(cells: slice) -> list[slice]:
    """Return the cells of a slice one by one."""
    return [slice(at, at + 1) for at in range(cells.start, cells.stop, cells.step or 1)]


def _gaps(cells: slice) -> list[slice]:
    """Return what lies between the cells of a slice."""
    step = cells.step or 1
    return [slice(at + 1, at + step) for at in range(cells.start, cells.stop - step, step)] if step > 1 else []


@dataclass(frozen=True, kw_only=True)
class Hatch:
    """Rows and columns that no window ever reads."""

    rows: Sequence[int]
    columns: Sequence[int]

    def __call__(self, panel: "Panel") -> Drawn:
        """Hatch them."""
        box, theme = panel.box, panel.sheet.theme
        bands = [(run, slice(0, box.columns)) for run in runs(self.rows)]
        bands += [(slice(0, box.rows), run) for run in runs(self.columns)]
        spots = [piece.part(*band) for piece in box.pieces for band in bands]
        style: dict[str, Any] = {"moving": False, "hatch": "///", "edgecolor": theme.line, "linewidth": 0}
        return Drawn((panel.sheet.rectangles(spots, facecolor="none" if box.readable else theme.unknown, **style),))


@dataclass(frozen=True, kw_only=True)
class Differ:
    """A dashed outline around the cells that differ from what they are compared with, as far as they are known."""

    cells: Array
    known: Callable[[Any], int]

    def __call__(self, panel: "Panel") -> Drawn:
        """Outline nothing yet."""
        style: dict[str, Any] = {"edgecolor": panel.sheet.theme.error, "linewidth": 1.6, "linestyle": (0, (2, 1.2))}
        dashed = panel.sheet.rectangles([], moving=True, fill=False, **style)
        places = list(zip(panel.in_slices(self.cells), panel.box.pieces, strict=True))

        def draw(step: Any, flipped: float) -> None:
            known = 0 if step is None else self.known(step)
            numbered = ((piece, at) for cells, piece in places for at in zip(*cells.nonzero(), strict=True))
            spots = [piece.part(slice(r, r + 1), slice(c, c + 1)) for piece, (r, c) in numbered]
            order = self.cells.reshape(-1).nonzero()[0]
            dashed.put([_inset(spot) for spot, number in zip(spots, order, strict=True) if number < known])

        return Drawn((dashed,), draw)


def _inset(spot: Spot) -> Spot:
    """Draw in a spot, so that outlines of neighbours do not meet."""
    x, y, width, height = spot
    by = min(2.5, width / 4, height / 4)
    return x + by, y + by, width - 2 * by, height - 2 * by


def visible(spot: Spot) -> Spot:
    """Enlarge a spot that would be too small to see."""
    x, y, width, height = spot
    wider, higher = max(width, _SMALLEST_FRAME_PX), max(height, _SMALLEST_FRAME_PX)
    return x - (wider - width) / 2, y - (higher - height) / 2, wider, higher
