"""The lessons' forms and pictures, ready to use in a notebook: parameters → trace → scene → player."""

from convviz.explorers.sliding_window import SlidingWindow

__all__ = ["SlidingWindow"]
