"""Lesson 01: the same step as two grids and as two vectors."""

from typing import Any

import ipywidgets

from convviz import samples
from convviz.lessons.form import WindowForm
from convviz.lessons.prediction import Prediction
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.convolution.correlate import Mode, correlate
from convviz.player import Player
from convviz.scenes import dot_product, sliding_window
from convviz.trace import Array


class SlidingWindow(ipywidgets.VBox):
    """Slide a kernel over an input: the grids and the dot product side by side, in step.

    Parameters
    ----------
    x, w : array-like, optional
        Input and kernel to begin with; the classic 5×5 and 3×3 if left out.
    mode : {'valid', 'same', 'full'}
        Mode to begin with.

    Examples
    --------
    >>> explorer = SlidingWindow([1, 2, 3, 4], [5, 6, 7])
    >>> explorer.grids.trace.output
    array([38, 56])
    """

    def __init__(self, x: Any = None, w: Any = None, mode: Mode = "valid") -> None:
        x = samples.INPUTS["The classic 5×5"]() if x is None else as_numbers("x", x)
        w = samples.KERNELS["The classic ×"]() if w is None else as_numbers("w", w)
        trace = correlate(x, w, mode)
        self.grids = Player(trace, scene=sliding_window)
        self.vectors = Player(trace, scene=dot_product, controls=False)
        self.grids.add_class("convviz-main")
        self.vectors.add_class("convviz-quiet")  # the grids' caption says it all
        for trait in ("index", "hover"):
            ipywidgets.jslink((self.grids, trait), (self.vectors, trait))
        self.form = WindowForm(x, w, mode, self._changed)
        self.prediction = Prediction(self.grids)
        pictures = ipywidgets.HBox([self.grids, self.vectors])
        pictures.add_class("convviz-pictures")
        super().__init__([self.form, pictures, self.prediction])
        self.add_class("convviz-explorer")

    def _changed(self, x: Array, w: Array, mode: Mode) -> None:
        trace = correlate(x, w, mode)
        self.grids.trace = trace
        self.vectors.trace = trace
