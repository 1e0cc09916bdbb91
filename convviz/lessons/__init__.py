"""The lessons' forms and pictures, ready to use in a notebook: parameters → trace → scene → player."""

from convviz.lessons.associativity import Associativity
from convviz.lessons.channels import Channels
from convviz.lessons.flip import Flip
from convviz.lessons.one_by_one import OneByOne
from convviz.lessons.sliding_window import SlidingWindow

__all__ = ["Associativity", "Channels", "Flip", "OneByOne", "SlidingWindow"]
