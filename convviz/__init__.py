"""convviz: see what a convolution in a neural network does, one window at a time, with every number exact.

Compute (this part loads NumPy only; each name is loaded when it is first used):

- `correlate`, `convolve`: slide a kernel over an input, as it is or flipped (reversed along every axis, in 2D the same
  as a rotation by 180°). Each returns a `Trace`: the `output`, and every `Step` that leads to it. Most of the
  functions below do so too.
- `conv_layer`, `conv_transpose`, `pool`, `dense`: the layers of a network. `explain` takes a real layer of PyTorch or
  Keras, or a whole model of PyTorch; `receptive_field` takes a stack of layers.
- `toeplitz`, `tied`, `sum_tied`, `im2col`, `col2im`: the same convolution as a matrix product; `matrix_view` shows it.
- `gradients`, `learn_kernel`: how a kernel is learned.
- `echoes`, `outer_product`, `spectrum`, `frequency_response`, `associativity`: other ways to see a convolution.
- `match_template`, `image_distance`: find a small picture in a large one, and compare two pictures.
- `samples`: named kernels, signals and pictures to try.

Look (this part loads matplotlib and ipywidgets when it is first used):

- `show`: make a `Player` for any trace, for JupyterLab, Voila and every other place that shows widgets.
- `scenes`: the pictures that a player can show.
- `lessons`: the lessons, ready to use: a player with its controls, questions and notes.

Inside the package, imports run one way, from the last of these to the first:

- `convviz.geometry`, `convviz.trace`: the positions of windows; what a trace and a step are.
- `convviz.terms`: which cells take part in which products. Outlines and links in pictures follow from it.
- `convviz.operations`: what is computed. `convviz.questions`: what a learner is asked, and what a wrong answer means.
- `convviz.scenes`, `convviz.player`, `convviz.lessons`, `convviz.app`: pictures, the widget that shows them, the
  lessons, and the web app. `convviz.course`: what the lessons are called, and in which order they come.

Examples
--------
>>> import convviz
>>> trace = convviz.correlate([1, 2, 3, 4], [5, 6, 7])
>>> trace.output
array([38, 56])
>>> trace[0].describe()
'Output [0] = 1×5 + 2×6 + 3×7 = 38.'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for type checkers and editors
    from convviz import lessons, samples, scenes
    from convviz.operations.convolution.associativity import associativity
    from convviz.operations.convolution.correlate import convolve, correlate
    from convviz.operations.convolution.echoes import echoes
    from convviz.operations.convolution.frequency_response import frequency_response
    from convviz.operations.convolution.outer_product import outer_product
    from convviz.operations.convolution.spectrum import spectrum
    from convviz.operations.layers.conv_layer import conv_layer
    from convviz.operations.layers.conv_transpose import conv_transpose
    from convviz.operations.layers.dense import dense
    from convviz.operations.layers.pool import pool
    from convviz.operations.layers.receptive_field import receptive_field
    from convviz.operations.learning.gradients import gradients
    from convviz.operations.learning.learn_kernel import learn_kernel
    from convviz.operations.libraries.explain import explain
    from convviz.operations.matching.image_distance import image_distance
    from convviz.operations.matching.match_template import match_template
    from convviz.operations.matrix.im2col import col2im, im2col
    from convviz.operations.matrix.matrix_view import matrix_view
    from convviz.operations.matrix.toeplitz import sum_tied, tied, toeplitz
    from convviz.player import Player, show
    from convviz.trace import Step, Trace

__version__ = "0.1.0"
__all__ = [
    "Player",
    "Step",
    "Trace",
    "associativity",
    "col2im",
    "conv_layer",
    "conv_transpose",
    "convolve",
    "correlate",
    "dense",
    "echoes",
    "explain",
    "frequency_response",
    "gradients",
    "im2col",
    "image_distance",
    "learn_kernel",
    "lessons",
    "match_template",
    "matrix_view",
    "outer_product",
    "pool",
    "receptive_field",
    "samples",
    "scenes",
    "show",
    "spectrum",
    "sum_tied",
    "tied",
    "toeplitz",
]

_HOMES = {
    "Player": "convviz.player",
    "Step": "convviz.trace",
    "Trace": "convviz.trace",
    "associativity": "convviz.operations.convolution.associativity",
    "col2im": "convviz.operations.matrix.im2col",
    "conv_layer": "convviz.operations.layers.conv_layer",
    "conv_transpose": "convviz.operations.layers.conv_transpose",
    "convolve": "convviz.operations.convolution.correlate",
    "correlate": "convviz.operations.convolution.correlate",
    "dense": "convviz.operations.layers.dense",
    "echoes": "convviz.operations.convolution.echoes",
    "explain": "convviz.operations.libraries.explain",
    "frequency_response": "convviz.operations.convolution.frequency_response",
    "gradients": "convviz.operations.learning.gradients",
    "im2col": "convviz.operations.matrix.im2col",
    "image_distance": "convviz.operations.matching.image_distance",
    "learn_kernel": "convviz.operations.learning.learn_kernel",
    "match_template": "convviz.operations.matching.match_template",
    "matrix_view": "convviz.operations.matrix.matrix_view",
    "outer_product": "convviz.operations.convolution.outer_product",
    "pool": "convviz.operations.layers.pool",
    "receptive_field": "convviz.operations.layers.receptive_field",
    "show": "convviz.player",
    "spectrum": "convviz.operations.convolution.spectrum",
    "sum_tied": "convviz.operations.matrix.toeplitz",
    "tied": "convviz.operations.matrix.toeplitz",
    "toeplitz": "convviz.operations.matrix.toeplitz",
}
"""The module of each public name. It is imported when the name is first used, so that `import convviz` costs little."""

_SUBPACKAGES = ("geometry", "lessons", "numerals", "operations", "samples", "scenes", "terms", "trace")
_OLDER_NAMES = {"explorers": "convviz.lessons"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        found: Any = getattr(import_module(_HOMES[name]), name)
    elif name in _SUBPACKAGES or name in _OLDER_NAMES:
        found = import_module(_OLDER_NAMES.get(name, f"convviz.{name}"))
    else:
        raise AttributeError(f"module 'convviz' has no attribute {name!r}; it has {', '.join(__all__)}")
    globals()[name] = found  # from now on it is found without this function
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
