"""The controls of a lesson: each one is bound to a field of the state, and knows what it accepts."""

from convviz.lessons.controls.control import Control, Group
from convviz.lessons.controls.picked import Choice, Examples, Press, Random, Upload
from convviz.lessons.controls.typed import Number, Typed

__all__ = ["Choice", "Control", "Examples", "Group", "Number", "Press", "Random", "Typed", "Upload"]
