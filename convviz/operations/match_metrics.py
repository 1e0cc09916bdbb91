"""How well a template fits a window, in four measures: the scores of all windows at once, and the terms of one."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np

from convviz.geometry import Geometry
from convviz.operations import exact
from convviz.trace import Array

Metric = Literal["normalized", "ssd", "mse", "correlation"]
_ARGUMENTS = "image and template"
_FLAT = float(np.finfo(np.float64).eps)
"""Where the lengths of window and template, multiplied, are no more than this, scikit-image sees no pattern."""


def score(metric: Metric, image: Array, template: Array, geometry: Geometry) -> Array:
    """Measure the fit at every window.

    Raises
    ------
    ValueError
        If a score does not fit.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _SCORES[metric](image, template, geometry)


def terms(metric: Metric, patch: Array, template: Array) -> Array:
    """Give what one window's score is the sum of, shaped as the template.

    Examples
    --------
    >>> terms("ssd", np.array([1, 2]), np.array([3, 5]))
    array([4, 9])
    """
    return _TERMS[metric](patch, template)


def _cells(image: Array, template: Array, geometry: Geometry) -> Iterator[tuple[Array, Any]]:
    """Pair each cell of the template with the cells of the image that it meets, one for each window."""
    return ((image[geometry.reads(offset)], weight) for offset, weight in np.ndenumerate(template))


def _squares(image: Array, template: Array, geometry: Geometry) -> Array:
    """Add up squared differences, in an arithmetic that holds them."""
    span = exact.magnitude(image) + exact.magnitude(template)
    arithmetic = exact.working_dtype(np.result_type(image, template), span * span * template.size)
    total = np.zeros(geometry.output_shape, dtype=arithmetic)
    for cells, weight in _cells(image.astype(arithmetic), template.astype(arithmetic), geometry):
        difference = cells - weight
        total += difference * difference
    return total


def _ssd(image: Array, template: Array, geometry: Geometry) -> Array:
    dtype = np.result_type(image, template)
    return exact.settled(_squares(image, template, geometry), dtype, arguments=_ARGUMENTS, result="the score")


def _mse(image: Array, template: Array, geometry: Geometry) -> Array:
    mean = (_squares(image, template, geometry) / template.size).astype(np.float64)
    return exact.settled(mean, np.float64, arguments=_ARGUMENTS, result="the score")


def _correlation(image: Array, template: Array, geometry: Geometry) -> Array:
    dtype = np.result_type(image, template)
    bound = exact.magnitude(image) * exact.magnitude(template) * template.size
    arithmetic = exact.working_dtype(dtype, bound)
    total = np.zeros(geometry.output_shape, dtype=arithmetic)
    for cells, weight in _cells(image.astype(arithmetic), template.astype(arithmetic), geometry):
        total += cells * weight
    return exact.settled(total, dtype, arguments=_ARGUMENTS, result="the score")


def _normalized(image: Array, template: Array, geometry: Geometry) -> Array:
    image, pattern = image.astype(np.float64), _centred(template)
    # Measured from the window's first cell, a flat window is exactly 0, however its number would round.
    first = image[geometry.reads((0,) * image.ndim)]
    mean = np.zeros(geometry.output_shape)
    for cells, _ in _cells(image, pattern, geometry):
        mean += cells - first
    mean /= pattern.size
    products, squares = np.zeros_like(mean), np.zeros_like(mean)
    for cells, weight in _cells(image, pattern, geometry):
        centred = cells - first
        centred -= mean
        products += centred * weight
        squares += np.square(centred, out=centred)
    lengths = np.sqrt(squares) * np.sqrt(np.square(pattern).sum())
    for array in (products, lengths):
        exact.settled(array, np.float64, arguments=_ARGUMENTS, result="the score")
    scores: Array = np.divide(products, lengths, out=np.zeros_like(mean), where=lengths > _FLAT)
    np.clip(scores, -1, 1, out=scores)  # where rounding would carry one beyond
    return scores


def _centred(array: Array) -> Array:
    shifted = array.astype(np.float64) - float(array.flat[0])
    return np.asarray(shifted - shifted.mean())


def _squared_differences(patch: Array, template: Array) -> Array:
    dtype = np.result_type(patch, template)
    span = exact.magnitude(patch) + exact.magnitude(template)
    arithmetic = exact.working_dtype(dtype, span * span)
    return exact.narrowed(np.square(patch.astype(arithmetic) - template.astype(arithmetic)), dtype)


def _products(patch: Array, template: Array) -> Array:
    dtype = np.result_type(patch, template)
    arithmetic = exact.working_dtype(dtype, exact.magnitude(patch) * exact.magnitude(template))
    return exact.narrowed(patch.astype(arithmetic) * template.astype(arithmetic), dtype)


def _normalized_products(patch: Array, template: Array) -> Array:
    window, pattern = _centred(patch), _centred(template)
    length = np.sqrt(np.square(window).sum()) * np.sqrt(np.square(pattern).sum())
    return window * pattern / length if length > _FLAT else np.zeros_like(window)


_SCORES: dict[Metric, Callable[[Array, Array, Geometry], Array]] = {
    "normalized": _normalized,
    "ssd": _ssd,
    "mse": _mse,
    "correlation": _correlation,
}
_TERMS: dict[Metric, Callable[[Array, Array], Array]] = {
    "normalized": _normalized_products,
    "ssd": _squared_differences,
    "mse": lambda patch, template: (_squared_differences(patch, template) / template.size).astype(np.float64),
    "correlation": _products,
}
