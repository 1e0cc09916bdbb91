"""Four measures of how well a template fits: the scores of all windows at once, and the terms of one window."""

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any, Literal

import numpy as np

from convviz.operations.arithmetic import exact
from convviz.operations.matching.flatness import LAST_BITS, centred, enlarged, is_flat
from convviz.operations.matching.normalized import cells_met, normalized_by_sums, window_by_window
from convviz.trace import Array

Metric = Literal["normalized", "ssd", "mse", "correlation"]
_STRIP = 1 << 14
"""How many windows are compared at a time: few enough for a processor's cache, and for little extra memory."""


def score(metric: Metric, image: Array, template: Array) -> Array:
    """Compute the score of every window.

    Raises
    ------
    ValueError
        If a score does not fit.
    """
    shape = tuple(n - k + 1 for n, k in zip(image.shape, template.shape, strict=True))
    kept = np.result_type(image, template) if metric in ("ssd", "correlation") else np.float64
    if metric == "normalized":
        found = normalized_by_sums(image, template)
        if found is not None:
            return found
        if is_flat(template):
            return np.zeros(shape)
        image, template = enlarged(image), enlarged(template)  # this changes no score
    with np.errstate(over="ignore", invalid="ignore"):
        arithmetic = _arithmetic(metric, image, template)
        scores = np.empty(shape, dtype=arithmetic)
        rows = max(1, _STRIP // prod(shape[1:]))
        compare = _SCORES[metric]
        if metric == "normalized" and image.dtype.kind != "f":
            compare = partial(window_by_window, integers=True)
        for start in range(0, shape[0], rows):
            strip = image[start : start + rows + len(template) - 1].astype(arithmetic)
            scores[start : start + rows] = compare(strip, template.astype(arithmetic))
        if metric == "mse":
            scores = (scores / template.size).astype(np.float64, copy=False)
    return exact.settled(scores, kept, arguments="image and template", result="the score")


def terms(metric: Metric, patch: Array, template: Array) -> Array:
    """Return the terms whose sum is the score of one window, shaped like the template.

    Examples
    --------
    >>> terms("ssd", np.array([1, 2]), np.array([3, 5]))
    array([4, 9])
    """
    return _TERMS[metric](patch, template)


def differences(patch: Array, template: Array) -> Array:
    """Return the window minus the template, cell by cell.

    Examples
    --------
    >>> differences(np.array([1, 2]), np.array([3, 5]))
    array([-2, -3])
    """
    dtype = np.result_type(patch, template)
    arithmetic = exact.working_dtype(dtype, exact.magnitude(patch) + exact.magnitude(template))
    return exact.narrowed(patch.astype(arithmetic) - template.astype(arithmetic), dtype)


def pattern(cells: Array) -> Array:
    """Return some cells with their mean subtracted and their length made 1; all 0 if the cells are flat.

    Floats that differ from their mean by their last bits only become 0.

    Examples
    --------
    >>> pattern(np.array([3, 7])).round(3)
    array([-0.707,  0.707])
    >>> float(pattern(np.array([4 / 3, 1, 2 / 3]))[1])
    0.0
    """
    cells = enlarged(cells)
    found = centred(cells)
    is_rounding = np.abs(found) <= LAST_BITS * np.abs(cells).max()
    if cells.dtype.kind == "f" and not is_rounding.all():
        found[is_rounding] = 0
    length = np.sqrt(np.square(found).sum())
    return np.asarray(found / length) if length else found


def has_pattern(patch: Array, template: Array) -> bool:
    """Whether neither the window nor the template is flat, so that 'normalized' has two patterns to compare."""
    return not is_flat(patch) and not is_flat(template)


def _arithmetic(metric: Metric, image: Array, template: Array) -> np.dtype[Any]:
    """Choose a number type that holds every sum in the scores."""
    if metric == "normalized":
        return np.dtype(np.float64)
    largest, wanted = exact.magnitude(image), exact.magnitude(template)
    term = largest * wanted if metric == "correlation" else (largest + wanted) * (largest + wanted)
    return exact.working_dtype(np.result_type(image, template), term * template.size)


def _squares(image: Array, template: Array) -> Any:
    return sum(np.square(cells - weight) for cells, weight in cells_met(image, template))


def _correlations(image: Array, template: Array) -> Any:
    return sum(cells * weight for cells, weight in cells_met(image, template))


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
    return pattern(patch) * pattern(template) if has_pattern(patch, template) else np.zeros(patch.shape)


_SCORES: dict[Metric, Callable[[Array, Array], Any]] = {
    "normalized": window_by_window,
    "ssd": _squares,
    "mse": _squares,
    "correlation": _correlations,
}
_TERMS: dict[Metric, Callable[[Array, Array], Array]] = {
    "normalized": _normalized_products,
    "ssd": _squared_differences,
    "mse": lambda patch, template: (_squared_differences(patch, template) / template.size).astype(np.float64),
    "correlation": _products,
}
