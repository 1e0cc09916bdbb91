"""Show anything that can be shown."""

from collections.abc import Sequence
from typing import Any, overload

from convviz.operations.libraries.model_trace import ModelTrace
from convviz.player.frames.film import SceneMaker
from convviz.player.model_player import ModelPlayer
from convviz.player.player import Player
from convviz.trace import Step, Trace


@overload
def show(trace: ModelTrace, **traits: Any) -> ModelPlayer: ...
@overload
def show(
    trace: Trace[Step],
    *others: Trace[Step],
    scene: SceneMaker | Sequence[SceneMaker] | None = None,
    **traits: Any,
) -> Player: ...
def show(
    trace: Trace[Step],
    *others: Trace[Step],
    scene: SceneMaker | Sequence[SceneMaker] | None = None,
    **traits: Any,
) -> Player | ModelPlayer:
    """Show any trace step by step, in JupyterLab, Voila and wherever else widgets go.

    A whole model, ``show(explain(model, x))``, is shown as a strip of its layers: shapes, parameters and MACs. The
    layer that is picked opens below the strip, with its windows on the model's own numbers. A layer that is not
    explained is a plain box, and the line below the strip says why. ``show(explain(model, x)[3].trace)`` shows a single
    layer of it.

    Parameters
    ----------
    trace, *others : Trace
        What to show, e.g. of `correlate` or `convolve`; several ones side by side.
    scene : callable or sequence of callable, optional
        What draws them, e.g. `convviz.scenes.dot_product`; what suits the trace if left out. A model that is drawn by a
        scene of your choice opens no layers.
    **traits
        As for `Player`.

    Returns
    -------
    Player or ModelPlayer
        At the end of a notebook's cell it appears below it. ``save`` writes it to a file: of a model, the strip alone,
        as opening a layer needs Python.

    Examples
    --------
    >>> from convviz import convolve
    >>> show(convolve([1, 2, 3], [0, 1])).pictures[0]["count"]
    4
    """
    if isinstance(trace, ModelTrace) and not others and scene is None:
        return ModelPlayer(trace, **traits)
    return Player(trace, *others, scene=scene, **traits)
