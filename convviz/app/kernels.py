"""A kernel that is ready before somebody asks for it, so that a lesson opens quickly."""

import asyncio
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop

PREPARE = "import ipywidgets, anywidget, matplotlib.figure, convviz; del ipywidgets, anywidget, matplotlib, convviz"
"""What every lesson imports, and what takes most of the time that a new kernel needs."""

PAUSE_S = 2
"""How long the page that took the spare kernel has the machine for itself before the next one is started."""


class WarmKernelManager(AsyncMappingKernelManager):
    """Voila's kernels, with a spare one: started, its imports done, and given to the next page that opens.

    Each page still has a kernel of its own, which runs the notebook as it is on disk at that moment. (Voila's own
    way, `preheat_kernel`, runs every notebook in advance: one kernel a notebook, and pages as old as the server.)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._spare: asyncio.Task[str] | None = None
        IOLoop.current().add_callback(self._warm)

    def _warm(self) -> None:
        start = super().start_kernel
        arguments = [f"--IPKernelApp.exec_lines={PREPARE}", "--IPKernelApp.log_level=40"]
        self._spare = asyncio.ensure_future(start(path="", extra_arguments=arguments))

    async def start_kernel(
        self, *, kernel_id: str | None = None, path: str | None = None, **kwargs: Any
    ) -> str:
        """Give the spare kernel away if it is of the kind that is asked for, else start one."""
        wanted = kwargs.get("kernel_name") or self.default_kernel_name
        if self._spare is None or kernel_id or path or wanted != self.default_kernel_name:
            return await super().start_kernel(kernel_id=kernel_id, path=path, **kwargs)
        spare, self._spare = self._spare, None
        IOLoop.current().call_later(PAUSE_S, self._warm)
        ready = await spare
        # It may have been shut down after waiting too long.
        return ready if ready in self else await super().start_kernel(path=path, **kwargs)
