"""The form that the lessons on layers share: an input, filters, a bias, and how they are laid."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from convviz import samples
from convviz.lessons.colour_picture import colour_picture_html
from convviz.lessons.form import form_style
from convviz.lessons.layer_spec import MOST_SLICES, LayerSpec
from convviz.lessons.message import Message
from convviz.lessons.number_grid import NumberGrid
from convviz.lessons.picture_upload import PictureUpload
from convviz.lessons.slice_grid import SliceGrid
from convviz.trace import Array

_NONE = "none"
_ACTIVATIONS = [_NONE, "relu", "sigmoid", "tanh"]
_KERNELS = [("1×1", 1), ("3×3", 3), ("5×5", 5)]
_MOST_STRIDE, _MOST_PADDING = 4, 3


class LayerForm(ipywidgets.VBox):
    """Fields for what a layer needs, calling back when they make sense.

    Parameters
    ----------
    spec : LayerSpec
        What to begin with.
    changed : callable
        Called as ``changed(spec)`` at each change. A ValueError or TypeError that it raises is shown in the form, and
        everything else stays as it was.
    pointwise : bool
        Whether filters stay at 1×1, laid at every pixel: then there is nothing to choose about how they are laid.
    side : int
        How long the longer side of a loaded picture remains, in pixels.
    """

    def __init__(
        self, spec: LayerSpec, changed: Callable[[LayerSpec], None], *, pointwise: bool = False, side: int = 32
    ) -> None:
        self._changed, self._spec, self._pointwise, self._refreshing = changed, spec, pointwise, False
        self.input = SliceGrid("Input", spec.x, ["channel"], ready_made=samples.COLOUR_INPUTS, random=(0, 9))
        self.upload = PictureUpload(side=side)
        self.colours = ipywidgets.HTML()
        title, axes = ("Weights, a row for each map", []) if pointwise else ("Filters", ["filter", "slice"])
        self.filters = SliceGrid(title, self._weight, axes, ready_made=_filters(pointwise), random=(-2, 2))
        self.bias = NumberGrid("Bias", spec.bias, ready_made=self._biases(), random=(-9, 9))
        self.bias.layout.max_width = "20rem"
        self.numbers = {
            "channels": _number("channels", spec.channels, 1, MOST_SLICES),
            "filters": _number("filters", spec.filters, 1, MOST_SLICES),
            "kernel": _choice("kernel", _KERNELS),
            "stride": _number("stride", spec.stride, 1, _MOST_STRIDE),
            "padding": _number("padding", spec.padding, 0, _MOST_PADDING),
            "groups": _choice("groups", [1]),
            "activation": _choice("activation", _ACTIVATIONS),
        }
        self.message = Message()
        super().__init__(self._fields())
        self.add_class("convviz-explorer")
        self._refresh()
        self._listen()

    @property
    def spec(self) -> LayerSpec:
        """The last layer that made sense: the one on the screen."""
        return self._spec

    @property
    def _weight(self) -> Array:
        """What is typed in of the filters: of 1×1 ones, the matrix."""
        return self._spec.weight[:, :, 0, 0] if self._pointwise else self._spec.weight

    def _biases(self) -> dict[str, Callable[[], Array]]:
        choices = {"None": 0, "1 for each filter": 1, "−10 for each filter": -10}
        return {title: partial(self._same_for_each, number) for title, number in choices.items()}

    def _same_for_each(self, number: int) -> Array:
        return np.full(self._spec.filters, number)

    def _fields(self) -> list[ipywidgets.Widget]:
        shown = ("channels", "filters", "activation") if self._pointwise else tuple(self.numbers)
        columns = [[self.input, self.upload], [self.colours], [self.filters, self.bias]]
        grids = ipywidgets.HBox([ipywidgets.VBox(children) for children in columns])
        layer = ipywidgets.HBox([self.numbers[name] for name in shown])
        for row, name in ((grids, "convviz-form"), (layer, "convviz-options-row")):
            row.add_class(name)
        return [form_style(), grids, ipywidgets.HTML("<b>Layer</b>"), layer, self.message]

    def _listen(self) -> None:
        numbers = self.numbers
        fields: list[tuple[Any, str, Callable[[LayerSpec, Any], LayerSpec]]] = [
            (self.input, "values", LayerSpec.with_input),
            (self.upload, "picture", LayerSpec.with_input),
            (self.filters, "values", LayerSpec.with_matrix if self._pointwise else LayerSpec.with_weight),
            (self.bias, "values", LayerSpec.with_bias),
            (numbers["channels"], "value", LayerSpec.with_channels),
            (numbers["filters"], "value", LayerSpec.with_filters),
            (numbers["kernel"], "value", LayerSpec.with_kernel),
            (numbers["stride"], "value", LayerSpec.with_stride),
            (numbers["padding"], "value", LayerSpec.with_padding),
            (numbers["groups"], "value", LayerSpec.with_groups),
            (numbers["activation"], "value", LayerSpec.with_activation),
        ]
        for field, trait, with_it in fields:
            field.observe(partial(self._act, with_it), trait)

    def _act(self, with_it: Callable[[LayerSpec, Any], LayerSpec], change: dict[str, Any]) -> None:
        if self._refreshing:
            return
        try:
            spec = with_it(self._spec, change["new"])
            self._changed(spec)
        except (ValueError, TypeError) as error:
            self.message.warn(str(error))
        else:
            self._spec = spec
            self.message.clear()
        self._refresh()

    def _refresh(self) -> None:
        """Bring all fields into line with the layer on the screen."""
        spec, numbers = self._spec, self.numbers
        self._refreshing = True
        try:
            for grid, values in ((self.input, spec.x), (self.filters, self._weight), (self.bias, spec.bias)):
                if grid.values is not values and not np.array_equal(grid.values, values):
                    grid.put(values)
            numbers["groups"].options = [(_groups(spec, groups), groups) for groups in spec.possible_groups]
            for name in ("channels", "filters", "stride", "padding", "groups"):
                numbers[name].value = getattr(spec, name)
            numbers["activation"].value = spec.activation or _NONE
            side, *others = set(spec.weight.shape[2:])
            numbers["kernel"].value = side if not others and side in dict(_KERNELS).values() else None
            self.colours.value = colour_picture_html(spec.x)
        finally:
            self._refreshing = False


_FIELD, _LABEL = {"width": "12.5rem"}, {"description_width": "4.6rem"}


def _number(name: str, value: int, least: int, most: int) -> ipywidgets.BoundedIntText:
    most = max(most, value)  # a layer that somebody brings along may go beyond what the form would offer
    about = {"description": name, "tooltip": f"{name}: {least} to {most}", "layout": _FIELD, "style": _LABEL}
    return ipywidgets.BoundedIntText(value=value, min=least, max=most, **about)


def _choice(name: str, options: Sequence[Any]) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(options=options, description=name, layout=_FIELD, style=_LABEL)


def _groups(spec: LayerSpec, groups: int) -> str:
    if groups == 1:
        return "1"
    return f"{groups}, depthwise" if groups == spec.channels else f"{groups}"


def _filters(pointwise: bool) -> dict[str, Callable[[], Array]]:
    if not pointwise:
        return dict(samples.FILTERS)
    matrices = {title: make()[:, :, 0, 0] for title, make in samples.FILTERS.items() if make().shape[2:] == (1, 1)}
    return {title: matrix.copy for title, matrix in matrices.items()}
