"""The sheet a scene is drawn on: a figure whose unit is the CSS pixel, counted from the top left corner."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf, nextafter
from typing import Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from convviz.scenes.drawing.lettering import CSS_PER_INCH, Lettering, Point, Quiet
from convviz.theme import Look, Theme
from convviz.trace import Array

_MIDDLE_EM = 0.366
"""How far the middle of a text is above its baseline, in sizes of its font."""
STILL, MOVING = 1.0, 2.0
"""Layers: what stays is drawn first, so that it can be kept while the rest is drawn anew; else in order of making."""

ArtistT = TypeVar("ArtistT", bound=Artist)
ShapesT = TypeVar("ShapesT", bound="Shapes")
Spot = tuple[float, float, float, float]
"""Left, top, width, height in CSS pixels."""
Segment = Sequence[Point]
"""A straight line, from one point to another."""
_EMPTY = Path([(0.0, 0.0)])


def _inches(pixels: int, dpi: float) -> float:
    """Return a length that is so many pixels, also where matplotlib cuts a fraction off: 252.99… would become 252."""
    inches = pixels / dpi
    return inches if inches * dpi >= pixels else nextafter(inches, inf)


class Sheet:
    """A figure to draw on in CSS pixels; rows count downwards as they do in an array.

    Artists come in two kinds: still ones, and moving ones (``moving=True``), which change from step to step.
    """

    def __init__(self, look: Look, width: float, height: float) -> None:
        self.look = look
        self.size = (round(width), round(height))
        dpi = CSS_PER_INCH * look.density
        across, down = (_inches(round(length * look.density), dpi) for length in self.size)
        self.figure = Figure(figsize=(across, down), dpi=dpi, facecolor=self.theme.paper)
        FigureCanvasAgg(self.figure)
        to_inches = Affine2D().scale(1 / CSS_PER_INCH, -1 / CSS_PER_INCH).translate(0, down)
        self._transform = to_inches + self.figure.dpi_scale_trans
        self.moving: list[Artist] = []

    @property
    def theme(self) -> Theme:
        """The colours to use."""
        return self.look.theme

    def text(
        self, x: float, y: float, text: str, *, size_px: float, colour: str, bold: bool = False, moving: bool = False
    ) -> Lettering:
        """Put a text with its left end at ``x`` and its baseline at ``y``."""
        middle = (x, y - _MIDDLE_EM * size_px)
        words = self.lettering([middle], size_px, colour, moving=moving, align=0, bold=bold)
        words.set_texts([text])
        return words

    def lettering(
        self, centres: Sequence[Point], size_px: float, colour: str, *, moving: bool, **how: Any
    ) -> Lettering:
        """Put short texts at given places."""
        return self._add(Lettering(centres, size_px, colour, **how), moving=moving)

    def colours(self, spots: Sequence[Spot], *, moving: bool) -> "CellColours":
        """Put pictures of cells, one colour each cell."""
        return self._add(CellColours(spots), moving=moving)

    def rectangles(self, spots: Sequence[Spot], *, moving: bool, **style: Any) -> "Rectangles":
        """Put rectangles of one style, which may be put elsewhere later."""
        return self._shapes(Rectangles, spots, moving, style)

    def triangles(self, places: Sequence[Point | tuple[float, ...]], *, moving: bool, **style: Any) -> "Triangles":
        """Put filled corners, which may be put elsewhere later."""
        return self._shapes(Triangles, places, moving, style)

    def lines(self, segments: Sequence[Segment], *, moving: bool, **style: Any) -> "Shapes":
        """Put straight lines of one style, which may be put elsewhere later."""
        return self._shapes(Shapes, segments, moving, {"facecolor": "none", **style})

    def cells(self, *, moving: bool, **style: Any) -> PolyCollection:
        """Put four-cornered cells, whose corners are set later."""
        return self._add(PolyCollection([], **style), moving=moving)

    def release(self) -> None:
        """Let go of the figure, its pixels and its artists: nothing can be drawn any more."""
        self.moving.clear()
        for artist in [*self.figure.artists]:
            artist.remove()
        vars(self.figure.canvas).clear()
        vars(self.figure).clear()

    def _shapes(self, kind: "type[ShapesT]", spots: Sequence[Any], moving: bool, style: dict[str, Any]) -> "ShapesT":
        """Put shapes of a kind: a copy of the first ones of their style, which matplotlib takes long to make."""
        shapes: ShapesT = kind.__new__(kind)  # `copy` would take three times as long
        vars(shapes).update(vars(_first(kind, tuple(style.items()))))  # type: ignore[arg-type]
        shapes.put(spots)
        return self._add(shapes, moving=moving)

    def _add(self, artist: ArtistT, *, moving: bool) -> ArtistT:
        if not isinstance(artist, Lettering | CellColours):
            artist.set_transform(self._transform)
        artist.set_zorder((MOVING if moving else STILL) + len(self.figure.artists) / 10_000)
        self.figure.add_artist(artist)
        if moving:
            self.moving.append(artist)
        return artist


class Shapes(Quiet, PathPatch):
    """Any number of shapes of one make, drawn as one: a tenth of the cost of matplotlib's own collections."""

    codes: tuple[Any, ...] = (Path.MOVETO, Path.LINETO)

    def __init__(self, **style: Any) -> None:
        super().__init__(_EMPTY, **style)
        self.put([])

    def put(self, spots: Sequence[Any]) -> None:
        """Put them elsewhere; none at all are not drawn."""
        self.spots = list(spots)
        self._outline: Path | None = None
        self.set_visible(bool(self.spots))

    def get_path(self) -> Path:
        """Return the outline of them all, which is made when it is first drawn."""
        if self._outline is None:
            corners = np.array([self.corners(spot) for spot in self.spots], float).reshape(-1, 2)
            self._outline = Path(corners, np.tile(np.array(self.codes, Path.code_type), len(self.spots)))
        return self._outline

    def corners(self, spot: Any) -> Sequence[Point]:
        """Return the points that a shape goes through: those of a straight line are given as they are."""
        return spot  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _first(kind: Any, style: tuple[tuple[str, Any], ...]) -> Any:
    """Make shapes of which others are copied, and which are never drawn themselves."""
    return kind(**dict(style))


class Rectangles(Shapes):
    """Any number of rectangles, each a `Spot`."""

    codes = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)

    def corners(self, spot: Spot) -> Sequence[Point]:
        """Return the corners of a rectangle."""
        x, y, w, h = spot
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]


class Triangles(Shapes):
    """Any number of right-angled corners: left, top, and the length of both sides."""

    codes = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)

    def corners(self, spot: Any) -> Sequence[Point]:
        """Return the points of a corner."""
        x, y, side = spot
        return [(x, y), (x + side, y), (x, y + side), (x, y)]


class CellColours(Quiet, Artist):
    """Arrays shown as grey cells, black where they are lowest, white where they are highest."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        super().__init__()
        self.spots = list(spots)
        self.grey: Array = np.zeros((len(self.spots), 1, 1), np.uint8)
        self._drawn: list[tuple[int, int, Array]] = []

    def set_values(self, slices: Array, low: float, high: float) -> None:
        """Show these values, shape (spots, rows, columns), from ``low`` in black to ``high`` in white."""
        grey = (greys(slices, low, high) * 255).round().astype(np.uint8)
        if not np.array_equal(grey, self.grey):
            self.grey, self._drawn = grey, []

    def draw(self, renderer: Any) -> None:
        """Draw the cells, each a sharp block of pixels, or averaged where there is less than a pixel for one."""
        if not self.get_visible():
            return
        figure = self.get_figure()
        assert figure is not None
        if not self._drawn:
            self._drawn = [*self._pictures(figure.dpi / CSS_PER_INCH, round(figure.bbox.height))]
        gc = renderer.new_gc()
        for left, bottom, picture in self._drawn:
            renderer.draw_image(gc, left, bottom, picture)
        gc.restore()

    def _pictures(self, scale: float, height: int) -> Iterator[tuple[int, int, Array]]:
        for spot, grey in zip(self.spots, self.grey, strict=True):
            left, top, right, bottom = (round(edge * scale) for edge in _edges(spot))
            yield left, height - bottom, _sized(grey, max(1, right - left), max(1, bottom - top))[::-1]


def _sized(grey: Array, width: int, height: int) -> Array:
    """Return a grey picture in this size in pixels, and colours."""
    rows, columns = grey.shape
    sampling = Image.Resampling.BOX if width < columns or height < rows else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(grey).resize((width, height), sampling).convert("RGBA"))


def greys(values: Array, low: float, high: float) -> Array:
    """Return the brightness of each value, from 0 at ``low`` to 1 at ``high``."""
    low, high = float(low) / 2, float(high) / 2  # halves, as the span may be wider than floats reach
    with np.errstate(over="ignore"):
        return np.clip((values.astype(float) / 2 - low) / (high - low or 1.0), 0, 1)


def _edges(spot: Spot) -> tuple[float, float, float, float]:
    left, top, width, height = spot
    return left, top, left + width, top + height
