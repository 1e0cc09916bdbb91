"""The lessons: what a lesson is made of, and one declaration for each.

- `Lesson`: one state; pictures, controls, questions and notes declared over it. `states`: what it may be about.
- `controls`, `desk`, `browser/`: how a learner changes it. `address`: how the page's address holds it.
- `notes/`: the texts that are computed. `groups`: the controls that lessons share.
"""

from convviz.lessons.associativity import Associativity
from convviz.lessons.channels import Channels
from convviz.lessons.echoes import Echoes
from convviz.lessons.filters import Filters
from convviz.lessons.flip import Flip
from convviz.lessons.learning import Learning
from convviz.lessons.lesson import Lesson
from convviz.lessons.matching import Matching
from convviz.lessons.matrix import Matrix
from convviz.lessons.one_by_one import OneByOne
from convviz.lessons.pools import Pools
from convviz.lessons.sizes import Sizes
from convviz.lessons.sliding_window import SlidingWindow
from convviz.lessons.stacks import Layers
from convviz.lessons.stamps import Stamps
from convviz.lessons.strides import Strides
from convviz.lessons.tied_and_free import TiedAndFree
from convviz.lessons.two_layers import TwoLayers

__all__ = [
    "Associativity",
    "Channels",
    "Echoes",
    "Filters",
    "Flip",
    "Layers",
    "Learning",
    "Lesson",
    "Matching",
    "Matrix",
    "OneByOne",
    "Pools",
    "Sizes",
    "SlidingWindow",
    "Stamps",
    "Strides",
    "TiedAndFree",
    "TwoLayers",
]
