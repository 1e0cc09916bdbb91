"""The form that the lessons on one kernel share: an input, a kernel, a mode; and the look of all forms."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets

from convviz import samples
from convviz.lessons.message import Message
from convviz.lessons.number_grid import NumberGrid
from convviz.operations.convolution.correlate import Mode
from convviz.trace import Array

_CSS = (Path(__file__).parent / "form.css").read_text(encoding="utf-8")


def form_style() -> ipywidgets.HTML:
    """Give what makes forms look alike."""
    return ipywidgets.HTML(f"<style>{_CSS}</style>")


class WindowForm(ipywidgets.VBox):
    """Fields for what a sliding window needs, calling back when they make sense.

    Parameters
    ----------
    x, w : ndarray
        Input and kernel to begin with.
    mode : {'valid', 'same', 'full'}
        Mode to begin with.
    changed : callable
        Called as ``changed(x, w, mode)`` at each change. A ValueError or TypeError that it raises is shown in the
        form, and everything else stays as it was.
    """

    def __init__(self, x: Array, w: Array, mode: Mode, changed: Callable[[Array, Array, Mode], None]) -> None:
        self._changed = changed
        self.input = NumberGrid("Input", x, ready_made=samples.INPUTS, random=(0, 9))
        self.kernel = NumberGrid("Kernel", w, ready_made=samples.KERNELS, random=(-2, 2))
        self.mode = ipywidgets.ToggleButtons(
            options=["valid", "same", "full"],
            value=mode,
            tooltips=[
                "only windows that lie within the input",
                "as many windows as the input has cells, centred",
                "every window that touches the input",
            ],
            style={"button_width": "4.5rem"},
        )
        self.message = Message()
        modes = ipywidgets.VBox([ipywidgets.HTML("<b>Mode</b>"), self.mode, self.message])
        fields = ipywidgets.HBox([self.input, self.kernel, modes])
        fields.add_class("convviz-form")
        super().__init__([form_style(), fields])
        self.add_class("convviz-explorer")
        for field, name in ((self.input, "values"), (self.kernel, "values"), (self.mode, "value")):
            field.observe(self._tell, name)

    def _tell(self, _: Any) -> None:
        try:
            self._changed(self.input.values, self.kernel.values, self.mode.value)
        except (ValueError, TypeError) as error:
            self.message.warn(str(error))
        else:
            self.message.clear()
