"""Frames as tiles: each tile is kept once, and a frame is a map of which tile lies where."""

import zlib

import numpy as np

from convviz.player.frames.frames import as_png
from convviz.trace import Array

TILE_PX = 8
"""CSS pixels: small enough that what is new in a frame is little more than what changed in it."""
MOST_TILES = 16_384
MOST_FRAMES = 64
"""What one mosaic holds, so that a browser can unpack it at once."""
_ROW = 128
"""Tiles side by side on the sheet."""


class Mosaic:
    """Some frames of one size, exact to the pixel. Neighbouring frames share nearly all of their tiles.

    Parameters
    ----------
    density : float
        Device pixels per CSS pixel.
    """

    def __init__(self, density: float) -> None:
        self.side = max(4, round(TILE_PX * density))
        self.size = (0, 0)
        self.keys: list[int] = []
        self._numbers: dict[bytes, int] = {}
        self._before: Array | None = None
        self._maps: list[Array] = []

    @property
    def is_full(self) -> bool:
        """Whether further frames belong into another one."""
        return len(self.keys) >= MOST_FRAMES or len(self._numbers) >= MOST_TILES

    def add(self, key: int, pixels: Array) -> None:
        """Add a frame.

        Parameters
        ----------
        key : int
            Which frame it is.
        pixels : ndarray of uint8, shape (height, width, 4)
            All frames have the same shape.
        """
        tiles = _cut(pixels, self.side)
        if self._before is None:
            self.size = (pixels.shape[1], pixels.shape[0])
            lies, places = np.zeros(len(tiles), int), [*range(len(tiles))]
        else:
            lies = self._maps[-1].copy()
            places = np.flatnonzero((tiles != self._before).any(axis=(1, 2))).tolist()
        for place in places:
            lies[place] = self._numbers.setdefault(tiles[place].tobytes(), len(self._numbers))
        self.keys.append(key)
        self._maps.append(lies)
        self._before = tiles

    def sheet(self) -> bytes:
        """Return all tiles as one PNG picture, row by row in the order of their numbers."""
        rows = -(-len(self._numbers) // _ROW)
        tiles = np.zeros((rows * _ROW, self.side, self.side, 4), np.uint8)
        tiles[: len(self._numbers)] = np.frombuffer(b"".join(self._numbers), np.uint8).reshape(-1, *tiles.shape[1:])
        across = tiles.reshape(rows, _ROW, self.side, self.side, 4).swapaxes(1, 2)
        return as_png(np.ascontiguousarray(across).reshape(rows * self.side, _ROW * self.side, 4), level=9)

    def maps(self) -> bytes:
        """Return the number of the tile at each place of each frame, packed.

        A number has 32 bits, the lower ones first; what is packed is by how much it is more than in the frame before.
        """
        return zlib.compress(np.diff(np.array(self._maps), axis=0, prepend=0).astype("<u4").tobytes(), 9)


def _cut(pixels: Array, side: int) -> Array:
    """Cut a picture into tiles, shape (tiles, side, side), one number for each pixel."""
    height, width, _ = pixels.shape
    rows, columns = -(-height // side), -(-width // side)
    whole = np.zeros((rows * side, columns * side), np.uint32)
    whole[:height, :width] = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    return np.ascontiguousarray(whole.reshape(rows, side, columns, side).swapaxes(1, 2)).reshape(-1, side, side)
