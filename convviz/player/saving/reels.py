"""A film as pages without Python hold it: what it says, and its frames in reels, which `reel.js` reads."""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from convviz.player.frames.film import Film
from convviz.player.saving.mosaic import Mosaic


def says(film: Film, keys: Iterable[int]) -> str:
    """Pack what frames say."""
    return _packed(zlib.compress(json.dumps({key: film.says(key) for key in keys}).encode(), 9))


def reels(film: Film, keys: Iterable[int], density: float) -> Iterator[dict[str, Any]]:
    """Put frames into mosaics, and pack one after another.

    Parameters
    ----------
    film : Film
        Where the frames come from.
    keys : iterable of int
        Which ones.
    density : float
        How many pixels of a frame lie on a CSS pixel.
    """
    mosaic = Mosaic(density)
    for key in keys:
        if mosaic.is_full:
            yield _reel(mosaic)
            mosaic = Mosaic(density)
        mosaic.add(key, film.frames.pixels(key))
    if mosaic.keys:
        yield _reel(mosaic)


def _reel(mosaic: Mosaic) -> dict[str, Any]:
    tiles = {"maps": _packed(mosaic.maps()), "tiles": _packed(mosaic.sheet())}
    return {"keys": mosaic.keys, "size": mosaic.size, "side": mosaic.side, **tiles}


def _packed(data: bytes) -> str:
    return b64encode(data).decode("ascii")
