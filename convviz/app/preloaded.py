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
_MALLOC = {"arenas": (-8, 1), "trimmed": (-1, 2**17), "mapped": (-3, 2**17)}
"""Settings of the GNU C library (mallopt(3)): threads share a heap, and what is let go of is given back at once.

Left alone, each of a kernel's threads has a heap of its own, and what a large picture took is kept.
"""


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

with suppress(OSError, AttributeError):  # other systems have no such settings
    library = ctypes.CDLL(None)
    for number, value in _MALLOC.values():
        library.mallopt(number, value)
    library.malloc_trim(0)

# The collector then writes to none of the pages of memory that the kernels share.
gc.collect()
gc.freeze()
