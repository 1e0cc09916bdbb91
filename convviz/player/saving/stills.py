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
        self._palette = _palette(np.concatenate([self._rgb(steps[at]) for at in (0, len(steps) // 2, -1)]))
        self._entry_of = np.full(1 << 24, -1, np.int16)

    def image(self, key: int) -> Image.Image:
        """Draw a frame in the colours of the palette."""
        codes = _packed(self._rgb(key))
        entries = self._entry_of[codes]
        if entries.min() < 0:
            self._learn(np.unique(codes[entries < 0]))
            entries = self._entry_of[codes]
        image = Image.fromarray(entries.astype(np.uint8))
        image.putpalette(self._palette.tobytes())
        return image

    def _rgb(self, key: int) -> Array:
        return self._film.frames.pixels(key)[:, :, :3].copy()

    def _learn(self, codes: Array) -> None:
        """Find the nearest entry of the palette for colours not met before."""
        entries = self._palette.astype(np.float32)
        for start in range(0, len(codes), _CHUNK):
            some = codes[start : start + _CHUNK]
            distance = (entries**2).sum(1) - 2 * _unpacked(some).astype(np.float32) @ entries.T
            self._entry_of[some] = distance.argmin(1)


def _palette(rgb: Array) -> Array:
    """Choose the colours: the most frequent ones exactly, for grounds and lines, and a spread of all others."""
    codes, counts = np.unique(_packed(rgb), return_counts=True)
    frequent = _unpacked(codes[np.argsort(-counts)[:_EXACT]])
    spread = Image.fromarray(rgb).quantize(_COLOURS - len(frequent)).getpalette() or []
    palette = np.concatenate([frequent, np.array(spread, np.uint8).reshape(-1, 3)])
    return palette[:_COLOURS]


def _packed(rgb: Array) -> Array:
    red, green, blue = np.moveaxis(rgb.astype(np.int32), -1, 0)
    codes: Array = red << 16 | green << 8 | blue
    return codes


def _unpacked(codes: Array) -> Array:
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1).astype(np.uint8)
