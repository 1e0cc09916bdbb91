"""Pictures from files, made small and upright by Pillow, whatever numbers they are stored in."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What brings a picture upright, by its EXIF orientation."""
_UPRIGHT = 1
_FIRST_ON_ITS_SIDE = 5


def shrunk(file: "ImageFile", side: int) -> "Image":
    """Decode a file, and make of it a picture in red, green and blue, upright, of sides of at most so many pixels."""
    from PIL import Image

    size = _fitting(file.size, side)
    image = _of_8_bits(file) if file.mode.startswith("I") else file
    if "A" not in image.mode and "transparency" not in image.info:
        return _upright(image.convert("RGB").resize(size, Image.Resampling.BOX), _orientation(file))
    clear = image.convert("RGBA").resize(size, Image.Resampling.BOX)
    on_white = Image.alpha_composite(Image.new("RGBA", size, "white"), clear)
    return _upright(on_white.convert("RGB"), _orientation(file))


def lies_on_its_side(file: "ImageFile") -> bool:
    """Tell whether the width of a file, once it is upright, is its height."""
    return _orientation(file) >= _FIRST_ON_ITS_SIDE


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Find the size whose longer side is at most so long, and whose proportions are nearly the same."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(side * length / longest)) for length in size)
    return width, height


def _of_8_bits(file: "ImageFile") -> "Image":
    """Scale a grey of 16 bits down, which Pillow would clip: 65535, its white, is 257 times 255."""
    from PIL import Image

    values = np.asarray(file).astype(np.uint32)
    image = Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if "transparency" in file.info:
        image.putalpha(Image.fromarray(np.where(values == file.info["transparency"], 0, 255).astype(np.uint8)))
    return image


def _orientation(file: "ImageFile") -> int:
    """Read which way up the camera was held: EXIF's 1 to 8."""
    try:
        noted = file.getexif().get(_ORIENTATION)
        return noted if noted in _TURNS else _UPRIGHT
    except Exception:  # the notes are damaged, the picture is not
        return _UPRIGHT


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    return image.transpose(Transpose[_TURNS[orientation]]) if orientation in _TURNS else image
