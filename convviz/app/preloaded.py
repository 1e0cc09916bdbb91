"""What the fork server imports once for all kernels: the longest part of a kernel's start, and most of its memory."""

import ctypes
import gc
import sys
from contextlib import suppress
from importlib import import_module

# Nobody debugs a lesson. Without its debugger ipykernel starts sooner and takes less memory.
sys.modules["debugpy"] = None  # type: ignore[assignment]

NAMES = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "convviz.lessons",
    "numpy.random",
    "psutil",
    "tornado.platform.asyncio",
    "tornado.queues",
)
"""What a kernel and a lesson import."""
_ARENA_MAX = -8
"""The number of that setting in the GNU C library (mallopt(3))."""


def draw_once() -> None:
    """Draw a step of a lesson: fonts and matplotlib's caches are then shared as well."""
    from convviz import correlate, samples, scenes
    from convviz.player.showing import Showing

    trace = correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]())
    for maker in (scenes.sliding_window, scenes.dot_product):
        showing = Showing(trace=trace, maker=maker)
        showing.picture(0)
        showing.frame(1)
        showing.film.scene.release()


for name in NAMES:
    import_module(name)
draw_once()

# A kernel's threads share their heaps: each of its own would be seldom full. Other systems have no such setting.
with suppress(OSError, AttributeError):
    ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    ctypes.CDLL(None).mallopt(-3, 128 * 1024)
    ctypes.CDLL(None).mallopt(-1, 128 * 1024)
    ctypes.CDLL(None).malloc_trim(0)

# The collector then writes to none of the pages of memory that the kernels share.
gc.collect()
gc.freeze()
