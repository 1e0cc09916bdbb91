"""What a lesson is about: frozen states, what may change in them, and how an address writes them."""

from convviz.lessons.states.layer import LayerState
from convviz.lessons.states.learned import Learned
from convviz.lessons.states.matrices import MatrixState, Training
from convviz.lessons.states.network import Network
from convviz.lessons.states.one_kernel import OneKernel
from convviz.lessons.states.one_row import OneRow
from convviz.lessons.states.pooling import Pooling
from convviz.lessons.states.search import Search
from convviz.lessons.states.signal import SignalState
from convviz.lessons.states.stack import Stack
from convviz.lessons.states.stamping import Stamping
from convviz.lessons.states.state import State
from convviz.lessons.states.three_arrays import ThreeArrays

__all__ = [
    "LayerState",
    "Learned",
    "MatrixState",
    "Network",
    "OneKernel",
    "OneRow",
    "Pooling",
    "Search",
    "SignalState",
    "Stack",
    "Stamping",
    "State",
    "ThreeArrays",
    "Training",
]
