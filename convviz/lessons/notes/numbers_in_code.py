"""The numbers on the screen as lines of code."""

from typing import Any

from convviz.operations.convolution.echoes import EchoTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.conv_transpose import StampTrace
from convviz.operations.layers.pool import PoolTrace
from convviz.operations.learning.descent import LearningTrace
from convviz.operations.learning.matrix_gradient import MatrixGradientTrace
from convviz.operations.learning.two_layers import NetworkTrace
from convviz.operations.matching.match_template import MatchTrace
from convviz.trace import Array

_LONGEST = 80
"""Characters of a line of numbers; a longer one is broken, unless it is a row."""
_WIDEST = 8
"""Characters of a number; wider ones are not put in columns."""
_MOST_NUMBERS = 200
"""A small colour picture and a filter or two can still be written out."""
_NAMES: dict[type, dict[str, str]] = {
    LayerTrace: {"x": "x", "w": "weight", "b": "bias"},
    StampTrace: {"x": "x", "w": "weight"},
    PoolTrace: {"x": "x"},
    EchoTrace: {"x": "x", "h": "h"},
    MatrixGradientTrace: {"x": "x", "w": "w", "g": "local"},
    LearningTrace: {"x": "x", "target": "target", "w": "start"},
    NetworkTrace: {"x": "x", "target": "target", "w": "w", "v": "v"},
    MatchTrace: {"image": "image", "template": "template"},
}
"""What the code calls the arrays of a trace, and the attributes that hold them; others have ``x`` and ``w``."""


def numbers_in_code(trace: Any) -> str:
    """Write the lines that all code of `library_calls` starts with: NumPy, ``x``, ``w``, and a layer's bias ``b``.

    Up to 200 numbers are written out, exactly. More are taken from a variable ``trace``.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        As made by `convviz.correlate`, `convviz.convolve` or `convviz.conv_layer`.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> print(numbers_in_code(conv_layer([[1, 2, 3]], [[[1, -1]], [[0, 0.5]]])))
    import numpy as np
    x = np.array([
        [1.0, 2.0, 3.0],
    ])
    w = np.array([
        [[ 1.0, -1.0]],
        [[ 0.0,  0.5]],
    ])
    b = np.array([0, 0])
    """
    names = next((names for kind, names in _NAMES.items() if isinstance(trace, kind)), {"x": "x", "w": "w"})
    arrays = {name: getattr(trace, attribute) for name, attribute in names.items()}
    if sum(array.size for array in arrays.values()) > _MOST_NUMBERS:
        attributes = ", ".join(f"trace.{attribute}" for attribute in names.values())
        return f"import numpy as np\n{', '.join(names)} = {attributes}  # too many numbers to write out"
    return "\n".join(["import numpy as np", *(f"{name} = {literal(array)}" for name, array in arrays.items())])


def literal(array: Array) -> str:
    """Write an array as code, exactly, its numbers in columns.

    Examples
    --------
    >>> import numpy as np
    >>> print(literal(np.array([[1, -2], [3, 4]])))
    np.array([
        [ 1, -2],
        [ 3,  4],
    ])
    """
    if array.ndim == 1:
        return f"np.array({array.tolist()!r})"
    width = max(len(repr(number)) for number in array.ravel().tolist())
    width = width if width <= _WIDEST else 0
    parts = "".join(_nested(part, width, "    ") for part in array.tolist())
    return f"np.array([\n{parts}])"


def _nested(part: list[Any], width: int, indent: str) -> str:
    line = f"{indent}{_line(part, width)},\n"
    if len(line) <= _LONGEST or not isinstance(part[0], list):
        return line
    inner = "".join(_nested(row, width, indent + "    ") for row in part)
    return f"{indent}[\n{inner}{indent}],\n"


def _line(part: Any, width: int) -> str:
    return f"[{', '.join(_line(inner, width) for inner in part)}]" if isinstance(part, list) else f"{part!r:>{width}}"
