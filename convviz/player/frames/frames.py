"""Frames: a scene's pictures as pixels and as PNG. What stays is drawn once; a frame draws what moves."""

import struct
import zlib

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from convviz.scenes import Scene
from convviz.trace import Array

_BAND = 256
"""So many rows are packed at a time: a copy of all pixels would be as large as the picture."""


class Frames:
    """The pictures of a scene, made one at a time, each independent of those before it.

    Parameters
    ----------
    scene : Scene
        What is shown. Keys 0, 1, … are its steps; keys ``-scene.flips`` … -1 are the kernel's flip, before step 0.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        canvas = FigureCanvasAgg(scene.figure)  # one of its own: with these frames, its pixels leave memory too
        scene.draw(0)
        self._moving = scene.moving
        shown = [artist.get_visible() for artist in self._moving]
        for artist in self._moving:
            artist.set_visible(False)
        canvas.draw()
        for artist, visible in zip(self._moving, shown, strict=True):
            artist.set_visible(visible)
        self._renderer = canvas.get_renderer()
        self._pixels = np.asarray(canvas.buffer_rgba())
        self._still = self._pixels.copy()

    def pixels(self, key: int) -> Array:
        """Draw a frame.

        Parameters
        ----------
        key : int
            A step, or a negative number for a frame of the flip.

        Returns
        -------
        ndarray of uint8, shape (height, width, 4)
            Red, green, blue and (full) opacity, in device pixels. Valid until the next frame is drawn.
        """
        self._pixels[...] = self._still
        if key < 0:
            self.scene.draw_flip(key + self.scene.flips)
        else:
            self.scene.draw(key)
        for artist in self._moving:
            artist.draw(self._renderer)
        return self._pixels

    def png(self, key: int) -> bytes:
        """Draw a frame and pack it as a PNG picture."""
        return as_png(self.pixels(key))

    def release(self) -> None:
        """Let go of all pixels: these frames draw nothing any more, but others can be made of the scene."""
        self._moving, self._still = [], np.empty(0, np.uint8)
        del self._renderer, self._pixels
        FigureCanvasAgg(self.scene.figure)


def drawn(figure: Figure) -> Array:
    """Draw a figure as a whole, and return its pixels, shape (height, width, 4)."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def as_png(pixels: Array, level: int = 1) -> bytes:
    """Pack pixels as PNG without their opacity, rows unfiltered: half the time of what Pillow needs for flat pictures.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 4)
        Red, green, blue and opacity.
    level : int
        How hard to try to make it small, 1 to 9: 9 takes 10 times as long as 1 and saves a third.

    Notes
    -----
    Source: Portable Network Graphics Specification (W3C), sections 5 and 11.
    """
    height, width, _ = pixels.shape
    packer = zlib.compressobj(level)
    packed = [packer.compress(_unfiltered(pixels[row : row + _BAND])) for row in range(0, height, _BAND)]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", b"".join([*packed, packer.flush()])), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _unfiltered(pixels: Array) -> bytes:
    """Return some rows as PNG has them: a zero, which says that they are as they are, then red, green and blue."""
    height, width, _ = pixels.shape
    opaque = Image.frombuffer("RGB", (width, height), pixels, "raw", "RGBX", 0, 1).tobytes("raw", "RGB")
    rows = np.zeros((height, 1 + width * 3), np.uint8)
    rows[:, 1:] = np.frombuffer(opaque, np.uint8).reshape(height, -1)
    return rows.tobytes()
