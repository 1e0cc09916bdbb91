"""The spare kernel: whom it is given to, and what happens where it cannot be."""

import asyncio

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from convviz.app import kernels
from convviz.app.kernels import WarmKernelManager

PAGE = {"kernel_name": "python3", "path": "", "env": {}}
"""What Voila asks for when a page opens."""


@pytest.fixture
def starts(monkeypatch):
    """The starts of kernels, which are only noted; the n-th kernel is called `kernel-n`."""
    starts = []

    async def start_kernel(self, **options):
        starts.append(options)
        kernel_id = f"kernel-{len(starts)}"
        self._kernels[kernel_id] = object()
        return kernel_id

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start_kernel)
    monkeypatch.setattr(kernels, "PAUSE_S", 0)
    return starts


async def until(condition):
    """Let everything happen that is due, until there is what is waited for."""
    while not condition():
        await asyncio.sleep(0)


@pytest.fixture
async def manager(starts):
    """The kernels of a server that has just started, with a spare one."""
    manager = WarmKernelManager()
    await until(lambda: starts and manager._spare.done())
    return manager


async def test_the_spare_kernel_has_its_imports_done_in_the_folder_of_the_notebooks(manager, starts):
    [options] = starts
    assert options["path"] == ""
    assert f"--IPKernelApp.exec_lines={kernels.PREPARE}" in options["extra_arguments"]


async def test_a_page_gets_the_spare_kernel_and_the_next_page_another(manager, starts):
    assert await manager.start_kernel(**PAGE) == "kernel-1"
    await until(lambda: len(starts) == 2)
    assert await manager.start_kernel(**PAGE) == "kernel-2"


async def test_a_page_that_comes_before_the_next_spare_kernel_gets_one_all_the_same(manager, starts):
    assert await manager.start_kernel(**PAGE) == "kernel-1"
    assert await manager.start_kernel(**PAGE) == "kernel-2"
    assert starts[1] == PAGE


async def test_a_page_that_opens_at_once_waits_for_the_spare_kernel(starts):
    manager = WarmKernelManager()
    manager._warm()
    assert await manager.start_kernel(**PAGE) == "kernel-1"


@pytest.mark.parametrize("wish", [{"kernel_name": "other"}, {"path": "below"}])
async def test_a_page_that_needs_something_else_gets_a_kernel_of_its_own(manager, starts, wish):
    assert await manager.start_kernel(**(PAGE | wish)) == "kernel-2"
    assert starts[1] == PAGE | wish


async def test_a_spare_kernel_that_was_shut_down_is_not_given_away(manager, starts):
    manager._kernels.clear()
    assert await manager.start_kernel(**PAGE) == "kernel-2"


async def test_at_the_end_every_known_kernel_is_ended(manager, starts, monkeypatch):
    ended = []

    async def shutdown_kernel(self, kernel_id, now=False, restart=False):
        ended.append((kernel_id, now))

    monkeypatch.setattr(AsyncMappingKernelManager, "shutdown_kernel", shutdown_kernel)
    await manager.start_kernel(**PAGE)
    await until(lambda: len(starts) == 2 and manager._spare.done())
    await manager.shutdown_all()
    assert ended == [("kernel-1", True), ("kernel-2", True)]
