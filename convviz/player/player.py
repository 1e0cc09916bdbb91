"""The Player: a widget that shows the steps of a trace, driven in the browser."""

import math
from pathlib import Path
from threading import RLock
from typing import Any

import anywidget
import traitlets

from convviz.player.frames.delivery import Delivery
from convviz.player.frames.film import Film, SceneMaker
from convviz.player.saving.save import DENSITIES, WIDTHS, save
from convviz.scenes import default_scene
from convviz.theme import Look
from convviz.trace import Step, Trace

_BROWSER = Path(__file__).parent / "browser"


class Player(anywidget.AnyWidget):
    """Show a trace step by step, with controls that work in the browser alone.

    Parameters
    ----------
    trace : Trace
        What to show.
    scene : callable, optional
        What draws it: ``scene(trace, look)`` gives a Scene, e.g. `convviz.scenes.dot_product`. What suits the
        trace if left out.
    **traits
        ``index`` (step shown at first), ``interval_ms`` (milliseconds from one step to the next while playing),
        ``loop`` (whether playing starts over), ``controls`` (False for a player that is linked to one
        that has them), or any trait of an ipywidgets ``DOMWidget``.

    Raises
    ------
    TypeError
        If ``trace`` is no Trace or ``scene`` cannot be called.
    traitlets.TraitError
        If ``index`` is negative or ``interval_ms`` is below 20.

    Examples
    --------
    >>> from convviz import correlate
    >>> player = Player(correlate([1, 2, 3, 4], [5, 6]), index=1)
    >>> player.picture["first"]["caption"]
    'Output [1] = 2×5 + 3×6 = 28.'
    """

    _esm = _BROWSER / "player.js"
    _css = _BROWSER / "player.css"

    index = traitlets.Int(0, help="Step shown; beyond the last one, the last is shown.").tag(sync=True)
    interval_ms = traitlets.Int(800, min=20, help="Milliseconds from step to step while playing.").tag(sync=True)
    loop = traitlets.Bool(False, help="Whether playing starts over after the last step.").tag(sync=True)
    controls = traitlets.Bool(True, help="Whether it has controls; one that is linked to another may do without.").tag(
        sync=True
    )
    hover = traitlets.Unicode("", help="Cell pointed at, 'role:cell', or nothing.").tag(sync=True)
    picture = traitlets.Dict(help="What the browser must know of the picture.").tag(sync=True)

    def __init__(self, trace: Trace[Step], *, scene: SceneMaker | None = None, **traits: Any) -> None:
        if scene is not None and not callable(scene):
            raise TypeError(f"scene is {scene!r}; accepted: a function (trace, look) that gives a Scene")
        self._scene: SceneMaker = scene or default_scene
        self._look = Look()
        self._generation = 0
        self._delivery = Delivery(self._send_frame)
        # JupyterLab lets widgets' messages be handled in a thread beside the one that runs the cells.
        self._drawing = RLock()
        self.index = traits.pop("index", 0)
        self._show(trace, self._look)
        super().__init__(**traits)
        self.on_msg(self._on_message)

    @property
    def trace(self) -> Trace[Step]:
        """What is shown; a new trace is a new picture, its looked-at frame rendered at once."""
        return self._film.trace

    @trace.setter
    def trace(self, trace: Trace[Step]) -> None:
        self._show(trace, self._look)

    def save(
        self,
        path: str | Path,
        *,
        index: int | None = None,
        steps: slice | range | None = None,
        width: int = 960,
        density: float = 2,
        progress: bool = True,
    ) -> Path:
        """Save the picture to a file: an animation, one step, or a page that works by itself.

        Parameters
        ----------
        path : str or Path
            Where to: ``.gif`` and ``.mp4`` play by themselves, ``.png`` is one step, ``.html`` a page with the same
            controls that needs neither network nor kernel. An older file is replaced once the new one is complete.
        index : int, optional
            The step of a ``.png``; the one being shown if left out. Negative ones count from the end.
        steps : slice or range, optional
            The steps of the others; all if left out.
        width : int
            CSS pixels, 320 to 1400.
        density : float
            Pixels of the file for each CSS pixel, 0.5 to 4.
        progress : bool
            Whether to show a bar while working.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        TypeError, ValueError
            If an argument is none of the above, or the page would become too large to open.
        FileNotFoundError
            If the folder does not exist.
        IndexError
            If the trace has no such step.
        ImportError
            If ``.mp4`` is asked for and imageio-ffmpeg is not installed.
        """
        return save(
            path,
            self.trace,
            self._scene,
            shown=min(self.index, len(self.trace) - 1),
            index=index,
            steps=steps,
            width=width,
            density=density,
            dark=self._look.dark,
            interval_ms=self.interval_ms,
            progress=progress,
        )

    def close(self) -> None:
        """Stop rendering and leave the page."""
        if self.comm is not None:
            self._delivery.stop()
        super().close()

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] < 0:
            raise traitlets.TraitError(f"index is {proposal['value']}; accepted: 0 or more, steps being counted from 0")
        return int(proposal["value"])

    def _show(self, trace: Trace[Step], look: Look) -> None:
        """Replace the picture as a whole, or, where that fails, leave everything as it is."""
        if not isinstance(trace, Trace):
            raise TypeError(f"trace is of type {type(trace).__name__}; accepted: a Trace, as convviz.correlate gives")
        with self._drawing:
            film = Film(self._scene(trace, look))
            index = min(self.index, len(trace) - 1)
            picture = film.picture(self._generation + 1, index)
            self._film, self._look, self._generation = film, look, self._generation + 1
            self._delivery.stop()
            with self.hold_sync():
                self.picture = picture
                self.index = index

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        match content:
            case {"type": "look", "width": width, "density": density, "dark": bool(dark)}:
                self._look_like(width, density, dark, content.get("channel", 0))
            case {"type": "want", "generation": self._generation, "keys": list(keys)}:
                self._delivery.want(key for key in keys if type(key) is int and key in self._film.keys)

    def _look_like(self, width: Any, density: Any, dark: bool, channel: Any) -> None:
        if not (_is_number(width) and _is_number(density) and type(channel) is int and channel >= 0):
            return
        width, density = round(_within(width, WIDTHS)), _within(density, DENSITIES)
        look = Look(width=width, density=density, dark=dark, channel=channel)
        if look != self._look:
            self._show(self.trace, look)

    def _send_frame(self, key: int) -> None:
        with self._drawing:
            frame = {"type": "frame", "generation": self._generation, "key": key, "caption": self._film.caption(key)}
            png = self._film.png(key)
        self.send(frame, buffers=[png])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])


def show(trace: Trace[Step], *, scene: SceneMaker | None = None, **traits: Any) -> Player:
    """Show any trace step by step, in JupyterLab, Voila and wherever else widgets go.

    Parameters
    ----------
    trace : Trace
        What to show, e.g. of `correlate` or `convolve`.
    scene : callable, optional
        What draws it, e.g. `convviz.scenes.dot_product`; what suits the trace if left out.
    **traits
        As for `Player`.

    Returns
    -------
    Player
        At the end of a notebook's cell it appears below it. ``save`` writes it to a file.

    Examples
    --------
    >>> from convviz import convolve
    >>> show(convolve([1, 2, 3], [0, 1])).picture["count"]
    4
    """
    return Player(trace, scene=scene, **traits)
