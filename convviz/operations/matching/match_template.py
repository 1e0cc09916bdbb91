"""Template matching: a small picture laid on a large one everywhere, and how well it fits at each place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np

from convviz.geometry import Axis, Geometry
from convviz.numerals import numeral, sum_of_products
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.matching.metrics import Metric, score, terms
from convviz.terms import Terms
from convviz.trace import Array, Step, Trace


@dataclass(frozen=True, eq=False, slots=True)
class MatchStep(Step):
    """One place of the template: how well it fits the window there.

    Parameters
    ----------
    window : tuple of slice
        Where the template lies in ``trace.image``.
    patch : ndarray
        The numbers within the window, shaped as the template.
    template : ndarray
        What is searched for.
    terms : ndarray
        What adds up to ``value``, cell by cell: squared differences ('ssd'), these divided by the number of cells
        ('mse'), products ('correlation'), or products of the two after their means are taken away and their lengths
        made 1 ('normalized').
    metric : str
        Which of these it is.
    """

    window: tuple[slice, ...]
    patch: Array
    template: Array
    terms: Array
    metric: Metric

    def describe(self) -> str:
        """Say in one plain sentence how ``value`` comes to be.

        Examples
        --------
        >>> match_template([1, 2, 3, 4], [3, 5], "ssd")[1].describe()
        'Window [1]: the squared differences (-1)×(-1) + (-2)×(-2) = 5.'
        """
        return f"Window {list(self.position)}: {_SENTENCES[self.metric](self)}."


def _say_squares(step: MatchStep) -> str:
    differences = [a - b for a, b in zip(step.patch.ravel().tolist(), step.template.ravel().tolist(), strict=True)]
    return f"the squared differences {sum_of_products(differences, differences, step.value)}"


def _say_mean(step: MatchStep) -> str:
    return f"the squared differences, {step.terms.size} in all, are {numeral(step.value)} on average"


def _say_products(step: MatchStep) -> str:
    return f"the products {sum_of_products(step.patch.flat, step.template.flat, step.value)}"


def _say_normalized(step: MatchStep) -> str:
    for name, cells in (("window", step.patch), ("template", step.template)):
        if cells.max() == cells.min():
            return f"the {name} is flat, so there is no pattern to compare, which counts as 0"
    return (
        f"with both means taken away and both lengths made 1, the products add up to {numeral(step.value)} "
        "(1 is the template's own pattern, -1 its negative)"
    )


_SENTENCES: dict[Metric, Callable[[MatchStep], str]] = {
    "ssd": _say_squares,
    "mse": _say_mean,
    "correlation": _say_products,
    "normalized": _say_normalized,
}


class MatchTrace(Trace[MatchStep]):
    """A template laid on every window of an image; made by `match_template`. ``output`` holds the scores."""

    def __init__(self, image: Array, template: Array, metric: Metric) -> None:
        self._image, self._template, self._metric = image.copy(), template.copy(), metric
        for array in (self._image, self._template):
            array.setflags(write=False)
        axes = (Axis(size=n, kernel=k) for n, k in zip(image.shape, template.shape, strict=True))
        self._geometry = Geometry(tuple(axes))
        super().__init__(score(metric, self._image, self._template))

    @property
    def image(self) -> Array:
        """Where the template is searched for."""
        return self._image

    @property
    def template(self) -> Array:
        """What is searched for."""
        return self._template

    @property
    def metric(self) -> Metric:
        """How the fit is measured."""
        return self._metric

    @property
    def geometry(self) -> Geometry:
        """Where the windows land."""
        return self._geometry

    @property
    def terms(self) -> Terms:
        """Which cells meet, in index notation: see `sliding_window`. Operands are ``image`` and ``template``.

        Examples
        --------
        >>> terms = match_template([1, 2, 3, 4], [3, 5], "ssd").terms
        >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(1, 2))]
        """
        terms = sliding_window(self._geometry, bare=True)
        return replace(terms, operands={"image": terms.operands["x"], "template": terms.operands["w"]}, bordered=())

    @property
    def smaller_is_better(self) -> bool:
        """Whether the best score is the smallest one: true of differences, false of correlations."""
        return self._metric in ("ssd", "mse")

    @property
    def best(self) -> tuple[int, ...]:
        """The position with the best score; of equal ones the first, row by row."""
        return self._position(self._best_of(self._output))

    @property
    def runner_up(self) -> tuple[int, ...] | None:
        """The position with the second-best score, or with the best once more; None where there is but one window.

        Its score tells how sure the match is. It may well lie beside ``best``: windows that overlap are alike.
        """
        if self._output.size == 1:
            return None
        best = self._best_of(self._output)
        second = self._best_of(np.delete(self._output, best))
        return self._position(second + (second >= best))

    def _best_of(self, scores: Array) -> int:
        return int(scores.argmin() if self.smaller_is_better else scores.argmax())

    def _step(self, index: int) -> MatchStep:
        position = self._position(index)
        window = self._geometry.window(position)
        patch = self._image[window]
        parts = terms(self._metric, patch, self._template)
        parts.setflags(write=False)
        return MatchStep(index, position, self._output[position], window, patch, self._template, parts, self._metric)


def match_template(image: Any, template: Any, metric: Metric = "normalized") -> MatchTrace:
    """Find where a small picture fits a large one best.

    Parameters
    ----------
    image : array-like, shape (columns,) or (rows, columns)
        Where to search: integers, floats or booleans (which count as 0 and 1).
    template : array-like, as many dimensions as ``image``, and no larger
        What to search for.
    metric : {'normalized', 'ssd', 'mse', 'correlation'}
        'ssd' adds up squared differences and 'mse' averages them: smaller is better. 'correlation' adds up products:
        larger is better, but bright windows beat matching ones. 'normalized' takes both means away and divides by
        both lengths first: 1 is a perfect match, whatever the brightness and the contrast.

    Returns
    -------
    MatchTrace
        ``output``, a score for each window that lies within the image; ``best`` and ``runner_up``, positions.
        'ssd' and 'correlation' of integers or booleans are int64, all else is float64.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the two differ in dimensions, or
        the template is larger; if the metric is unknown; if a score does not fit.

    Notes
    -----
    'normalized' equals `skimage.feature.match_template` with ``pad_input=False``, and as there a flat window, or a
    flat template, counts as 0: where the two lengths multiplied are no more than 2.2e-16. (There, rounding may make
    a pattern of what is flat; here it does not.) 'correlation' equals `scipy.signal.correlate` in mode 'valid'.
    See J. P. Lewis, "Fast Normalized Cross-Correlation", 1995.

    Examples
    --------
    >>> image = np.arange(1, 19).reshape(3, 6)
    >>> template = np.array([[5, 6], [11, 12]])
    >>> match_template(image, template, "ssd").best
    (0, 4)

    The template must lie on the image as it is, as in a cross-correlation. Turned by 180°, as in a convolution, it
    fits nowhere, or fits what it should not:

    >>> int(match_template(image, np.flip(template), "ssd").output.min())
    148
    >>> signal = [0, 1, 2, 4, 0, 4, 2, 1]
    >>> match_template(signal, [1, 2, 4]).best, match_template(signal, np.flip([1, 2, 4])).best
    ((1,), (5,))

    Products alone are fooled by bright windows:

    >>> signal = [0, 1, 0, 9, 9, 9]
    >>> match_template(signal, [0, 1, 0], "correlation").best, match_template(signal, [0, 1, 0]).best
    ((2,), (0,))
    """
    image, template = as_numbers("image", image), as_numbers("template", template)
    if not isinstance(metric, str) or metric not in get_args(Metric):
        raise ValueError(f"metric is {metric!r}; accepted: 'ssd', 'mse', 'correlation' or 'normalized'")
    if image.ndim != template.ndim:
        raise ValueError(
            f"template has {template.ndim} dimensions (shape {template.shape}) but image has {image.ndim} "
            f"(shape {image.shape}); accepted: as many in template as in image"
        )
    if any(k > n for n, k in zip(image.shape, template.shape, strict=True)):
        raise ValueError(
            f"template has shape {template.shape}, larger than image's {image.shape}; "
            "accepted: a template no larger than image along any axis"
        )
    return MatchTrace(image, template, metric)
