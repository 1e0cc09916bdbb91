"""A kernel that is ready before somebody asks for it, so that a lesson opens quickly."""

import asyncio
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop

PREPARE = "import convviz.lessons; del convviz"
"""What a lesson imports: most of the time that a new kernel needs."""

PAUSE_S = 2
"""How long the page that took the spare kernel has the machine to itself before the next one is started."""


class WarmKernelManager(AsyncMappingKernelManager):
    """Voila's kernels, with a spare one: started, its imports done, for the next page that opens.

    Every page still has a kernel of its own, which runs the notebook as it then is on disk. (Voila's own way,
    `preheat_kernel`, runs all notebooks in advance: a kernel for each, and pages as old as the server.)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._spare: asyncio.Future[str] | None = None
        IOLoop.current().add_callback(self._warm)

    def _warm(self) -> None:
        arguments = [f"--IPKernelApp.exec_lines={PREPARE}", "--IPKernelApp.log_level=40"]
        options: dict[str, Any] = {"path": "", "extra_arguments": arguments}
        self._spare = asyncio.ensure_future(super().start_kernel(**options))

    async def start_kernel(self, *, path: Any = "", **kwargs: Any) -> str:  # type: ignore[override]  # both are async
        """Return the spare kernel if it is of the kind that is asked for, else start one."""
        plain = {"kernel_name": self.default_kernel_name}
        if self._spare is None or path or not plain.items() <= kwargs.items():
            return await super().start_kernel(path=path, **kwargs)
        spare, self._spare = self._spare, None
        IOLoop.current().call_later(PAUSE_S, self._warm)
        kernel_id = await spare
        # It may have been shut down meanwhile, for having waited too long.
        return kernel_id if kernel_id in self else await super().start_kernel(path=path, **kwargs)

    async def shutdown_all(self, now: bool = True) -> None:  # type: ignore[override]  # both are async
        """End all kernels at once: a lesson has nothing to save.

        A spare kernel that is still being started is not known yet, and never will be: Voila has stopped the loop
        that was doing it. Such a kernel ends by itself when it sees that this process has gone.
        """
        end: Any = self.shutdown_kernel
        endings = (end(kernel_id, now=True) for kernel_id in self.list_kernel_ids())
        await asyncio.gather(*endings, return_exceptions=True)
