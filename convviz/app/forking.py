"""Kernels that start in tens of milliseconds: forked from a process that has imported what a lesson needs.

`multiprocessing`'s fork server does the forking. Its memory is shared with the kernels until they write to it. Only
Linux forks safely once NumPy is there; elsewhere a kernel starts as Jupyter starts it.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from convviz.app.limits import environment

PRELOADED = ["__main__", "convviz.app.preloaded"]
"""What the fork server imports: the program, which each kernel would import otherwise, and what a kernel needs."""

LAUNCHER = ["-m", "ipykernel_launcher"]

MANNERS = [
    "--IPKernelApp.parent_handle=1",  # it need not ask whether its parent lives, which is the fork server
    "--HistoryManager.enabled=False",  # what a visitor runs is nobody's history
    # Else a page could not ask for all of its widgets at once: when they were imported there was no kernel.
    "--IPKernelApp.extra_extensions=ipywidgets",
]

_FIRST_S, PATIENCE_S = 60, 10
"""So long a fork may take: the first one waits until all is imported. What forks kernels is replaced if it hangs."""
_TRIES = 2


class Fork:
    """A forked kernel, with the methods of `subprocess.Popen` that Jupyter calls.

    The kernel holds one end of a pipe for as long as it lives, whatever becomes of the fork server.
    """

    stdin = stdout = stderr = None

    def __init__(self, words: Sequence[str], env: Mapping[bytes, bytes], cwd: str) -> None:
        context = multiprocessing.get_context("forkserver")
        self._life, kernel_end = context.Pipe()
        # A daemon is ended at the latest when this process ends.
        process = context.Process(target=run_kernel, args=(kernel_end, words, env, cwd), daemon=True)
        process.start()
        kernel_end.close()
        self.pid: int = process.pid or 0

    def poll(self) -> int | None:
        """Return nothing while the kernel lives, else a number."""
        return 1 if self._life.closed or self._life.poll() else None

    def wait(self) -> int:
        """Let go of a kernel that has ended."""
        self._life.close()
        return 1

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class ForkingProvisioner(LocalProvisioner):
    """Jupyter's way to start a kernel, which forks one where that is possible."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel that a command line asks for."""
        words = words_for_fork(cmd)
        if words is None:
            return await super().launch_kernel(cmd, **options)
        # Voila's names of variables are members of an enumeration, for whose sake a kernel would import Voila.
        env = {os.fsencode(name): os.fsencode(value) for name, value in options.get("env", os.environ).items()}
        self.cwd = options.get("cwd") or Path.cwd()
        fork = await fork_in_time(words, env, str(self.cwd))
        if fork is None:
            self.log.error("No kernel could be forked: one is started as Jupyter does it")
            return await super().launch_kernel(cmd, **options)
        self.process = fork  # type: ignore[assignment]  # it has what is called of a Popen
        self.pid = self.pgid = fork.pid
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel while it lives: the number of a dead one may be another process's by now."""
        if await self.poll() is None:
            await super().send_signal(signum)


def ensure_forking() -> None:
    """Start what forks kernels, unless it runs, with no more variables than they get: a fork can read those."""
    if sys.platform != "linux":
        return
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    ours = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environment(ours, str(Path.home())))
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(ours)


def maker() -> int:
    """Return which process forks kernels; 0 where there is none."""
    return forkserver._forkserver._forkserver_pid or 0  # type: ignore[attr-defined]  # nothing public says it


_proven: set[int] = set()
"""What forks kernels and has forked one: all is imported there."""


async def fork_in_time(words: Sequence[str], env: Mapping[bytes, bytes], cwd: str) -> Fork | None:
    """Fork a kernel; nothing where that cannot be done within some time, also by what replaces a process that hangs."""
    for _ in range(_TRIES):
        ensure_forking()
        pid = maker()
        forking = asyncio.ensure_future(asyncio.to_thread(Fork, words, env, cwd))
        await asyncio.wait({forking}, timeout=PATIENCE_S if pid in _proven else _FIRST_S)
        if not forking.done() and pid == maker():
            await asyncio.to_thread(_end, pid)
        try:
            fork = await forking
        except (OSError, EOFError):  # what forks kernels has ended meanwhile
            continue
        _proven.add(pid)
        return fork
    return None


def _end(pid: int) -> None:
    """End a process, and wait until it has ended; that is left for `multiprocessing` to find."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def words_for_fork(cmd: Sequence[str]) -> list[str] | None:
    """Return what a command line says to IPython's kernel; nothing where that cannot be forked."""
    at = next((place for place in range(1, len(cmd)) if list(cmd[place : place + 2]) == LAUNCHER), None)
    if sys.platform != "linux" or at is None or os.path.realpath(cmd[0]) != os.path.realpath(sys.executable):
        return None
    return list(cmd[at + 2 :])


def run_kernel(life: Connection, words: Sequence[str], env: Mapping[bytes, bytes], cwd: str) -> None:
    """Be a kernel: what a forked process does."""
    import numpy as np
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()  # as Jupyter does: Ctrl-C ends the server, which ends its kernels
    os.chdir(cwd)
    os.environ.clear()
    os.environb.update(env)
    np.random.seed()  # noqa: NPY002  # else all kernels draw the same numbers
    Thread(target=_end_with_server, args=(life,), daemon=True).start()
    sys.argv = ["ipykernel_launcher", *words]
    launch_new_instance([*words, *MANNERS])


def _end_with_server(life: Connection) -> None:
    """End this process when the server has gone, however it went."""
    try:
        life.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
