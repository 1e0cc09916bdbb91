"""The player of a whole model: its layers as a strip, and below it the player of the layer that is picked."""

import asyncio
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets

from convviz.operations.libraries.model_trace import ModelStep, ModelTrace
from convviz.player.frames.still import Still, beside
from convviz.player.player import Player

_PAUSE_S = 0.2
"""Who steps on within this time has not picked a layer yet."""


class ModelPlayer(ipywidgets.VBox):
    """Show the layers of a model, and below them the steps of the layer that is picked, on the model's own numbers.

    The strip of layers works in the browser alone. The picture of a layer is made by Python when the layer is picked:
    by a click on its box, or by stepping to it.

    Parameters
    ----------
    trace : ModelTrace
        Made by `convviz.explain` of a whole model.
    **traits
        As for `Player`, for the strip: ``index`` is the layer that is picked at first.

    Examples
    --------
    If PyTorch is installed, ``ModelPlayer(convviz.explain(model, x), index=3)`` shows the model at its fourth layer.
    """

    def __init__(self, trace: ModelTrace, **traits: Any) -> None:
        self.strip = Player(trace, **traits)
        self.strip.add_class("convviz-strip")
        self.layer: Player | None = None
        self._words = ipywidgets.HTML()
        self._task: asyncio.Task[None] | None = None
        super().__init__([self.strip, self._words])
        self.strip.observe(lambda change: self._picked(change["new"]), "index")
        # Not later: a page that comes to this kernel meanwhile may see the new player begin, but not its layout.
        self.open_layer(self.strip.index)

    @property
    def trace(self) -> ModelTrace:
        """What the strip shows."""
        trace = self.strip.trace
        assert isinstance(trace, ModelTrace)
        return trace

    @property
    def index(self) -> int:
        """The layer that is picked."""
        return int(self.strip.index)

    @index.setter
    def index(self, index: int) -> None:
        self.strip.index = index

    def open_layer(self, index: int) -> None:
        """Show the picture of a layer below the strip, or say why it has none."""
        step = self.trace[min(index, len(self.trace) - 1)]
        try:
            trace = step.trace
            if trace is not None:
                self._show(step, trace)
                return
            reason = step.reason
        except Exception as error:  # the picture of a layer never breaks the strip
            reason = f"It cannot be drawn: {error}."
        self._say(f"{step.name} ({step.kind}) has no picture of its own. {reason}")
        self.children = [self.strip, self._words]

    def save(self, path: str | Path, **how: Any) -> Path:
        """Save the strip of layers to a file. The picture of the layer that is open is saved by ``layer.save(path)``.

        Parameters
        ----------
        path, **how
            As for `Player.save`. A ``.html`` or ``.mjs`` holds the strip alone: opening layers needs Python.
        """
        return self.strip.save(path, **how)

    def embed(self, address: str | Path | None = None, **how: Any) -> str:
        """Return what to write into a page so that the strip of layers is shown in it.

        Parameters
        ----------
        address, **how
            As for `Player.embed`.
        """
        return self.strip.embed(address, **how)

    def still(self) -> Still:
        """Return the strip of layers as one PNG, and the sentence of the layer that is picked."""
        return self.strip.still()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return beside(super()._repr_mimebundle_(**kwargs), self.still)

    def close(self) -> None:
        """Stop rendering and leave the page."""
        for player in (self.strip, self.layer):
            if player is not None:
                player.close()
        super().close()

    def _show(self, step: ModelStep, trace: Any) -> None:
        if self.layer is None:
            self.layer = Player(trace)
        else:
            with self.layer.hold_sync():
                self.layer.index = 0
                self.layer.trace = trace
        self._say(f"{step.name} ({step.kind}), on the numbers that it reads in the model:")
        self.children = [self.strip, self._words, self.layer]

    def _say(self, words: str) -> None:
        self._words.value = f"<p>{escape(words)}</p>"

    def _picked(self, index: int) -> None:
        """Open a layer soon; at once where no event loop runs, as in a plain Python program."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.open_layer(index)
            return
        self._say(f"Opening {self.trace[min(index, len(self.trace) - 1)].name} …")
        self._task = loop.create_task(self._open_later(index))

    async def _open_later(self, index: int) -> None:
        await asyncio.sleep(_PAUSE_S)
        if index == self.strip.index:
            self.open_layer(index)
