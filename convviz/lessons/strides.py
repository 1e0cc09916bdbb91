"""Lesson 05, third part: stride, padding and groups."""

import numpy as np

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.channels import Channels
from convviz.lessons.controls import Group
from convviz.lessons.states import LayerState


class Strides(Channels):
    """Larger steps, a border, and filters that read some of the channels only.

    Examples
    --------
    >>> bool(Strides().traces["layer"].unread.any())
    True
    """

    controls = (
        Group(title="The layer", controls=(groups.STRIDE, groups.PADDING, groups.GROUPS, groups.FILTERS)),
        Group(
            title="More",
            controls=(groups.CHANNELS, groups.KERNEL, groups.ACTIVATION, *groups.numbers()),
            opened=False,
        ),
    )

    def _own(self) -> LayerState:
        """Return the lesson's own example."""
        w = samples.FILTERS["One 3×3 filter, three kernels"]()
        return LayerState(x=samples.picture("apple"), w=w, bias=np.array([1]), stride=2, activation="relu")
