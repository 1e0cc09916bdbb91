"""The sheet a scene is drawn on: a figure whose unit is the CSS pixel, counted from the top left corner."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from convviz.scenes.lettering import CSS_PER_INCH, Lettering, Point
from convviz.theme import FONT, Look, Theme
from convviz.trace import Array

_POINTS_PER_CSS = 72 / CSS_PER_INCH
STILL, MOVING = 1.0, 2.0
"""Layers: what stays is drawn first, so that it can be kept while the rest is drawn anew; else in order of making."""

ArtistT = TypeVar("ArtistT", bound=Artist)
Spot = tuple[float, float, float, float]
"""Left, top, width, height in CSS pixels."""


class Sheet:
    """A figure to draw on in CSS pixels; rows count downwards as they do in an array.

    Artists come in two kinds: still ones, and moving ones (``moving=True``), which change from step to step.
    """

    def __init__(self, look: Look, width: float, height: float) -> None:
        self.look = look
        self.size = (round(width), round(height))
        inches = (self.size[0] / CSS_PER_INCH, self.size[1] / CSS_PER_INCH)
        self.figure = Figure(figsize=inches, dpi=CSS_PER_INCH * look.density, facecolor=self.theme.paper)
        FigureCanvasAgg(self.figure)
        to_inches = Affine2D().scale(1 / CSS_PER_INCH, -1 / CSS_PER_INCH).translate(0, inches[1])
        self._transform = to_inches + self.figure.dpi_scale_trans
        self.moving: list[Artist] = []

    @property
    def theme(self) -> Theme:
        """The colours to use."""
        return self.look.theme

    def text(self, x: float, y: float, text: str, *, size_px: float, colour: str, bold: bool = False) -> Text:
        """Put a still text with its left end at ``x`` and its baseline at ``y``."""
        artist = Text(x, y, text, family=FONT, fontsize=size_px * _POINTS_PER_CSS, color=colour)
        artist.set(weight="bold" if bold else "normal", va="baseline", parse_math=False)
        return self._add(artist, moving=False)

    def lettering(
        self, centres: Sequence[Point], size_px: float, colour: str, *, moving: bool, **how: Any
    ) -> Lettering:
        """Put short texts at given places."""
        return self._add(Lettering(centres, size_px, colour, **how), moving=moving)

    def colours(self, spot: Spot, *, moving: bool) -> "CellColours":
        """Put a picture of cells, one colour each."""
        return self._add(CellColours(spot), moving=moving)

    def rectangle(self, spot: Spot, *, moving: bool, **style: Any) -> Rectangle:
        """Put a rectangle."""
        left, top, width, height = spot
        return self._add(Rectangle((left, top), width, height, **style), moving=moving)

    def lines(self, segments: Any, *, moving: bool, **style: Any) -> LineCollection:
        """Put straight lines, each from one point to another."""
        return self._add(LineCollection(segments, **style), moving=moving)

    def cells(self, *, moving: bool, **style: Any) -> PolyCollection:
        """Put four-cornered cells, whose corners are set later."""
        return self._add(PolyCollection([], **style), moving=moving)

    def area(self, *, moving: bool, **style: Any) -> PathPatch:
        """Put an area, whose path is set later."""
        return self._add(PathPatch(Path([(0.0, 0.0)]), **style), moving=moving)

    def _add(self, artist: ArtistT, *, moving: bool) -> ArtistT:
        if not isinstance(artist, Lettering | CellColours):
            artist.set_transform(self._transform)
        artist.set_zorder((MOVING if moving else STILL) + len(self.figure.get_children()) / 10_000)
        artist.set_clip_on(False)
        self.figure.add_artist(artist)
        if moving:
            self.moving.append(artist)
        return artist


class CellColours(Artist):
    """An array shown as grey cells, black where it is lowest, white where it is highest."""

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self.spot = spot
        self.grey: Array = np.zeros((1, 1), np.uint8)

    def set_values(self, values: Array, low: float, high: float) -> None:
        """Show these values, from ``low`` in black to ``high`` in white."""
        self.grey = (greys(values, low, high) * 255).round().astype(np.uint8)

    def draw(self, renderer: Any) -> None:
        """Draw the cells, each a sharp block of pixels, or averaged where there is less than a pixel for one."""
        if not self.get_visible():
            return
        figure = self.get_figure()
        assert figure is not None
        scale = figure.dpi / CSS_PER_INCH
        left, top, right, bottom = (round(edge * scale) for edge in _edges(self.spot))
        rows, columns = self.grey.shape
        shrinks = right - left < columns or bottom - top < rows
        sampling = Image.Resampling.BOX if shrinks else Image.Resampling.NEAREST
        grey = Image.fromarray(self.grey).resize((max(1, right - left), max(1, bottom - top)), sampling)
        gc = renderer.new_gc()
        renderer.draw_image(gc, left, round(figure.bbox.height) - bottom, np.asarray(grey.convert("RGBA"))[::-1])
        gc.restore()


def greys(values: Array, low: float, high: float) -> Array:
    """Give each value its brightness, from 0 at ``low`` to 1 at ``high``."""
    low, high = float(low) / 2, float(high) / 2  # halves, as the span may be wider than floats reach
    with np.errstate(over="ignore"):
        return np.clip((values.astype(float) / 2 - low) / (high - low or 1.0), 0, 1)


def _edges(spot: Spot) -> tuple[float, float, float, float]:
    left, top, width, height = spot
    return left, top, left + width, top + height
