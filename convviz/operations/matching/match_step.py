"""One position of a template: the window there, and how well the template fits it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convviz.numerals import numeral, sum_of_products
from convviz.operations.matching.flatness import is_flat
from convviz.operations.matching.metrics import Metric, differences, has_pattern, pattern
from convviz.trace import Array, Step


@dataclass(frozen=True, eq=False, slots=True)
class MatchStep(Step):
    """One position of the template: how well it fits the window there.

    Parameters
    ----------
    window : tuple of slice
        The place of the window in ``trace.image``.
    patch : ndarray
        The numbers within the window, shaped like the template.
    template : ndarray
        The small picture that is searched for.
    terms : ndarray
        The numbers that add up to ``value``, cell by cell: squared differences ('ssd'); squared differences divided by
        the number of cells ('mse'); products ('correlation'); or products after both means are subtracted and both
        lengths are made 1 ('normalized'). A length is the square root of the sum of squares.
    metric : str
        The name of the measure.
    """

    window: tuple[slice, ...]
    patch: Array
    template: Array
    terms: Array
    metric: Metric

    @property
    def differences(self) -> Array:
        """The window minus the template, cell by cell: 'ssd' and 'mse' are made of their squares."""
        return differences(self.patch, self.template)

    @property
    def pattern(self) -> Array:
        """The window with its mean subtracted and its length made 1, all masked if the window or the template is flat.

        The terms of 'normalized' are the products of this and of the template's own pattern.
        """
        if has_pattern(self.patch, self.template):
            return pattern(self.patch)
        return np.ma.masked_array(np.zeros(self.patch.shape), mask=True)

    def describe(self) -> str:
        """Describe in one plain sentence how ``value`` is computed.

        Examples
        --------
        >>> from convviz import match_template
        >>> match_template([1, 2, 3, 4], [3, 5], "ssd")[1].describe()
        'Window [1]: the squared differences (-1)×(-1) + (-2)×(-2) = 5.'
        """
        return f"Window {list(self.position)}: {_SENTENCES[self.metric](self)}."


def _describe_squares(step: MatchStep) -> str:
    differences = [a - b for a, b in zip(step.patch.ravel().tolist(), step.template.ravel().tolist(), strict=True)]
    return f"the squared differences {sum_of_products(differences, differences, step.value)}"


def _describe_mean(step: MatchStep) -> str:
    return f"the squared differences, {step.terms.size} in all, are {numeral(step.value)} on average"


def _describe_products(step: MatchStep) -> str:
    return f"the products {sum_of_products(step.patch, step.template, step.value)}"


def _describe_normalized(step: MatchStep) -> str:
    for name, cells in (("window", step.patch), ("template", step.template)):
        if is_flat(cells):
            return f"the {name} is flat, so there is no pattern to compare, which counts as 0"
    return (
        f"with both means subtracted and both lengths made 1, the products add up to {numeral(step.value)} "
        "(1 is the template's own pattern, -1 its negative)"
    )


_SENTENCES: dict[Metric, Callable[[MatchStep], str]] = {
    "ssd": _describe_squares,
    "mse": _describe_mean,
    "correlation": _describe_products,
    "normalized": _describe_normalized,
}
