"""The Player: a widget that shows the steps of a trace, driven in the browser."""

from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from convviz.javascript import widget
from convviz.player.answers import Answers
from convviz.player.browser import style
from convviz.player.edits import Change
from convviz.player.frames.film import SceneMaker
from convviz.player.frames.still import Still, beside
from convviz.player.gallery import Gallery
from convviz.player.saving.embedding import embed
from convviz.player.saving.save import save
from convviz.scenes import default_scene
from convviz.trace import Step, Trace

_BROWSER = Path(__file__).parent / "browser"


class Player(anywidget.AnyWidget):
    """Show traces step by step, side by side, with controls that work in the browser alone.

    Parameters
    ----------
    trace, *others : Trace
        What to show: a picture for each, which go through their steps together.
    scene : callable or sequence of callable, optional
        What draws them: ``scene(trace, look)`` returns a Scene, as `convviz.scenes.dot_product` does. One for all
        pictures or one for each; what suits the trace if left out.
    **traits
        ``index`` (step shown at first), ``interval_ms`` (milliseconds from one step to the next while playing),
        ``loop`` (whether playing starts over), ``controls`` (False for a player that is linked to one
        that has them), ``ghost`` (a step whose window is dashed), ``titles`` (a heading for each picture), or any
        trait of an ipywidgets ``DOMWidget``.

    Raises
    ------
    TypeError
        If ``trace`` is no Trace or ``scene`` cannot be called.
    ValueError
        If there are not as many scenes as traces.
    traitlets.TraitError
        If ``index`` is negative or ``interval_ms`` is below 20.

    Notes
    -----
    A notebook keeps, beside the widget, a PNG of the step shown and the captions as text, for GitHub, nbviewer and
    nbconvert: mostly 10 to 60 kB, and never more than 2 million pixels.

    Examples
    --------
    >>> from convviz import correlate
    >>> player = Player(correlate([1, 2, 3, 4], [5, 6]), index=1)
    >>> player.pictures[0]["first"]["caption"]
    'Output [1] = 2×5 + 3×6 = 28.'
    """

    _esm = widget(_BROWSER / "player.js")
    _css = style()

    index = traitlets.Int(0, help="Step shown; beyond the last one, the last is shown.").tag(sync=True)
    interval_ms = traitlets.Int(800, min=20, help="Milliseconds from step to step while playing.").tag(sync=True)
    loop = traitlets.Bool(False, help="Whether playing starts over after the last step.").tag(sync=True)
    controls = traitlets.Bool(True, help="Whether it has controls; one that is linked to another may do without.").tag(
        sync=True
    )
    hover = traitlets.Unicode("", help="What is pointed at, as JSON: coordinates of a cell; or nothing.").tag(
        sync=True, echo_update=False
    )
    """No echo: it would bring back what was pointed at a moment before."""
    ghost = traitlets.Int(-1, min=-1, help="Step whose window and output cell are dashed; -1 for none.").tag(sync=True)
    editable = traitlets.Bool(False, help="Whether numbers can be changed where they are drawn.").tag(sync=True)
    titles = traitlets.List(traitlets.Unicode(), help="Headings of the pictures, where there are several.").tag(
        sync=True
    )
    shares = traitlets.List(traitlets.Float(min=0.1), help="How the pictures share the width; equally if empty.").tag(
        sync=True
    )
    pictures: traitlets.List[Any] = traitlets.List(help="What the browser must know of each picture.").tag(sync=True)

    def __init__(
        self,
        trace: Trace[Step],
        *others: Trace[Step],
        scene: SceneMaker | Sequence[SceneMaker] | None = None,
        **traits: Any,
    ) -> None:
        self.index = traits.pop("index", 0)
        makers = _makers(scene, 1 + len(others))
        self._gallery = Gallery((trace, *others), makers, index=self.index, send=self._send_frame)
        self._answers = Answers(self._gallery, send=self.send, redrawn=self._tell)
        self._tell()
        super().__init__(**traits)
        self.on_msg(self._on_message)

    @property
    def trace(self) -> Trace[Step]:
        """What the first picture shows; a new trace is a new picture, its looked-at frame rendered at once."""
        return self._gallery.showings[0].trace

    @trace.setter
    def trace(self, trace: Trace[Step]) -> None:
        self.show([trace, *self.traces[1:]])

    @property
    def traces(self) -> tuple[Trace[Step], ...]:
        """What the pictures show."""
        return tuple(showing.trace for showing in self._gallery.showings)

    @traces.setter
    def traces(self, traces: Sequence[Trace[Step]]) -> None:
        self.show(traces)

    @property
    def shown(self) -> tuple[tuple[Trace[Step], SceneMaker], ...]:
        """What the pictures show, and what draws each."""
        return tuple((showing.trace, showing.maker) for showing in self._gallery.showings)

    def show(self, traces: Sequence[Trace[Step]]) -> None:
        """Replace what all pictures show at once; where one cannot be drawn, leave everything as it is.

        Parameters
        ----------
        traces : sequence of Trace
            As many as there are pictures.
        """
        with self._gallery.lock:
            self._gallery.show(traces, self.index)
            self._tell()

    def on_edit(self, callback: Callable[[Change], None]) -> None:
        """Let numbers be changed in the pictures, and call a function with each change.

        Parameters
        ----------
        callback : callable
            Called with an `Edit`, a `Paste` or a `Resize`. It raises a ValueError to refuse: the page shows its text.

        Examples
        --------
        >>> from convviz import correlate
        >>> player = Player(correlate([1, 2, 3], [4, 5]))
        >>> player.on_edit(print)
        >>> player.editable
        True
        """
        self._answers.readers.append(callback)
        self.editable = True

    def save(
        self,
        path: str | Path,
        *,
        picture: int = 0,
        index: int | None = None,
        steps: slice | range | None = None,
        width: int = 960,
        density: float = 2,
        dark: bool | None = None,
        progress: bool | Callable[[int, int], None] = True,
    ) -> Path:
        """Save the pictures to a file: an animation, one step, or what can be stepped through without Python.

        Parameters
        ----------
        path : str or Path
            Where to: ``.gif`` and ``.mp4`` play by themselves, and ``.png`` is one step. ``.html`` is a page with the
            same controls, and ``.mjs`` the same for other pages, as MyST's ``{anywidget}`` takes it; they need neither
            network nor kernel. An older file is replaced once the new one is complete.
        picture : int
            Which picture, of a player with several; ``.html`` and ``.mjs`` hold all.
        index : int, optional
            The step of a ``.png``; the one being shown if left out. Negative ones count from the end.
        steps : slice or range, optional
            The steps of the others; all if left out.
        width : int
            CSS pixels, 320 to 1400.
        density : float
            Pixels of the file for each CSS pixel, 0.5 to 4.
        dark : bool, optional
            Whether it is for a dark page; as the player is looked at if left out.
        progress : bool or callable
            Whether to show a bar while working; or a function that is called with how many frames are done, and of how
            many.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        TypeError, ValueError
            If an argument is none of the above, or a page or module would become too large to open.
        FileNotFoundError
            If the folder does not exist.
        IndexError
            If there is no such picture, or the trace has no such step.
        ImportError
            If ``.mp4`` is asked for and imageio-ffmpeg is not installed.
        """
        return save(
            path,
            self.shown,
            picture=picture,
            shown=self.index,
            index=index,
            steps=steps,
            width=width,
            density=density,
            dark=self._gallery.showings[0].look.dark if dark is None else dark,
            titles=self.titles,
            shares=self.shares,
            interval_ms=self.interval_ms,
            progress=progress,
        )

    def embed(self, address: str | Path | None = None, *, title: str | None = None, **how: Any) -> str:
        """Return what to write into a page so that the player is shown in it, and works there without Python.

        Parameters
        ----------
        address : str or Path, optional
            Where the page finds the file that `save` has written: a ``.html`` is shown in an ``<iframe>``, and a
            ``.mjs`` by MyST's directive ``{anywidget}``. If left out, the ``<iframe>`` holds the whole saved page, and
            no file is needed.
        title : str, optional
            What a screen reader calls the frame; what the file is called if left out.
        **how
            As for `save`. With an address, only ``width`` matters: it should be that of the file.

        Returns
        -------
        str
            Text for a page of HTML or Markdown.

        Raises
        ------
        TypeError, ValueError
            If ``address`` is none of the above, or ``how`` is not what `save` accepts.

        Examples
        --------
        >>> from convviz import correlate
        >>> player = Player(correlate([1, 2, 3], [4, 5]))
        >>> player.embed("window.html")
        '<iframe class="convviz-frame" title="window, step by step" ... src="window.html"></iframe>'
        >>> print(player.embed("window.mjs"))
        ```{anywidget} window.mjs
        ```
        """
        signature(self.save).bind("", **how)
        return embed(
            address,
            self.shown,
            title=title,
            titles=self.titles,
            width=how.get("width", 960),
            save=lambda path: self.save(path, **how),
        )

    def still(self) -> Still:
        """Return the pictures at the step shown as one PNG, and their captions: what a notebook keeps of them."""
        return self._gallery.still(self.titles, self.index)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return beside(super()._repr_mimebundle_(**kwargs), self.still)

    def close(self) -> None:
        """Stop rendering and leave the page."""
        if self.comm is not None:
            self._gallery.stop()
        super().close()

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] < 0:
            raise traitlets.TraitError(f"index is {proposal['value']}; accepted: 0 or more, steps being counted from 0")
        return int(proposal["value"])

    def _tell(self) -> None:
        """Send all pictures to the browser in one message."""
        with self.hold_sync():
            self.pictures = self._gallery.pictures
            self.index = min(self.index, self._gallery.last)

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        self._answers.hear(content, index=self.index, is_editable=self.editable)

    def _send_frame(self, frame: dict[str, Any], png: bytes) -> None:
        self.send(frame, buffers=[png])


def _makers(scene: SceneMaker | Sequence[SceneMaker] | None, count: int) -> list[SceneMaker]:
    makers = (
        list(scene) if isinstance(scene, Sequence) and not isinstance(scene, str) else [scene or default_scene] * count
    )
    for maker in makers:
        if not callable(maker):
            raise TypeError(f"scene is {maker!r}; accepted: a function (trace, look) that returns a Scene")
    if len(makers) != count:
        raise ValueError(f"scene has {len(makers)} entries; accepted: one for all pictures, or one for each of {count}")
    return makers
