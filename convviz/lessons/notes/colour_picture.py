"""Three channels as the colour picture that they are."""

from base64 import b64encode
from io import BytesIO

import numpy as np

from convviz.trace import Array

_SIDE_PX = 132
_WHITES = (9, 255)
"""The brightest numbers in pictures: in small ones that are easy to add up, and in files."""


def colour_picture_html(x: Array) -> str:
    """Show an input of three channels in colour; nothing for any other.

    Parameters
    ----------
    x : ndarray, shape (channels, rows, columns)
        Red, green and blue, from 0 to 9, or to 255 if any is larger; numbers beyond either end are cut off.

    Examples
    --------
    >>> colour_picture_html(np.zeros((2, 4, 4)))
    ''
    >>> "the input in colour" in colour_picture_html(np.zeros((3, 4, 4)))
    True
    """
    if len(x) != 3:
        return ""
    from PIL import Image  # not at the top: few inputs are pictures

    brightest = float(x.max())
    white = next((white for white in _WHITES if brightest <= white), brightest)
    pixels = np.moveaxis(np.clip(x.astype(float) / white, 0, 1) * 255, 0, -1).round().astype(np.uint8)
    packed = BytesIO()
    Image.fromarray(pixels).save(packed, "png")
    rows, columns = x.shape[1:]
    width, height = (max(1, round(_SIDE_PX * side / max(rows, columns))) for side in (columns, rows))
    return (
        f'<figure class="convviz-note convviz-colours"><img alt="the input in colour" width="{width}" '
        f'height="{height}" src="data:image/png;base64,{b64encode(packed.getvalue()).decode("ascii")}">'
        f"<figcaption>Red, green and blue together; {white:g} is brightest.</figcaption></figure>"
    )
