"""Small colour pictures by name, made of numbers that a reader can add up, and invented feature maps."""

import numpy as np

from convviz.faults import check_size, shown
from convviz.samples.sample import Array, Sample, as_count, by_name

_MOST = 9
"""The brightest number of a channel, as in the grey pictures: small enough for mental arithmetic."""
_SPOTS = 3


def _painted(drawing: str, **colours: int) -> Array:
    """Make a picture from a drawing in letters. Each letter is a colour: 920 stands for 9 red, 2 green, 0 blue."""
    rows = [[divmod(colours[cell], 100) for cell in row] for row in drawing.split()]
    pixels = [[(red, *divmod(rest, 10)) for red, rest in row] for row in rows]
    return np.moveaxis(np.array(pixels, dtype=np.int64), -1, 0).copy()


def _channels(*drawings: str) -> Array:
    """Read red, green and blue as they are written: rows of digits."""
    return np.array([[[int(digit) for digit in row] for row in drawing.split()] for drawing in drawings])


_APPLE = (
    "323661 279671 997789 879989 299892 327723",
    "575496 612405 152211 111212 720207 660166",
    "112122 301112 170011 022010 212212 321122",
)
"""Shaded, so that no window looks the same when it is flipped."""
_MOSAIC = ("2593 9889 8872 3878", "6915 7995 5269 7793", "7698 9289 6899 7898")
_SUNSET = "vvvvvv pppppp ooyyoo oyyyyo bboobb ddoodd"
_LAMPS = "sbbbs sbrbs sbbbs sbybs sbbbs sbgbs sbbbs"
_STRIPES = "rrggbb " * 6
_WHITE_PIXEL = "..... ..... ..w.. ..... ....."

NAMED_COLOUR_PICTURES = by_name(
    Sample(
        "apple",
        "A red apple on green grass, with a light spot on it.",
        lambda: _channels(*_APPLE),
        "A red apple on grass",
    ),
    Sample(
        "sunset",
        "A yellow sun goes down behind the sea: rows of few colours.",
        lambda: _painted(_SUNSET, v=315, p=624, o=942, y=982, b=125, d=114),
        "Sunset",
    ),
    Sample(
        "traffic_light",
        "Red, yellow and green lamps, each a single pixel.",
        lambda: _painted(_LAMPS, s=689, b=111, r=911, y=970, g=183),
        "Traffic light",
    ),
    Sample(
        "mosaic",
        "Sixteen bright stones: usual mistakes with their numbers lead to different sums.",
        lambda: _channels(*_MOSAIC),
        "Mosaic, 4×4",
    ),
    Sample(
        "flag_stripes",
        "Red, green and blue stripes with the same mean, 3: only their colours differ.",
        lambda: _painted(_STRIPES, r=900, g=90, b=9),
        "Flag stripes",
    ),
    Sample(
        "white_pixel",
        "A 9 in every channel: each feature map shows 9 times the sum of its filter's kernels, flipped.",
        lambda: _painted(_WHITE_PIXEL, **{".": 0, "w": 999}),
        "A single white pixel",
    ),
)
"""All named colour pictures, with shape (3, rows, columns) and numbers from 0 to 9."""


def feature_maps(channels: int, rows: int = 6) -> Array:
    """Invent the feature maps of a layer: soft spots, in different places on each map.

    Parameters
    ----------
    channels : int
        The number of maps. A map does not depend on how many maps follow it.
    rows : int
        The height and the width of each map.

    Returns
    -------
    ndarray, shape (channels, rows, rows)
        int64, from 0 to 9, the same numbers at every call.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer from 1 on.

    Examples
    --------
    >>> feature_maps(2, 3)[0]
    array([[0, 1, 2],
           [2, 1, 5],
           [1, 2, 9]])
    """
    count, size = as_count("channels", channels), as_count("rows", rows)
    check_size(count * size * size, f"channels is {shown(count)} and rows {shown(size)}", "the maps")
    return np.array([_feature_map(number, size) for number in range(count)])


def _feature_map(number: int, size: int) -> Array:
    """Draw some round spots, the brightest one where several overlap, and scale the picture to 0 to 9."""
    random = np.random.default_rng(number)
    places = (np.arange(size) + 0.5) / size
    spots = []
    for row, column, radius, height in random.uniform((0, 0, 0.12, 0.5), (1, 1, 0.3, 1), (_SPOTS, 4)):
        far = np.add.outer((places - row) ** 2, (places - column) ** 2)
        spots.append(height * np.exp(-far / (2 * radius**2)))
    light: Array = np.max(spots, axis=0)
    darkest, brightest = light.min(), light.max()
    if darkest == brightest:  # a map of a single pixel
        return np.array([[random.integers(1, _MOST, endpoint=True)]])
    stretched: Array = np.rint(_MOST * (light - darkest) / (brightest - darkest)).astype(np.int64)
    return stretched
