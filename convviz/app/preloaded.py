"""What the fork server imports once for all kernels: the longest part of a kernel's start."""

import gc
import sys
from importlib import import_module

# Nobody debugs a lesson. Without its debugger ipykernel starts sooner and takes less memory.
sys.modules["debugpy"] = None  # type: ignore[assignment]

for name in ["ipykernel.kernelapp", "ipykernel.zmqshell", "IPython.extensions.storemagic", "convviz.lessons"]:
    import_module(name)

# The collector then writes to none of the pages of memory that the kernels share.
gc.collect()
gc.freeze()
