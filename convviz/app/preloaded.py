"""What the fork server imports once for all kernels: the longest part of a kernel's start, and most of its memory."""

import ctypes
import gc
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

# Nobody debugs a lesson. Without its debugger ipykernel starts sooner and takes less memory.
sys.modules["debugpy"] = None  # type: ignore[assignment]

NAMES = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "convviz.app.forking",
    "convviz.lessons",
    "faulthandler",
    "ipykernel.debugger",
    "numpy.random",
    "psutil",
    "tornado.platform.asyncio",
    "runpy",
    "tornado.queues",
    "zmq.utils.garbage",
)
"""What a kernel and a lesson import."""
_MALLOC = {"arenas": (-8, 1), "trimmed": (-1, 2**17), "mapped": (-3, 2**17)}
"""Settings of the GNU C library (mallopt(3)): threads share a heap, and what is let go of is given back at once.

Left alone, each of a kernel's threads has a heap of its own, and what a large picture took is kept.
"""


class FewModules(ModuleType):
    """The module `sys` for ipykernel, which lists the files of all modules for its debugger.

    To look at a module is to write to the memory that kernels share: its references are counted. This saves 3 MB.
    """

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


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


def open_once() -> None:
    """Make a lesson and let go of it: what widgets find out about themselves is then shared as well."""
    from ipywidgets import Widget

    from convviz.lessons import SlidingWindow

    SlidingWindow().get_state()
    Widget.close_all()


for name in NAMES:
    import_module(name)
draw_once()
open_once()
sys.modules["ipykernel.ipkernel"].sys = FewModules("sys")  # type: ignore[attr-defined]

with suppress(OSError, AttributeError):  # other systems have no such settings
    library = ctypes.CDLL(None)
    for number, value in _MALLOC.values():
        library.mallopt(number, value)
    library.malloc_trim(0)

# The collector then writes to none of the pages of memory that the kernels share.
gc.collect()
gc.freeze()
