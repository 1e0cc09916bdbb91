"""A learner's own picture: a PNG or JPEG file, checked before it is opened, and shrunk."""

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

_ACCEPTED = "accepted: PNG or JPEG"
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_OTHER_FORMATS = ("GIF", "WEBP", "BMP", "TIFF", "ICO", "PSD", "JPEG2000", "AVIF")
"""What else a picture may well be saved as; AVIF at the end, since older Pillows do not know the name."""


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """A picture as it was read from a file.

    Parameters
    ----------
    values : ndarray, shape (3, rows, columns)
        int64, from 0 to 255: red, green, blue, shrunk.
    width, height : int
        The file's own size in pixels, as one looks at it.
    """

    values: Array
    width: int
    height: int


def read_picture(data: bytes, side: int = 32) -> Array:
    """Read a PNG or JPEG file, and shrink it.

    Parameters
    ----------
    data : bytes
        The whole file, up to 4 MB; its picture has up to 4096 pixels on each side.
    side : int
        How long its longer side may remain, 1 to 4096 pixels. Each pixel is the mean of those that it stands for;
        a picture that is small enough stays as it is.

    Returns
    -------
    ndarray, shape (3, rows, columns)
        int64, from 0, black, to 255; the way up that the camera noted, and on white where it is transparent. Of an
        animation, the first picture.

    Raises
    ------
    TypeError
        If ``data`` is not of type bytes.
    ValueError
        If the file is empty, too large, of another kind or damaged; or ``side`` is none of the above.

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
    return read_picture_file(data, side).values


def read_picture_file(data: bytes, side: int = 32) -> PictureFile:
    """Read a file as `read_picture` does, and tell how large its picture was.

    Examples
    --------
    >>> read_picture_file(b"Dear diary")
    Traceback (most recent call last):
    ValueError: this is no picture that can be read; accepted: PNG or JPEG
    """
    side = as_count("side", side, MOST_SIDE)
    kind = _checked_kind(data)
    with _damage_told(kind):
        file = _opened(kind, data)
    width, height = file.size
    if max(width, height) > MOST_SIDE:
        raise ValueError(f"this picture has {width}×{height} pixels; accepted: up to {MOST_SIDE} on each side")
    with _damage_told(kind):
        values = np.asarray(shrunk(file, side), dtype=np.int64)
        if lies_on_its_side(file):
            width, height = height, width
    return PictureFile(values=np.moveaxis(values, -1, 0).copy(), width=width, height=height)


def _checked_kind(data: bytes) -> str:
    """Tell what a file is by how it begins: its name may be wrong."""
    if not isinstance(data, bytes):
        raise TypeError(f"data is of type {type(data).__name__}; accepted: bytes")
    if not data:
        raise ValueError(f"there is nothing in this file; {_ACCEPTED}")
    if len(data) > MOST_BYTES:
        # Rounded up: 4.001 MB are not to be called 4.0, which would be accepted.
        megabytes = ceil(10 * len(data) / 2**20) / 10
        raise ValueError(f"this file has ≈{megabytes} MB; accepted: up to {MOST_BYTES // 2**20} MB")
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    raise ValueError(f"this is {_other_format(data)}; {_ACCEPTED}")


def _other_format(data: bytes) -> str:
    """Say what a file looks like that is neither PNG nor JPEG."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=_OTHER_FORMATS) as file:
            kind = str(file.format)
    except Exception:  # as below
        return "no picture that can be read"
    return f"{'an' if kind[0] in 'AI' else 'a'} {kind}"


@contextmanager
def _damage_told(kind: str) -> Iterator[None]:
    """Raise in plain words what Pillow raises in a dozen ways, depending on where a file is damaged."""
    try:
        # Pillow warns of odd notes in a file, which do not change its picture.
        with warnings.catch_warnings(action="ignore"):
            yield
    except Exception:
        raise ValueError(f"this {kind} is damaged or cut off; accepted: a whole PNG or JPEG") from None


def _opened(kind: str, data: bytes) -> "ImageFile":
    """Read a file's header, and no more of it; `Image.open` would refuse large pictures in its own words."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile

    return (PngImageFile if kind == "PNG" else JpegImageFile)(BytesIO(data))
