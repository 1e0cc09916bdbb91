"""Lesson 02: convolution and cross-correlation of the same numbers, side by side."""

from typing import Any

import ipywidgets
import numpy as np

from convviz import samples
from convviz.lessons.form import WindowForm
from convviz.lessons.library_lines import lines_html
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode, WindowTrace, convolve, correlate
from convviz.player import Player
from convviz.trace import Array


class Flip(ipywidgets.VBox):
    """Lay the same kernel on the same input twice: as it is, and turned by 180°.

    Parameters
    ----------
    x, w : array-like, optional
        Input and kernel to begin with; an impulse and 1 … 9 if left out.
    mode : {'valid', 'same', 'full'}
        Mode to begin with.

    Examples
    --------
    >>> explorer = Flip([1, 2, 3, 4], [5, 6, 7])
    >>> explorer.correlation.trace.output, explorer.convolution.trace.output
    (array([38, 56]), array([34, 52]))
    """

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid") -> None:
        x = samples.INPUTS["Impulse: a single one"]() if x is None else as_numbers("x", x)
        w = samples.KERNELS["Counting 1 to 9"]() if w is None else as_numbers("w", w)
        self.correlation = Player(correlate(x, w, mode))
        self.convolution = Player(convolve(x, w, mode), controls=False)
        for trait in ("index", "hover"):
            ipywidgets.jslink((self.correlation, trait), (self.convolution, trait))
        self.form = WindowForm(x, w, mode, self._changed)
        self.verdict = ipywidgets.HTML()
        self.verdict.add_class("convviz-verdict")
        self.libraries = ipywidgets.HTML()
        pictures = ipywidgets.HBox(
            [
                _titled("Cross-correlation: the kernel as it is", self.correlation),
                _titled("Convolution: the kernel turned by 180°", self.convolution),
            ]
        )
        pictures.add_class("convviz-pictures")
        super().__init__([self.form, pictures, self.verdict])
        self.add_class("convviz-explorer")
        self._comment()

    def _changed(self, x: Array, w: Array, mode: Mode) -> None:
        correlation, convolution = correlate(x, w, mode), convolve(x, w, mode)
        self.correlation.trace = correlation
        self.convolution.trace = convolution
        self._comment()

    def _comment(self) -> None:
        correlation, convolution = self.correlation.trace, self.convolution.trace
        assert isinstance(correlation, WindowTrace)
        assert isinstance(convolution, WindowTrace)
        self.verdict.value = _verdict(correlation, convolution)
        self.libraries.value = lines_html(correlation, convolution)


def _titled(title: str, player: Player) -> ipywidgets.VBox:
    return ipywidgets.VBox([ipywidgets.HTML(f"<h3>{title}</h3>"), player])


def _verdict(correlation: WindowTrace, convolution: WindowTrace) -> str:
    if np.array_equal(correlation.kernel, convolution.kernel):
        text = (
            "<b>This kernel is symmetric:</b> turned by 180° it is the same again, so the two agree "
            "and cannot tell you which one you are looking at. Change one corner to see them part."
        )
    elif np.array_equal(correlation.output, convolution.output):
        text = "<b>The two agree here,</b> though the kernel is not symmetric: this input cannot tell them apart."
    else:
        cells = int((correlation.output != convolution.output).sum())
        text = f"<b>The two differ</b> in {cells} of {correlation.output.size} output cells."
    return f'<div role="status" aria-live="polite">{text}</div>'
