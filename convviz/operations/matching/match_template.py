"""Template matching: compare a small picture with every window of a large one."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np

from convviz.faults import shown
from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.matching.match_step import MatchStep
from convviz.operations.matching.metrics import Metric, score, terms
from convviz.terms import Terms
from convviz.trace import Array, Trace


class MatchTrace(Trace[MatchStep]):
    """A template compared with every window of an image; made by `match_template`. ``output`` holds the scores."""

    def __init__(self, image: Array, template: Array, metric: Metric) -> None:
        self._image, self._template, self._metric = image.copy(), template.copy(), metric
        for array in (self._image, self._template):
            array.setflags(write=False)
        axes = (Axis(size=n, kernel=k) for n, k in zip(image.shape, template.shape, strict=True))
        self._geometry = Geometry(tuple(axes))
        super().__init__(score(metric, self._image, self._template))

    @property
    def image(self) -> Array:
        """The large picture, in which the template is searched for."""
        return self._image

    @property
    def template(self) -> Array:
        """The small picture that is searched for."""
        return self._template

    @property
    def metric(self) -> Metric:
        """The name of the measure of fit."""
        return self._metric

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows."""
        return self._geometry

    @property
    def terms(self) -> Terms:
        """The pairs of cells that are compared, in index notation: see `sliding_window`.

        The operands are ``image`` and ``template``.

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
        """Whether the best score is the smallest one: true for differences, false for correlations."""
        return self._metric in ("ssd", "mse")

    @property
    def best(self) -> tuple[int, ...]:
        """The position with the best score; the first one, row by row, if several are equal."""
        return self._position(self._best_of(self._output))

    @property
    def runner_up(self) -> tuple[int, ...] | None:
        """The position with the second-best score, which may equal the best; None if there is only one window.

        If its score is close to the best, the match is not certain. It is often next to ``best``, because windows that
        overlap are similar.
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
    """Find the position where a small picture fits a large one best.

    Parameters
    ----------
    image : array-like, shape (columns,) or (rows, columns)
        The large picture, in which to search: integers, floats or booleans (which count as 0 and 1).
    template : array-like, as many dimensions as ``image``, and not larger
        The small picture to search for.
    metric : {'normalized', 'ssd', 'mse', 'correlation'}
        The measure of fit. 'ssd' adds up squared differences, and 'mse' averages them: smaller is better. 'correlation'
        adds up products: larger is better, but bright windows get larger scores than matching ones. 'normalized' first
        subtracts both means and divides by both lengths: 1 is a perfect match, at any brightness and any contrast.

    Returns
    -------
    MatchTrace
        ``output`` holds one score for each window within the image; ``best`` and ``runner_up`` are positions. Scores
        are int64 for 'ssd' and 'correlation' of integers or booleans, else float64.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty, ragged, not 1D or 2D, or holds NaN or infinity; if the two differ in dimensions; if the
        template is larger than the image; if the metric is unknown; if a score does not fit.

    Notes
    -----
    'normalized' equals `skimage.feature.match_template` with ``pad_input=False``. As there, the score is 0 if the
    window or the template is flat: if all its numbers are equal, up to their last bits. (There, rounding may make a
    flat window look like a pattern, and small numbers, such as 1e-9, look flat; here they do not.) 'correlation' equals
    `scipy.signal.correlate` in mode 'valid'. See J. P. Lewis, "Fast Normalized Cross-Correlation", 1995.

    Examples
    --------
    >>> image = np.arange(1, 19).reshape(3, 6)
    >>> template = np.array([[5, 6], [11, 12]])
    >>> match_template(image, template, "ssd").best
    (0, 4)

    The template must be compared unflipped, as in a cross-correlation. Flipped, as in a convolution, it fits nowhere,
    or it fits in a wrong place:

    >>> int(match_template(image, np.flip(template), "ssd").output.min())
    148
    >>> signal = [0, 1, 2, 4, 0, 4, 2, 1]
    >>> match_template(signal, [1, 2, 4]).best, match_template(signal, np.flip([1, 2, 4])).best
    ((1,), (5,))

    With products only, bright windows win:

    >>> signal = [0, 1, 0, 9, 9, 9]
    >>> match_template(signal, [0, 1, 0], "correlation").best, match_template(signal, [0, 1, 0]).best
    ((2,), (0,))
    """
    image, template = as_numbers("image", image), as_numbers("template", template)
    if not isinstance(metric, str) or metric not in get_args(Metric):
        raise ValueError(f"metric is {shown(metric)}; accepted: 'ssd', 'mse', 'correlation' or 'normalized'")
    if image.ndim != template.ndim:
        raise ValueError(
            f"template has {template.ndim} dimensions (shape {template.shape}) but image has {image.ndim} "
            f"(shape {image.shape}); accepted: the same number in template as in image"
        )
    if any(k > n for n, k in zip(image.shape, template.shape, strict=True)):
        raise ValueError(
            f"template has shape {template.shape}, larger than image's {image.shape}; "
            "accepted: a template no larger than image along any axis"
        )
    return MatchTrace(image, template, metric)
