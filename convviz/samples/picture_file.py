"""A learner's own picture: read a PNG or JPEG file, check it before it is opened, and shrink it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from convviz.samples.sample import Array, as_count
from convviz.samples.shrinking import lies_on_its_side, shrunk

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_BYTES = 4 * 2**20
"""A larger file is not opened."""
MOST_SIDE = 4096
"""A picture with a longer side is not decoded: a small file may claim to hold a huge one."""

MOST_SCANS = 64
"""A JPEG that is drawn over more often than this is not decoded: each scan may cost as much as a whole picture."""

_ACCEPTED = "accepted: PNG or JPEG"
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_SCAN = b"\xff\xda"
"""Where a scan of a JPEG begins; inside of one, these bytes never follow each other."""
_OTHER_FORMATS = ("GIF", "WEBP", "BMP", "TIFF", "ICO", "PSD", "JPEG2000", "AVIF")
"""Other formats in which pictures are often saved. AVIF is last, because older versions of Pillow do not know it."""


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """A picture that was read from a file.

    Parameters
    ----------
    values : ndarray, shape (3, rows, columns)
        int64, from 0 to 255: red, green and blue, after shrinking.
    width, height : int
        The size of the picture in the file, in pixels, after it is turned upright.
    """

    values: Array
    width: int
    height: int


def read_picture(data: bytes, side: int = 32, *, colour: bool = True) -> Array:
    """Read a picture from a PNG or JPEG file, and shrink it.

    Parameters
    ----------
    data : bytes
        The whole file, up to 4 MB. The picture may have up to 4096 pixels on each side.
    side : int
        The longest side after shrinking, 1 to 4096 pixels. Each pixel of the result is the mean of the pixels that it
        replaces. A smaller picture stays as it is.
    colour : bool
        Whether to return red, green and blue instead of grey.

    Returns
    -------
    ndarray, shape (3, rows, columns), or (rows, columns) in grey
        int64, from 0 (black) to 255. The picture is turned upright, as noted by the camera; transparent parts are
        put on white; only the first picture of an animation is read.

    Raises
    ------
    TypeError
        If ``data`` is not of type bytes.
    ValueError
        If the file is empty, too large, of another kind or damaged; if ``side`` is out of range.

    Examples
    --------
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> Image.new("RGB", (64, 48), "red").save(file, "png")
    >>> read_picture(file.getvalue(), 4)[0]
    array([[255, 255, 255, 255],
           [255, 255, 255, 255],
           [255, 255, 255, 255]])
    """
    try:
        values = read_picture_file(data, side).values
    except ValueError as error:
        if str(error).startswith("side "):
            raise
        raise ValueError(f"data cannot be read: {error}") from error.__cause__
    return values if colour else grey(values)


def grey(picture: Array) -> Array:
    """Return how bright the pixels of a colour picture are, as Pillow's mode L and older television do.

    Parameters
    ----------
    picture : ndarray, shape (3, rows, columns)
        Whole numbers from 0 to 255: red, green and blue.

    Returns
    -------
    ndarray, shape (rows, columns)
        int64: 0.299 red + 0.587 green + 0.114 blue, rounded.

    Examples
    --------
    >>> grey(np.array([[[255, 0, 0, 255]], [[0, 255, 0, 255]], [[0, 0, 255, 255]]]))
    array([[ 76, 150,  29, 255]])
    """
    # Pillow computes with these 65,536ths.
    shares = np.tensordot((19595, 38470, 7471), picture.astype(np.int64), 1)
    return np.asarray((shares + 0x8000) >> 16)


def read_picture_file(data: bytes, side: int = 32) -> PictureFile:
    """Read a file as `read_picture` does, and return the picture with its size in the file.

    Examples
    --------
    >>> read_picture_file(b"Dear diary")
    Traceback (most recent call last):
    ValueError: this is no picture that can be read; accepted: PNG or JPEG
    """
    side = as_count("side", side, MOST_SIDE)
    kind = _checked_kind(data)
    with _damage_reported(kind):
        file = _opened(kind, data)
    width, height = file.size
    if max(width, height) > MOST_SIDE:
        raise ValueError(f"this picture has {width}×{height} pixels; accepted: up to {MOST_SIDE} on each side")
    with _damage_reported(kind):
        values = np.asarray(shrunk(file, side), dtype=np.int64)
        if lies_on_its_side(file):
            width, height = height, width
    return PictureFile(values=np.moveaxis(values, -1, 0).copy(), width=width, height=height)


def is_picture(data: bytes) -> bool:
    """Whether a file begins as a picture does that `read_picture` reads."""
    return data.startswith(tuple(_BEGINNINGS))


def _checked_kind(data: bytes) -> str:
    """Find a file's format from its first bytes: its name may be wrong."""
    if not isinstance(data, bytes):
        raise TypeError(f"data is of type {type(data).__name__}; accepted: bytes")
    if not data:
        raise ValueError(f"there is nothing in this file; {_ACCEPTED}")
    if len(data) > MOST_BYTES:
        # Rounded up: 4.001 MB must not be called 4.0 MB, which would be accepted.
        megabytes = ceil(10 * len(data) / 2**20) / 10
        raise ValueError(f"this file has ≈{megabytes} MB; accepted: up to {MOST_BYTES // 2**20} MB")
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            scans = data.count(_SCAN) if kind == "JPEG" else 0
            if scans > MOST_SCANS:
                raise ValueError(f"this JPEG is drawn in {scans} scans; accepted: up to {MOST_SCANS}")
            return kind
    raise ValueError(f"this is {_other_format(data)}; {_ACCEPTED}")


def _other_format(data: bytes) -> str:
    """Describe a file that is neither PNG nor JPEG, for the error."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=_OTHER_FORMATS) as file:
            kind = str(file.format)
    except Exception:  # as below
        return "no picture that can be read"
    return f"{'an' if kind[0] in 'AI' else 'a'} {kind}"


@contextmanager
def _damage_reported(kind: str) -> Iterator[None]:
    """Replace Pillow's many different errors about damaged files by one error in plain words."""
    try:
        # Pillow warns about unusual metadata in a file, which does not change its picture.
        with warnings.catch_warnings(action="ignore"):
            yield
    except Exception:
        raise ValueError(f"this {kind} is damaged or cut off; accepted: a whole PNG or JPEG") from None


def _opened(kind: str, data: bytes) -> "ImageFile":
    """Read only a file's header. `Image.open` is not used: it would refuse large pictures in its own words."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile

    return (PngImageFile if kind == "PNG" else JpegImageFile)(BytesIO(data))
