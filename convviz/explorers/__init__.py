"""The lessons' forms and pictures, ready to use in a notebook: parameters → trace → scene → player."""

from convviz.explorers.associativity import Associativity
from convviz.explorers.channels import Channels
from convviz.explorers.flip import Flip
from convviz.explorers.one_by_one import OneByOne
from convviz.explorers.sliding_window import SlidingWindow

__all__ = ["Associativity", "Channels", "Flip", "OneByOne", "SlidingWindow"]
