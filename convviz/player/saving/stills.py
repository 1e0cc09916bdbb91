"""Frames with one palette for all of them: files a third as large, and no colour flickers from step to step."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from convviz.player.frames.film import Film
from convviz.trace import Array

_COLOURS = 256
_EXACT = 160
"""How many of the colours are the most frequent ones as they are; the rest stand for what is between them."""
_CHUNK = 4096


class Stills:
    """A film's frames as Pillow images that share a palette.

    Parameters
    ----------
    film : Film
        Where the frames come from.
    steps : sequence of int
        The steps that will be asked for; the first, a middle and the last one choose the colours.
    """

    def __init__(self, film: Film, steps: Sequence[int]) -> None:
        self._film = film
        self._palette = _palette(np.concatenate([self._codes(steps[at]) for at in (0, len(steps) // 2, -1)]))
        # One more than the entry, and 0 for a colour not met before: zeros that nobody asks for take no memory.
        self._after_entry_of = np.zeros(1 << 24, np.int16)

    def image(self, key: int) -> Image.Image:
        """Draw a frame in the colours of the palette."""
        codes = self._codes(key)
        after = self._after_entry_of[codes]
        if not after.all():
            self._learn(np.unique(codes[after == 0]))
            after = self._after_entry_of[codes]
        image = Image.fromarray((after - 1).astype(np.uint8))
        image.putpalette(self._palette.tobytes())
        return image

    def _codes(self, key: int) -> Array:
        """Draw a frame, and return one number for the colour of each pixel: red, then green, then blue from 2¹⁶ on."""
        codes: Array = self._film.frames.pixels(key).view("<u4")[:, :, 0] & 0xFFFFFF
        return codes

    def _learn(self, codes: Array) -> None:
        """Find the nearest entry of the palette for colours not met before."""
        entries = self._palette.astype(np.float32)
        for start in range(0, len(codes), _CHUNK):
            some = codes[start : start + _CHUNK]
            distance = (entries**2).sum(1) - 2 * _unpacked(some).astype(np.float32) @ entries.T
            self._after_entry_of[some] = distance.argmin(1) + 1


def _palette(codes: Array) -> Array:
    """Choose the colours: the most frequent ones exactly, for grounds and lines, and a spread of all others."""
    met, counts = _counted(codes)
    order = np.argsort(-counts)
    frequent, others = order[:_EXACT], order[_EXACT:]
    palette = _unpacked(met[frequent])
    if len(others):
        pixels = _unpacked(np.repeat(met[others], counts[others]))
        spread = Image.fromarray(pixels[None]).quantize(_COLOURS - len(frequent)).getpalette() or []
        palette = np.concatenate([palette, np.array(spread, np.uint8).reshape(-1, 3)])
    return palette[:_COLOURS]


def _counted(codes: Array) -> tuple[Array, Array]:
    """List all colours and how many pixels have each; grounds and lines are counted by the run, not by the pixel."""
    row = codes.ravel()
    starts = np.concatenate([[0], np.flatnonzero(row[1:] != row[:-1]) + 1])
    met, which = np.unique(row[starts], return_inverse=True)
    return met, np.bincount(which, np.diff(starts, append=row.size)).astype(int)


def _unpacked(codes: Array) -> Array:
    return np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=-1).astype(np.uint8)
