"""Lesson 05, second part: several filters, and how many numbers a layer learns."""

import numpy as np

from convviz import samples
from convviz.lessons import groups
from convviz.lessons.channels import Channels, LayerLesson
from convviz.lessons.controls import Group
from convviz.lessons.states import LayerState
from convviz.questions import map_count


class Filters(Channels):
    """Several filters over one input: as many feature maps as filters.

    Examples
    --------
    >>> len(Filters().traces["layer"].output)
    4
    """

    questions = (lambda traces, _: map_count(traces["layer"]), *LayerLesson.questions)
    controls = (
        Group(title="The layer", controls=(groups.CHANNELS, groups.FILTERS, groups.KERNEL, groups.ACTIVATION)),
        Group(title="Change the numbers", controls=groups.numbers(), opened=False),
    )

    def _own(self) -> LayerState:
        """Return the lesson's own example."""
        w = samples.FILTERS["Four filters: edges and colours"]()
        return LayerState(x=samples.picture("apple"), w=w, bias=np.array([0, 0, 0, 0]), activation="relu")
