"""The groups of controls that several lessons share."""

from collections.abc import Iterable
from typing import Any

from convviz.lessons.controls import Choice, Control, Examples, Group, Number, Random, Upload
from convviz.lessons.states.layer import MOST_CHANNELS, LayerState

MODES = (("valid", "valid"), ("same", "same"), ("full", "full"))
ACTIVATIONS = ((None, "none"), ("relu", "relu"), ("sigmoid", "sigmoid"), ("tanh", "tanh"))
EDIT_HINT = "Every number with a field around it is yours: click it and type, or drag it up and down."
_MOST_INPUT, _MOST_KERNEL = 12, 5

ONE_KERNEL = (
    Group(
        title="Change the picture",
        controls=(
            Choice(field="mode", label="Mode", values=MODES, hint="which windows count"),
            Examples(field="x", label="Input"),
            Examples(field="w", label="Kernel"),
            Random(field="x", label="Random input", low=0, high=9),
            Random(field="w", label="Random kernel", low=-2, high=2),
        ),
    ),
    Group(
        title="Sizes",
        opened=False,
        controls=(
            Number(field="x", axis=-2, label="Input rows", least=1, most=_MOST_INPUT),
            Number(field="x", axis=-1, label="Input columns", least=1, most=_MOST_INPUT),
            Number(field="w", axis=-2, label="Kernel rows", least=1, most=_MOST_KERNEL),
            Number(field="w", axis=-1, label="Kernel columns", least=1, most=_MOST_KERNEL),
        ),
    ),
)


def _groups(state: LayerState) -> Iterable[tuple[Any, str]]:
    for groups in state.possible_groups:
        yield groups, f"{groups}, depthwise" if groups == state.channels > 1 else str(groups)


CHANNELS = Number(field="channels", label="Channels", least=1, most=MOST_CHANNELS)
FILTERS = Number(field="filters", label="Filters", least=1, most=MOST_CHANNELS)
KERNEL = Choice(field="side", label="Kernel", values=((1, "1×1"), (3, "3×3"), (5, "5×5")))
STRIDE = Number(field="stride", label="Stride", least=1, most=4)
PADDING = Number(field="padding", label="Padding", least=0, most=3)
GROUPS = Choice(field="groups", label="Groups", values=_groups)
ACTIVATION = Choice(field="activation", label="Activation", values=ACTIVATIONS)
BIAS = Choice(field="same_bias", label="Bias", values=((0, "0"), (1, "1"), (-10, "−10")))


def numbers(side: int = 32) -> tuple[Control, ...]:
    """Return the controls of a layer's numbers: its input, its filters and its bias.

    Parameters
    ----------
    side : int
        How long the longer side of a loaded picture may remain, in pixels.
    """
    return (
        Examples(field="x", label="Input"),
        Upload(field="x", label="Your own picture", side=side),
        Examples(field="w", label="Filters"),
        Random(field="w", label="Random filters", low=-2, high=2),
        Random(field="bias", label="Random bias", low=-9, high=9),
        BIAS,
    )
