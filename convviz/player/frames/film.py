"""One picture's frames: rendered when asked for, and kept within a budget of memory."""

from collections import OrderedDict
from typing import Any, Protocol

from convviz.player.frames.frames import Frames
from convviz.scenes import Scene
from convviz.theme import Look
from convviz.trace import Step, Trace

BUDGET_BYTES = 32 * 2**20
"""How much of the PNGs already sent the kernel keeps, for a page that is reloaded or looks at them twice."""
_SAMPLED_CAPTIONS = 32


class SceneMaker(Protocol):
    """What draws a trace: a function such as `convviz.scenes.sliding_window`."""

    def __call__(self, trace: Any, look: Look, /) -> Scene:
        """Lay out a picture of ``trace`` for those who will see it like ``look``."""


class Film:
    """The frames of one scene, by key: 0 … n − 1 are steps, −flips … −1 the kernel's flip before step 0.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    budget_bytes : int
        How many bytes of finished PNGs are kept.
    """

    def __init__(self, scene: Scene, budget_bytes: int = BUDGET_BYTES) -> None:
        self.scene = scene
        self.trace: Trace[Step] = scene.trace
        self.keys = range(-scene.flips, len(scene.trace))
        self._frames: Frames | None = None
        self._budget_bytes = budget_bytes
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._kept_bytes = 0

    @property
    def frames(self) -> Frames:
        """The frames as pixels."""
        if self._frames is None:
            self._frames = Frames(self.scene)
        return self._frames

    def png(self, key: int) -> bytes:
        """Render frame ``key``, or hand out the copy that is still at hand."""
        if key not in self._kept:
            self._keep(key, self.frames.png(key))
        self._kept.move_to_end(key)
        return self._kept[key]

    def says(self, key: int) -> dict[str, Any]:
        """Return what frame ``key`` says: its caption, and the texts in the cells of panels that change."""
        changing = [panel for panel in self.scene.panels if panel.changing]
        if key >= 0:
            step = self.trace[key]
            return {"caption": step.describe(), "texts": {panel.name: panel.texts(step) for panel in changing}}
        flat = self.trace.output.ndim == 1
        how = "its last number becomes its first" if flat else "upside down, and left to right"
        texts = {panel.name: [""] * _cells(panel) for panel in changing}
        return {"caption": f"Convolution flips the kernel first: {how}.", "texts": texts}

    def picture(self, key: int) -> dict[str, Any]:
        """Put together what the browser must know of this picture, and the one frame that it shows first."""
        return {
            "count": len(self.trace),
            "flips": self.scene.flips,
            "size": list(self.scene.size),
            **self.scene.about(),
            "says": self.scene.equation is not None,
            "longest": self._longest_caption(),
            "first": {"key": key, **self.says(key), "png": self.png(key)},
        }

    def rest(self) -> None:
        """Let go of what can be drawn again: a picture that is likely to be replaced makes room for the next one."""
        self._kept.clear()
        self._kept_bytes = 0
        if self._frames:
            self._frames.release()
            self._frames = None

    def release(self) -> None:
        """Let go of everything at once, and not when Python looks for circles: a change makes tens of megabytes."""
        self.rest()
        self.scene.release()

    def _keep(self, key: int, png: bytes) -> None:
        self._kept[key] = png
        self._kept_bytes += len(png)
        while self._kept_bytes > self._budget_bytes and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])

    def _longest_caption(self) -> str:
        """Find the caption to make room for, so that the page does not jump; a sample will do."""
        every = max(1, len(self.trace) // _SAMPLED_CAPTIONS)
        return max((step.describe() for step in self.trace[::every]), key=len)


def _cells(panel: Any) -> int:
    return len(panel.slices) * int(panel.rows) * int(panel.columns)
