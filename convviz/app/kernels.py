"""Kernels that are ready before somebody asks for one, so that a lesson opens quickly."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Integer, default

PREPARE = "import convviz.lessons; del convviz"
"""What a lesson imports: most of the time that a new kernel needs where it is not forked."""

QUIET = "--IPKernelApp.log_level=40"

SPARES = 2

PAUSE_S = 1
"""How long the page that took a spare kernel has the machine to itself before the next one is started."""

PATIENCE_S = 2
"""How long a spare kernel may take to answer; one that hangs is replaced."""


class WarmKernelManager(AsyncMappingKernelManager):
    """Voila's kernels, with spare ones: started, their imports done, for the next pages that open.

    Every page still has a kernel of its own, which runs the notebook as it then is on disk. (Voila's own way,
    `preheat_kernel`, runs all notebooks in advance: a kernel for each, and pages as old as the server.)
    """

    spares = Integer(min=0, config=True, help="How many kernels wait for the next pages.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._spares: deque[asyncio.Future[str]] = deque()
        IOLoop.current().add_callback(self._fill)

    @property
    def has_files(self) -> bool:
        """Whether there is room for the files of another kernel."""
        return True

    @default("spares")
    def _spares_by_default(self) -> int:
        return SPARES

    def _fill(self) -> None:
        options: dict[str, Any] = {"path": "", "extra_arguments": [QUIET, f"--IPKernelApp.exec_lines={PREPARE}"]}
        self._spares = deque(spare for spare in self._spares if not self._is_gone(spare))
        while len(self._spares) < self.spares and self.has_files:
            self._spares.append(asyncio.ensure_future(super().start_kernel(**options)))

    async def start_kernel(self, *, path: Any = "", **kwargs: Any) -> str:  # type: ignore[override]  # both are async
        """Return a spare kernel if it is of the kind that is asked for, else start one."""
        plain = {"kernel_name": self.default_kernel_name}
        while self._spares and not path and plain.items() <= kwargs.items():
            spare = self._spares.popleft()
            IOLoop.current().call_later(PAUSE_S, self._fill)
            if kernel_id := await self._answering(spare):
                return kernel_id
        return await super().start_kernel(path=path, **{"extra_arguments": [QUIET], **kwargs})

    async def _answering(self, spare: asyncio.Future[str]) -> str:
        """Return the name of a spare kernel that answers; nothing for one that has died, hangs, or never started."""
        try:
            kernel_id = await spare
        except Exception as error:  # whatever keeps a kernel from starting, another one is tried
            self.log.error("a spare kernel did not start: %s", error)
            return ""
        if kernel_id not in self:  # it was shut down for having waited too long
            return ""
        kernel: Any = self.get_kernel(kernel_id)
        client = kernel.client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            if await kernel.is_alive():
                await client.kernel_info(reply=True, timeout=PATIENCE_S)
                return kernel_id
        except TimeoutError:
            self.log.error("a spare kernel did not answer within %s s", PATIENCE_S)
        finally:
            client.stop_channels()
        with suppress(HTTPError):  # it was noticed meanwhile that it has ended
            await self._end_now(kernel_id)
        return ""

    def _is_gone(self, spare: asyncio.Future[str]) -> bool:
        """Whether a spare kernel has ended, or never started."""
        return spare.done() and (spare.cancelled() or spare.exception() is not None or spare.result() not in self)

    async def shutdown_all(self, now: bool = True) -> None:  # type: ignore[override]  # both are async
        """End all kernels at once: a lesson has nothing to save.

        A spare kernel that is still being started is not known yet, and never will be: Voila has stopped the loop
        that was doing it. Such a kernel ends by itself when it sees that this process has gone.
        """
        await asyncio.gather(*map(self._end_now, self.list_kernel_ids()), return_exceptions=True)

    async def _end_now(self, kernel_id: str) -> None:
        """End a kernel at once."""
        await super().shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]
