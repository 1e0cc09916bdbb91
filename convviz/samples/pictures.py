"""Small pictures by name, and the photograph that is part of matplotlib."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from convviz.faults import shown
from convviz.samples.sample import Array, Sample, as_count, by_name

_ROWS, _COLUMNS = 600, 512
"""The size of the photograph in its file."""


def photograph(rows: int = 64, *, colour: bool = False) -> Array:
    """Read the photograph that is part of matplotlib: Grace Hopper, who wrote one of the first compilers.

    Parameters
    ----------
    rows : int
        The height, 1 to 600 pixels; the width keeps the proportions. Each pixel is the mean of those that it replaces.
    colour : bool
        Whether to read red, green and blue instead of grey.

    Returns
    -------
    ndarray, shape (rows, columns), or (3, rows, columns) in colour
        int64, from 0 (black) to 255. With int64, sums do not wrap around as they would with uint8.

    Raises
    ------
    TypeError, ValueError
        If ``rows`` is not an integer from 1 to 600.
    FileNotFoundError
        If matplotlib was installed without its sample data.

    Examples
    --------
    >>> photograph().shape, photograph(32, colour=True).shape
    ((64, 55), (3, 32, 27))
    """
    if not isinstance(colour, bool | np.bool_):
        raise TypeError(f"colour is {shown(colour)} ({type(colour).__name__}); accepted: True or False")
    height = as_count("rows", rows, _ROWS)
    width = max(1, round(_COLUMNS * height / _ROWS))
    path = _find_photograph()
    from PIL import Image  # not at the top: most users of convviz never open a photograph

    with Image.open(path) as file:
        pixels = file.convert("RGB" if colour else "L").resize((width, height), Image.Resampling.BOX)
    values = np.asarray(pixels, dtype=np.int64)
    return np.moveaxis(values, -1, 0).copy() if colour else values


def _find_photograph() -> Path:
    """Find the file without importing matplotlib: the import would take longer than everything else here."""
    matplotlib = find_spec("matplotlib")
    for folder in (matplotlib and matplotlib.submodule_search_locations) or []:
        path = Path(folder) / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if path.is_file():
            return path
    others = ", ".join(repr(name) for name in NAMED_PICTURES if name != "photograph")
    raise FileNotFoundError(
        "the photograph is part of matplotlib's sample data, but the matplotlib here was installed without them; "
        f"accepted: a matplotlib with sample data, or another picture: {others}"
    )


def drawn(drawing: str) -> Array:
    """Make a picture from a drawing: rows of digits, in which a dot is a 0."""
    return np.array([[int(cell) for cell in row] for row in drawing.replace(".", "0").split()])


_CLASSIC = "111.. .111. ..111 ..11. .11.."
_IMPULSE = "..... ..... ..1.. ..... ....."
_LANDSCAPE = "221.2 .3414 2563. 316.1 .23.5"
_STARS = "1...1. .3...3 1..... ...... .....1 3...31"
_DIGIT_3 = "........ ..1111.. .....11. ...111.. .....11. .....11. ..1111.. ........"
_GLARE = "......... ..2...... .222...99 ..2....99 .......99 ........."

NAMED_PICTURES = by_name(
    Sample(
        "classic", "A slanted band of ones: the input of many tutorials.", lambda: drawn(_CLASSIC), "The classic 5×5"
    ),
    Sample(
        "landscape",
        "Small, varied numbers: with them, the usual mistakes lead to different sums.",
        lambda: drawn(_LANDSCAPE),
        "Small numbers, 5×5",
    ),
    Sample(
        "impulse",
        "A single one: a convolution turns it into the kernel, a cross-correlation into the flipped kernel.",
        lambda: drawn(_IMPULSE),
        "Impulse: a single one",
    ),
    Sample("step_edge", "Dark on the left, bright on the right.", lambda: drawn("..999 " * 5), "Step edge"),
    Sample(
        "checkerboard",
        "The fastest change that pixels can show, along both axes.",
        lambda: drawn(".1.1.1 1.1.1. " * 3),
        "Checkerboard",
    ),
    Sample(
        "counting",
        "The numbers 1 to 25: it is easy to see where each number goes.",
        lambda: np.arange(1, 26).reshape(5, 5),
        "Counting 1 to 25",
    ),
    Sample(
        "stars",
        "A few single bright pixels: every weight of a kernel shows in what it makes of them.",
        lambda: drawn(_STARS),
    ),
    Sample("digit_3", "A 3, drawn in ones.", lambda: drawn(_DIGIT_3)),
    Sample("plus", "A plus sign: something to search for.", lambda: drawn(".2. 222 .2.")),
    Sample("glare", "A plus sign beside a bright patch, which fools plain correlation.", lambda: drawn(_GLARE)),
    Sample("photograph", "Grace Hopper, in grey, 64 pixels high.", photograph),
)
"""All named grey pictures; those that the lessons offer come first."""
