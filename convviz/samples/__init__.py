"""Named kernels, filters, signals and pictures to try things on. Each call makes a new array.

>>> kernel("sobel_x")
array([[-1,  0,  1],
       [-2,  0,  2],
       [-1,  0,  1]])
>>> NAMED_KERNELS["sobel_x"].says
'Large where it gets brighter to the right: vertical edges.'
"""

from types import MappingProxyType

from convviz.faults import MOST_NUMBERS
from convviz.samples.colour_pictures import NAMED_COLOUR_PICTURES, feature_maps
from convviz.samples.echoes import NAMED_RESPONSES, NAMED_SHORT_SIGNALS
from convviz.samples.filters import NAMED_FILTERS, filter_bank
from convviz.samples.kernels import NAMED_KERNELS
from convviz.samples.picture_file import read_picture
from convviz.samples.pictures import NAMED_PICTURES, photograph
from convviz.samples.sample import Array, Sample, as_count, by_title, find
from convviz.samples.searches import NAMED_SEARCHES, Search
from convviz.samples.signals import NAMED_SIGNALS

__all__ = [
    "COLOUR_INPUTS",
    "FILTERS",
    "INPUTS",
    "KERNELS",
    "NAMED_COLOUR_PICTURES",
    "NAMED_FILTERS",
    "NAMED_KERNELS",
    "NAMED_PICTURES",
    "NAMED_RESPONSES",
    "NAMED_SEARCHES",
    "NAMED_SHORT_SIGNALS",
    "NAMED_SIGNALS",
    "RESPONSES",
    "SEARCHES",
    "SHORT_SIGNALS",
    "Sample",
    "Search",
    "feature_maps",
    "filter_bank",
    "kernel",
    "photograph",
    "picture",
    "read_picture",
    "signal",
]

INPUTS = by_title(NAMED_PICTURES)
"""Small inputs that the lessons offer, by title. Call one to make it."""

COLOUR_INPUTS = by_title(NAMED_COLOUR_PICTURES)
"""Small colour pictures that the lessons offer, by title. Call one to make it, with shape (3, rows, columns)."""

FILTERS = by_title(NAMED_FILTERS)
"""Filters for colour pictures, by title. Call one to make them, with shape (filters, 3, rows, columns)."""

KERNELS = by_title(NAMED_KERNELS)
"""Small kernels that the lessons offer, by title. Call one to make it."""

SHORT_SIGNALS = by_title(NAMED_SHORT_SIGNALS)
"""Signals of a few samples that the lessons offer, by title. Call one to make it."""

RESPONSES = by_title(NAMED_RESPONSES)
"""Impulse responses that the lessons offer, by title. Call one to make it."""

SEARCHES = MappingProxyType({search.title: search for search in NAMED_SEARCHES.values()})
"""Templates, each with the picture to search, by title."""


def kernel(name: str) -> Array:
    """Make a kernel by its name, one of `NAMED_KERNELS`. Use it unflipped, with `convviz.correlate`.

    Raises
    ------
    ValueError
        If no kernel has that name; the error lists all names.

    Notes
    -----
    The numbers of Sobel, Prewitt and the Laplacian are those of `scipy.ndimage`; those of Scharr are OpenCV's.

    Examples
    --------
    >>> kernel("difference")
    array([-1,  0,  1])
    """
    return find(name, NAMED_KERNELS).make()


def signal(name: str, size: int = 64) -> Array:
    """Make a signal of ``size`` samples by its name, one of `NAMED_SIGNALS`.

    Raises
    ------
    TypeError
        If ``size`` is not an integer.
    ValueError
        If ``size`` is not from 1 to 134217728, or no signal has that name; the error lists all names.

    Examples
    --------
    >>> signal("step", 6)
    array([0, 0, 0, 1, 1, 1])
    """
    return find(name, NAMED_SIGNALS).make(as_count("size", size, MOST_NUMBERS))


def picture(name: str) -> Array:
    """Make a small picture by its name: one of `NAMED_PICTURES`, which are grey, or of `NAMED_COLOUR_PICTURES`.

    Returns
    -------
    ndarray, shape (rows, columns), or (3, rows, columns) in colour
        int64, a new array at every call.

    Raises
    ------
    ValueError
        If no picture has that name; the error lists all names.
    FileNotFoundError
        If the photograph is asked for and not installed: see `photograph`.

    Examples
    --------
    >>> picture("plus")
    array([[0, 2, 0],
           [2, 2, 2],
           [0, 2, 0]])
    """
    return find(name, {**NAMED_PICTURES, **NAMED_COLOUR_PICTURES}).make()
