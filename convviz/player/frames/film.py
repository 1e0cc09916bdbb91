"""One picture's frames: rendered when asked for, and kept within a budget of memory."""

from collections import OrderedDict
from typing import Any, Protocol

from convviz.geometry import Axis, Geometry
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
    """The frames of one scene, by key: 0 … n − 1 are steps, −turns … −1 the kernel's turn before step 0.

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
        self.keys = range(-scene.turns, len(scene.trace))
        self.frames = Frames(scene)
        self._budget_bytes = budget_bytes
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._kept_bytes = 0

    def png(self, key: int) -> bytes:
        """Render frame ``key``, or hand out the copy that is still at hand."""
        if key not in self._kept:
            self._keep(key, self.frames.png(key))
        self._kept.move_to_end(key)
        return self._kept[key]

    def caption(self, key: int) -> str:
        """Say what frame ``key`` shows."""
        if key >= 0:
            return self.trace[key].describe()
        if self._is_flat():
            return "Convolution turns the kernel round first: its last number becomes its first."
        return "Convolution turns the kernel by 180° first: upside down, and left to right."

    def picture(self, generation: int, key: int) -> dict[str, Any]:
        """Put together what the browser must know of this picture, and the one frame that it shows first."""
        return {
            "generation": generation,
            "count": len(self.trace),
            "turns": self.scene.turns,
            "size": list(self.scene.size),
            "hotspots": self.scene.hotspots(),
            "links": links(self.trace),
            "channels": self.scene.channels,
            "longest": self._longest_caption(),
            "first": {"key": key, "caption": self.caption(key), "png": self.png(key)},
        }

    def _keep(self, key: int, png: bytes) -> None:
        self._kept[key] = png
        self._kept_bytes += len(png)
        while self._kept_bytes > self._budget_bytes and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])

    def _longest_caption(self) -> str:
        """Find the caption to make room for, so that the page does not jump; a sample will do."""
        every = max(1, len(self.trace) // _SAMPLED_CAPTIONS)
        return max((step.describe() for step in self.trace[::every]), key=len)

    def _is_flat(self) -> bool:
        return self.trace.output.ndim == 1


def links(trace: Trace[Step]) -> dict[str, Any]:
    """Give the numbers that tell which cells belong together, 1D lifted to 2D; empty where no window slides.

    Examples
    --------
    >>> from convviz import conv_layer, correlate
    >>> links(correlate([1, 2, 3, 4], [5, 6]))["padded"]
    [1, 4]
    >>> links(conv_layer([[1, 2], [3, 4]], [[[5], [6]]]))["channels"]
    2
    """
    geometry, groups = getattr(trace, "geometry", None), getattr(trace, "groups", None)
    if not isinstance(geometry, Geometry) or len(geometry.axes) > 2 or not hasattr(trace, "padded"):
        return {}
    axes = (Axis(size=1, kernel=1), *geometry.axes)[-2:]
    return {
        "channels": len(trace.padded) if groups else 1,
        "filters": len(trace.output) if groups else 1,
        "groups": groups or 1,
        "flip": bool(getattr(trace, "flip", False)),
        "before": [axis.before for axis in axes],
        "stride": [axis.stride for axis in axes],
        "dilation": [axis.dilation for axis in axes],
        "kernel": [axis.kernel for axis in axes],
        "padded": [axis.padded for axis in axes],
        "output": [axis.output for axis in axes],
    }
