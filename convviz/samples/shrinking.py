"""Make pictures from files small and upright, with Pillow, whatever number type they are stored in."""

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
"""The operation that turns a picture upright, for each EXIF orientation."""
_UPRIGHT = 1
_FIRST_ON_ITS_SIDE = 5


def shrunk(file: "ImageFile", side: int) -> "Image":
    """Decode a file into an upright picture in red, green and blue, with at most ``side`` pixels along each side."""
    from PIL import Image

    size = _fitting(file.size, side)
    image = _of_8_bits(file) if file.mode.startswith("I") else file
    if "A" not in image.mode and "transparency" not in image.info:
        return _upright(image.convert("RGB").resize(size, Image.Resampling.BOX), _orientation(file))
    clear = image.convert("RGBA").resize(size, Image.Resampling.BOX)
    on_white = Image.alpha_composite(Image.new("RGBA", size, "white"), clear)
    return _upright(on_white.convert("RGB"), _orientation(file))


def lies_on_its_side(file: "ImageFile") -> bool:
    """Whether width and height of a file change places when its picture is turned upright."""
    return _orientation(file) >= _FIRST_ON_ITS_SIDE


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Compute the size whose longer side is at most ``side``, and whose proportions are nearly the same."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(side * length / longest)) for length in size)
    return width, height


def _of_8_bits(file: "ImageFile") -> "Image":
    """Scale 16-bit grey down to 8 bits; Pillow would clip it. Its white is 65535, which is 257 times 255."""
    from PIL import Image

    values = np.asarray(file).astype(np.uint32)
    image = Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if "transparency" in file.info:
        image.putalpha(Image.fromarray(np.where(values == file.info["transparency"], 0, 255).astype(np.uint8)))
    return image


def _orientation(file: "ImageFile") -> int:
    """Read how the camera was held: EXIF's orientation, 1 to 8."""
    try:
        noted = file.getexif().get(_ORIENTATION)
        return noted if noted in _TURNS else _UPRIGHT
    except Exception:  # the metadata are damaged, the picture is not
        return _UPRIGHT


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    return image.transpose(Transpose[_TURNS[orientation]]) if orientation in _TURNS else image
