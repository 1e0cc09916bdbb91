"""Numbers, words and equations set from cached glyphs.

matplotlib lays out every text anew, about 0.2 ms each, and a frame has dozens that change. Here each glyph is drawn
once for each size, and a text is a row of pictures of glyphs: about 20 times cheaper.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties, findfont, get_font

from convviz.theme import FONT
from convviz.trace import Array

CSS_PER_INCH = 100
"""CSS pixels an inch: at a figure's dpi of 100 one CSS pixel is one device pixel."""
_MIDDLE = 0.512
"""Where the middle of a digit is in the height of its line, from below."""
Point = tuple[float, float]


@lru_cache(maxsize=8192)
def text_width(text: str, size_px: float, *, bold: bool = False) -> float:
    """Return how wide a text will be, in the unit of its size."""
    return sum(_advance(character, bold) for character in text) * size_px


@lru_cache(maxsize=512)
def _advance(character: str, bold: bool) -> float:
    font = get_font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / 100


@lru_cache(maxsize=4096)
def _glyph(character: str, size: float, bold: bool) -> Array:
    """Draw one character, sized in device pixels, as a mask of opacities 0 to 255 on a line of fixed height."""
    width, height, baseline = _line(character, size, bold)
    renderer = RendererAgg(width, height, 72)
    properties = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    renderer.draw_text(renderer.new_gc(), 0, baseline, character, properties, 0)
    return np.asarray(renderer.buffer_rgba())[:, :, 3].copy()


def _line(text: str, size: float, bold: bool) -> tuple[int, int, int]:
    return max(1, round(text_width(text, size, bold=bold))) + 1, round(size * 1.3), round(size)


@lru_cache(maxsize=4096)
def _mask(text: str, size: float, bold: bool) -> Array:
    width, height, _ = _line(text, size, bold)
    mask = np.zeros((height, width), np.uint8)
    at = 0.0
    for character in text:
        glyph = _glyph(character, size, bold)
        left = round(at)
        into = mask[:, left : left + glyph.shape[1]]
        np.maximum(into, glyph[:, : into.shape[1]], out=into)
        at += text_width(character, size, bold=bold)
    return mask


@lru_cache(maxsize=4096)
def _picture(text: str, size: float, bold: bool, colour: str) -> Array:
    mask = _mask(text, size, bold)
    picture = np.empty((*mask.shape, 4), np.uint8)
    picture[..., :3] = np.multiply(to_rgb(colour), 255).round()
    picture[..., 3] = mask
    return picture[::-1]  # images are drawn from the bottom up


class Quiet:
    """An artist that tells nobody when it is changed: a scene sets thousands of properties, and nobody asks."""

    def pchanged(self) -> None:
        """Call nobody."""


class Lettering(Quiet, Artist):
    """Short texts at given places, all of one size; each has its colour, or all have one.

    Places are CSS pixels from the sheet's top left corner: of the texts' centres, or their left (``align`` 0) or right
    ends (1). ``size_px`` is the height of the font.
    """

    def __init__(
        self, centres: Sequence[Point], size_px: float, colour: str, *, bold: bool = False, align: float = 0.5
    ) -> None:
        super().__init__()
        self.size_px, self.bold, self.align, self._colour = size_px, bold, align, colour
        self.put(centres, [""] * len(centres))

    def put(self, centres: Sequence[Point], texts: Sequence[str], colours: Sequence[str] | None = None) -> None:
        """Put texts elsewhere."""
        self.centres, self.texts = list(centres), list(texts)
        self.colours = list(colours) if colours else [self._colour] * len(self.centres)

    def set_texts(self, texts: Sequence[str], colours: Sequence[str] | None = None) -> None:
        """Put other texts at the same places."""
        self.put(self.centres, texts, colours)

    def draw(self, renderer: Any) -> None:
        """Draw every text at its place."""
        figure = self.get_figure()
        if figure is None or not self.get_visible():
            return
        scale, height = figure.dpi / CSS_PER_INCH, figure.bbox.height
        gc = renderer.new_gc()
        for (x, y), text, colour in zip(self.centres, self.texts, self.colours, strict=True):
            if text.strip():
                picture = _picture(text, self.size_px * scale, self.bold, colour)
                left = round(x * scale - self.align * picture.shape[1])
                bottom = round(height - y * scale - _MIDDLE * picture.shape[0])
                renderer.draw_image(gc, left, bottom, picture)
        gc.restore()
