"""How many kernels there may be, and when one ends: its page is gone, nobody uses it, or it computes without end."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from jupyter_server._tz import utcnow
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError
from traitlets import Bool, Float, Integer

from convviz.app import limits
from convviz.app.connections import LessonConnection
from convviz.app.kernels import WarmKernelManager
from convviz.app.measures import MEASURES
from convviz.app.wire import MESSAGES

SOCKETS = 20
"""More than a visitor's kernel and page need."""
_ENDING_S = 15
"""So long it may take to end a kernel; then it is only forgotten."""
_LIMITED = "from convviz.app import limits; limits.apply(network={}); del limits"
"""What a kernel runs before anything else."""


@dataclass
class Visit:
    """A kernel that belongs to a page.

    Parameters
    ----------
    asked : float
        When the page was asked for; 0 once it was connected.
    alone_since : float or None
        Since when no page is connected.
    seen : object
        When the kernel said something the last time, as far as was looked.
    cpu_s : float
        How much it had computed then, in seconds.
    interrupted_s : float or None
        How many seconds more it had computed when it was interrupted.
    """

    asked: float
    alone_since: float | None = None
    seen: Any = None
    cpu_s: float = 0.0
    interrupted_s: float | None = None
    is_ending: bool = False
    reason: str = "closed"
    process: psutil.Process | None = field(default=None, repr=False)


class VisitorKernels(WarmKernelManager):
    """The kernels of visitors, of which nobody may take more than there is room for.

    Spare kernels do not count: only those that were given to a page.
    """

    visitors = Integer(40, min=1, config=True, help="How many pages may have a kernel at a time.")
    patience_s = Float(60, config=True, help="After so many seconds a page should be connected.")
    absence_s = Float(60, config=True, help="After so many seconds without its page a kernel ends.")
    endless_s = Float(10, config=True, help="Seconds of computing without a word, after which it is interrupted.")
    stuck_s = Float(120, config=True, help="Seconds of being busy without a word, after which it ends.")

    network = Bool(False, config=True, help="Whether kernels may open connections to any network.")
    round_s = Float(2, config=True, help="How often kernels are looked after, in seconds.")

    def __init__(self, **kwargs: Any) -> None:
        # Voila names the messages that it would let through; ours are fewer.
        super().__init__(**{**kwargs, "allowed_message_types": list(MESSAGES)})
        self._visits: dict[str, Visit] = {}
        self._starting = 0
        self._last_used = utcnow()
        # Jupyter's connections share a context, which has 1023 sockets unless it is told otherwise.
        self.context.max_sockets = 1023 + SOCKETS * self.visitors
        MEASURES.room.set(self.visitors)
        self._rounds = PeriodicCallback(self.look_after, 1000 * self.round_s)
        self._rounds.start()

    @property
    def last_used(self) -> datetime:
        """When a page was opened, or its kernel said something, the last time. Spare kernels do not count."""
        kernels: list[Any] = [self.get_kernel(kernel_id) for kernel_id in self._visits if kernel_id in self]
        self._last_used = max([self._last_used, *(kernel.last_activity for kernel in kernels)])
        return self._last_used

    @property
    def has_files(self) -> bool:
        """Whether another page could open its files, and those that are opening theirs could as well."""
        opening = 1 + self._starting + sum(visit.asked > 0 for visit in self._visits.values())
        return limits.free_files() >= limits.VISITOR_FILES * opening

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]  # both are async
        """Return a kernel for a page; an HTTPError 503 where there is no room, or none can be started."""
        if len(self._visits) + self._starting >= self.visitors:
            MEASURES.refused("full")
            raise HTTPError(503, "all %d places are taken", self.visitors)
        if not self.has_files:
            MEASURES.refused("files")
            raise HTTPError(503, "too few files may be open for another page")
        asked = time.monotonic()
        self._starting += 1
        MEASURES.starting.set(self._starting)
        try:
            kernel_id = await super().start_kernel(**kwargs)
            self._visits[kernel_id] = Visit(asked=asked, alone_since=time.monotonic())
        except HTTPError:
            raise
        except Exception as error:  # a full disk, no more processes: others may end soon
            self.log.error("a kernel did not start: %s", error)
            MEASURES.refused("start")
            raise HTTPError(503, "no kernel could be started") from error
        finally:
            self._starting -= 1
            MEASURES.starting.set(self._starting)
        self._last_used = utcnow()
        MEASURES.starts.inc()
        MEASURES.kernels.set(len(self._visits))
        return kernel_id

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> Any:
        """Tell a new kernel nothing but what it needs, give it a home of its own, and limit it."""
        manager, kernel_name, kernel_id = super().pre_start_kernel(kernel_name, kwargs)
        home = self._home(kernel_id)
        home.mkdir(parents=True, exist_ok=True)
        kwargs["env"] = limits.environment(kwargs.get("env") or limits.own_variables(), str(home))
        if manager.ipykernel:
            arguments = kwargs.get("extra_arguments") or []
            kwargs["extra_arguments"] = [f"--IPKernelApp.exec_lines={_LIMITED.format(self.network)}", *arguments]
        return manager, kernel_name, kernel_id

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and tell its page."""
        removed: Any = super().remove_kernel(kernel_id)
        if removed:  # two may end a kernel at the same time
            removed.cleanup_connection_file()  # where it has died, Jupyter leaves that
        for connection in LessonConnection.of_kernel(kernel_id):
            connection.part("the kernel has ended")
        visit = self._visits.pop(kernel_id, None)
        if visit:
            MEASURES.ended(visit.reason)
            MEASURES.kernels.set(len(self._visits))
        shutil.rmtree(self._home(kernel_id), ignore_errors=True)
        return removed

    async def end(self, kernel_id: str, reason: str) -> None:
        """End a kernel at once, if it has not ended by itself."""
        visit = self._visits.get(kernel_id)
        if visit is None or visit.is_ending:
            return
        visit.is_ending, visit.reason = True, reason
        if kernel_id in self:
            self.log.warning("Kernel %s ends: %s", kernel_id, reason)
            shutdown: Any = self.shutdown_kernel
            try:
                await asyncio.wait_for(shutdown(kernel_id, now=True), _ENDING_S)
            except Exception:
                self.log.exception("Kernel %s could not be ended as it should be", kernel_id)
        if kernel_id in self or kernel_id in self._visits:
            self.remove_kernel(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        """Notice that a page is connected."""
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        visit = self._visits.get(kernel_id)
        if visit:
            visit.alone_since = None
            if visit.asked:
                MEASURES.opening.observe(time.monotonic() - visit.asked)
                visit.asked = 0

    def notify_disconnect(self, kernel_id: str) -> None:
        """Notice that a page is no longer connected."""
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        if kernel_id in self._visits and self._kernel_connections.get(kernel_id, 0) < 1:
            self._visits[kernel_id].alone_since = time.monotonic()

    async def look_after(self) -> None:
        """End the kernels that nobody needs, and those that would never end."""
        visits = list(self._visits.items())
        looks = (self._look_at(kernel_id, visit) for kernel_id, visit in visits)
        for fault in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(fault, Exception):
                self.log.error("A kernel could not be looked after", exc_info=fault)

    async def _look_at(self, kernel_id: str, visit: Visit) -> None:
        if visit.is_ending:
            return
        if kernel_id not in self:
            await self.end(kernel_id, "died")
            return
        kernel: Any = self.get_kernel(kernel_id)
        silent_s = (utcnow() - kernel.last_activity).total_seconds()
        most_s = self.patience_s if visit.asked else self.absence_s
        if visit.alone_since is not None and min(time.monotonic() - visit.alone_since, silent_s) > most_s:
            await self.end(kernel_id, "absent")
            return
        computed_s = self._computed_s(kernel, visit)
        is_deaf = visit.interrupted_s is not None and computed_s > visit.interrupted_s + self.endless_s / 2
        if is_deaf or (kernel.execution_state == "busy" and silent_s > self.stuck_s):
            await self.end(kernel_id, "endless")
        elif computed_s > self.endless_s and visit.interrupted_s is None:
            visit.interrupted_s = computed_s
            interrupt: Any = self.interrupt_kernel
            await interrupt(kernel_id)

    def _computed_s(self, kernel: Any, visit: Visit) -> float:
        """Return how many seconds a kernel has computed since it said something, or was seen to have nothing to do.

        What a page asks now and then, without touching a widget, is not counted as said by the kernel.
        """
        pid = getattr(kernel.provisioner, "pid", None)
        if not pid:
            return 0.0
        try:
            visit.process = visit.process or psutil.Process(pid)
            times = visit.process.cpu_times()
        except psutil.Error:
            return 0.0
        cpu_s = times.user + times.system
        if kernel.last_activity != visit.seen or kernel.execution_state == "idle":
            visit.seen, visit.cpu_s, visit.interrupted_s = kernel.last_activity, cpu_s, None
        return float(cpu_s - visit.cpu_s)

    def _home(self, kernel_id: str) -> Path:
        return Path(self.connection_dir or tempfile.gettempdir()) / f"home-{kernel_id}"
