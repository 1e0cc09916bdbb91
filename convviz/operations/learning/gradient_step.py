"""One step of a layer's backward pass: what one output cell adds to the gradients."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.numerals import WrittenProducts, enough_digits, numeral, read_back, result_of, write_products
from convviz.trace import Array, Step

_MOST_WRITTEN = 9
"""A sentence lists the numbers of an array if there are no more than this."""


@dataclass(frozen=True, eq=False, slots=True)
class GradientStep(Step):
    """One output cell: the gradient of the loss there, and what it adds to the gradients of weight and input.

    ``position`` is the output cell, and ``value`` is ∂L/∂preactivation there: ``upstream * slope``. The step also adds
    ``value`` to ∂L/∂bias of its filter.

    Parameters
    ----------
    upstream : numpy scalar
        ∂L/∂output at this cell.
    slope : numpy scalar
        The activation's derivative at this cell's preactivation; 1 if there is no activation.
    window : tuple of slice
        The place of the window in the padded input.
    patch : ndarray
        The numbers within the window.
    kernel : ndarray
        The filter as applied.
    weight_part : ndarray
        The numbers that are added to ∂L/∂weight of the filter: ``value * patch``, flipped if ``flip``, so that they are
        in the order of the weights as given.
    x_part : ndarray
        The numbers that are added to the gradient of the padded input, at ``window``: ``value * kernel``.
    flip : bool
        Whether the layer flips its kernels.
    filter_index : int or None
        The index of the filter that makes the cell; None for `correlate` and `convolve`, which have only one.
    """

    upstream: Any
    slope: Any
    window: tuple[slice, ...]
    patch: Array
    kernel: Array
    weight_part: Array
    x_part: Array
    flip: bool
    filter_index: int | None

    def describe(self) -> str:
        """Describe in one plain sentence what the step adds to each gradient.

        Examples
        --------
        >>> from convviz.operations.convolution.correlate import correlate
        >>> from convviz.operations.learning.gradients import gradients
        >>> gradients(correlate([1, 2, 3], [5, 6]), [2, 1])[0].describe()
        'Output [0] has gradient 2: it adds 2 × the window (1, 2) = (2, 4) to ∂L/∂weight,
        2 × the kernel (5, 6) = (10, 12) to ∂L/∂x under the window, and 2 to ∂L/∂bias.'
        """
        bare = self.filter_index is None
        patch = flip_axes(self.patch, 0 if bare else 1) if self.flip else self.patch
        parts = [(patch.flat, self.weight_part.flat), (self.kernel.flat, self.x_part.flat)]
        is_listed = bool(self.value) and patch.size <= _MOST_WRITTEN
        written = write_products(self.value, *(parts if is_listed else []))
        gradient = f"Output {list(self.position)} has gradient {self._gradient(written)}"
        if not self.value:
            return f"{gradient}: it adds nothing to any gradient."
        value, whose = written.factor, "" if bare else f" of filter {self.filter_index}"
        of_window, of_kernel = (f" {each}" for each in written.lists) if is_listed else ("", "")
        return (
            f"{gradient}: it adds {value} × the {'flipped ' if self.flip else ''}window{of_window} to "
            f"∂L/∂weight{whose}, {value} × the kernel{of_kernel} to ∂L/∂x under the window, "
            f"and {value} to ∂L/∂bias{whose}."
        )

    def _gradient(self, written: WrittenProducts) -> str:
        """Write the gradient of the output, times the activation's slope, with digits that give the product."""
        if isinstance(self.slope, int):
            return written.factor
        value = result_of(self.value, written.digits)
        digits = enough_digits(
            lambda digits: value.agrees(read_back(self.upstream, digits) * read_back(self.slope, digits))
        )
        upstream, slope = (numeral(number, digits or written.digits) for number in (self.upstream, self.slope))
        return f"{upstream}, times the activation's slope {slope} is {written.factor}"


def flip_axes(array: Array, first: int) -> Array:
    """Reverse an array along every axis from axis ``first`` on."""
    return np.ascontiguousarray(np.flip(array, tuple(range(first, array.ndim))))
