"""convviz: see what a convolution in a neural network does, one window at a time, with every number exact.

Compute (numpy is all that this loads):

- `correlate`, `convolve`: a kernel slid over an input, as it is or turned by 180°. Each returns a `Trace`:
  its `output`, and every `Step` on the way.

Look (loads matplotlib and ipywidgets, when first used):

- `show`: a `Player` for any trace, in JupyterLab, Voila and wherever widgets go.
- `scenes`: the pictures that a player can show. `explorers`: the lessons, ready to use.

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

from convviz import samples
from convviz.operations.convolution import convolve, correlate
from convviz.trace import Step, Trace

if TYPE_CHECKING:
    from convviz import explorers, scenes
    from convviz.player import Player, show

__version__ = "0.1.0"
__all__ = ["Player", "Step", "Trace", "convolve", "correlate", "explorers", "samples", "scenes", "show"]

_LATER = {"Player": "convviz.player", "show": "convviz.player", "scenes": "", "explorers": ""}
"""Names whose modules load matplotlib or ipywidgets, and so are imported when they are first used."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'convviz' has no attribute {name!r}; it has {', '.join(__all__)}")
    module = import_module(_LATER[name] or f"convviz.{name}")
    return getattr(module, name) if _LATER[name] else module


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
