"""What a lesson is about: frozen states, what may change in them, and how an address writes them."""

from convviz.lessons.states.layer import LayerState
from convviz.lessons.states.matrices import MatrixState, Training
from convviz.lessons.states.one_kernel import OneKernel
from convviz.lessons.states.state import State
from convviz.lessons.states.three_arrays import ThreeArrays

__all__ = ["LayerState", "MatrixState", "OneKernel", "State", "ThreeArrays", "Training"]
