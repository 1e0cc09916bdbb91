"""The picture that convviz shows, as it is drawn with matplotlib alone."""

from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from convviz import correlate
from convviz.operations.convolution.correlate import WindowTrace
from convviz.scenes import sliding_window
from convviz.theme import Look
from convviz.trace import Array

MOST_NUMBERS = 18
"""Grids with more cells along a side show colours alone, as convviz does: nobody could read the numbers."""
DPI = 100


def example(size: int = 8, *, corner: int | None = None, middle: int | None = None) -> WindowTrace:
    """Slide a 3×3 kernel over a square input; the input's first number and the kernel's middle one may be given."""
    random = np.random.default_rng(0)
    x, w = random.integers(0, 10, (size, size)), random.integers(-2, 3, (3, 3))
    if corner is not None:
        x[0, 0] = corner
    if middle is not None:
        w[1, 1] = middle
    return correlate(x, w)


def size_in_inches(trace: WindowTrace) -> tuple[float, float]:
    """Return the size of convviz's picture, so that a rival draws as many pixels."""
    width, height = sliding_window(trace, Look(width=960)).size
    return width / DPI, height / DPI


def agg_figure(inches: tuple[float, float]) -> Figure:
    """Make an empty figure that no window system knows of."""
    figure = Figure(figsize=inches, dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


class FourGrids:
    """Input and window, kernel, products, output: four axes with a text in each cell, and the equation below.

    Kinder to matplotlib than most code is: artists are made once and reused, and there are no ticks.
    """

    def __init__(self, figure: Figure, trace: WindowTrace) -> None:
        self.figure = figure
        axes = figure.subplots(1, 4)
        titles = ("Input", "Kernel", "Products", "Output")
        maps = ("Blues", "Oranges", "Purples", "Greens")
        grids = (trace.padded, trace.kernel, trace[0].products, trace.output)
        self._images = [ax.imshow(grid, cmap) for ax, grid, cmap in zip(axes, grids, maps, strict=True)]
        for ax, title in zip(axes, titles, strict=True):
            ax.set(title=title, xticks=[], yticks=[])
        self._texts = [_texts(ax, grid.shape) for ax, grid in zip(axes, grids, strict=True)]
        self._window = axes[0].add_patch(Rectangle((0, 0), 3, 3, fill=False, edgecolor="tab:red", linewidth=2))
        self._cell = axes[3].add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor="tab:red", linewidth=2))
        self._equation = figure.text(0.5, 0.05, "", ha="center", fontsize=9)
        self.moving: list[Artist] = [self._images[2], *self._texts[2], self._images[3], *self._texts[3]]
        self.moving += [self._window, self._cell, self._equation]
        self.show(trace)

    def show(self, trace: WindowTrace, index: int = 0) -> None:
        """Show another trace of the same shape, at a step."""
        self.trace = trace
        for image, texts, grid in zip(self._images, self._texts, (trace.padded, trace.kernel), strict=False):
            image.set_data(grid)
            _write(texts, grid)
        self.draw(index)

    def draw(self, index: int) -> None:
        """Show a step."""
        step, partial = self.trace[index], self.trace.partial(index)
        (top, left), (row, column) = (part.start for part in step.window), step.position
        self._window.set_xy((left - 0.5, top - 0.5))
        self._cell.set_xy((column - 0.5, row - 0.5))
        for image, texts, grid in zip(self._images[2:], self._texts[2:], (step.products, partial), strict=True):
            image.set_data(grid)
            _write(texts, grid)
        self._equation.set_text(step.describe())

    def savefig(self) -> bytes:
        """Draw all of it and pack it as a PNG, as most code does."""
        return savefig(self.figure)


def savefig(figure: Figure) -> bytes:
    """Draw a figure and pack it as a PNG."""
    packed = BytesIO()
    figure.savefig(packed, format="png", dpi=DPI)
    return packed.getvalue()


def _texts(ax: Any, shape: tuple[int, ...]) -> list[Any]:
    if max(shape) > MOST_NUMBERS:
        return []
    return [ax.text(column, row, "", ha="center", va="center", fontsize=8) for row, column in np.ndindex(shape)]


def _write(texts: list[Any], grid: Array) -> None:
    for text, value in zip(texts, grid.flat, strict=False):
        text.set_text("" if value is np.ma.masked else str(value))


class Blitted:
    """Four grids of which only what moves is drawn anew: the fastest that matplotlib does in the kernel."""

    def __init__(self, trace: WindowTrace) -> None:
        figure = agg_figure(size_in_inches(trace))
        self._grids, self._canvas = FourGrids(figure, trace), FigureCanvasAgg(figure)
        for artist in self._grids.moving:
            artist.set_animated(True)
        self._canvas.draw()
        self._still = self._canvas.copy_from_bbox(figure.bbox)

    def png(self, index: int) -> bytes:
        """Draw what moves and pack it as a PNG, as quickly as Pillow can."""
        self._grids.draw(index)
        self._canvas.restore_region(self._still)
        for artist in self._grids.moving:
            self._grids.figure.draw_artist(artist)
        packed = BytesIO()
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).save(packed, "png", compress_level=1)
        return packed.getvalue()
