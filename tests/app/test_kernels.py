"""Spare kernels: whom they are given to, and what happens where one cannot be."""

import asyncio
from unittest.mock import Mock

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from convviz.app import kernels
from convviz.app.capacity import VisitorKernels
from convviz.app.kernels import WarmKernelManager

PAGE = {"kernel_name": "python3", "path": "", "env": {}}
"""What Voila asks for when a page opens."""


class Kernel:
    """A kernel that answers, or does what a test says."""

    def __init__(self, alive=True, answers=True):
        self.alive, self.answers = alive, answers

    def client(self):
        return self

    def start_channels(self, **_):
        pass

    stop_channels = start_channels

    async def is_alive(self):
        return self.alive

    async def kernel_info(self, *, reply, timeout):
        if not self.answers:
            raise TimeoutError


@pytest.fixture
def starts(monkeypatch):
    """The starts of kernels, which are only noted; the n-th kernel is called `kernel-n`."""
    starts = []

    async def start_kernel(self, **options):
        starts.append(options)
        kernel_id = f"kernel-{len(starts)}"
        self._kernels[kernel_id] = Kernel()
        return kernel_id

    async def shutdown_kernel(self, kernel_id, now=False, restart=False):
        del self._kernels[kernel_id]

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start_kernel)
    monkeypatch.setattr(AsyncMappingKernelManager, "shutdown_kernel", shutdown_kernel)
    monkeypatch.setattr(kernels, "PAUSE_S", 0)
    monkeypatch.setattr(kernels, "SPARES", 2)
    return starts


async def until(condition):
    """Let everything happen that is due, until there is what is waited for."""
    while not condition():
        await asyncio.sleep(0)


@pytest.fixture
async def manager(starts):
    """The kernels of a server that has just started, with two spare ones."""
    manager = WarmKernelManager()
    await until(lambda: len(manager.list_kernel_ids()) == 2)
    return manager


async def test_spare_kernels_have_their_imports_done_in_the_folder_of_the_notebooks(manager, starts):
    for options in starts:
        assert options["path"] == ""
        assert f"--IPKernelApp.exec_lines={kernels.PREPARE}" in options["extra_arguments"]


async def test_pages_get_the_spare_kernels_and_others_are_started_for_the_next_pages(manager, starts):
    assert await manager.start_kernel(**PAGE) == "kernel-1"
    assert await manager.start_kernel(**PAGE) == "kernel-2"
    await until(lambda: len(starts) == 4)
    assert await manager.start_kernel(**PAGE) == "kernel-3"


async def test_a_page_that_comes_before_the_next_spare_kernel_gets_one_all_the_same(manager, starts, monkeypatch):
    monkeypatch.setattr(kernels, "SPARES", 0)
    names = [await manager.start_kernel(**PAGE) for _ in range(3)]
    assert names == ["kernel-1", "kernel-2", "kernel-3"]
    assert PAGE.items() <= starts[2].items()


async def test_a_page_that_opens_at_once_waits_for_a_spare_kernel(starts):
    manager = WarmKernelManager()
    manager._fill()
    assert await manager.start_kernel(**PAGE) == "kernel-1"


@pytest.mark.parametrize("wish", [{"kernel_name": "other"}, {"path": "below"}])
async def test_a_page_that_needs_something_else_gets_a_kernel_of_its_own(manager, starts, wish):
    assert await manager.start_kernel(**(PAGE | wish)) == "kernel-3"
    assert (PAGE | wish).items() <= starts[2].items()


async def test_a_spare_kernel_that_was_shut_down_is_not_given_away(manager):
    del manager._kernels["kernel-1"]
    assert await manager.start_kernel(**PAGE) == "kernel-2"


@pytest.mark.parametrize("fault", [{"alive": False}, {"answers": False}], ids=str)
async def test_a_spare_kernel_that_is_dead_or_hangs_is_shut_down_and_not_given_away(manager, fault):
    manager._kernels["kernel-1"] = Kernel(**fault)
    assert await manager.start_kernel(**PAGE) == "kernel-2"
    assert "kernel-1" not in manager


async def test_a_spare_kernel_that_does_not_start_keeps_no_page_from_opening(starts, monkeypatch):
    start_kernel = AsyncMappingKernelManager.start_kernel

    async def fail(self, **options):
        if any("exec_lines" in word for word in options.get("extra_arguments", [])):
            raise OSError("no memory is left")
        return await start_kernel(self, **options)

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", fail)
    manager = WarmKernelManager()
    manager._fill()
    assert await manager.start_kernel(**PAGE) == "kernel-1"


async def test_at_the_end_every_known_kernel_is_ended(manager):
    await manager.start_kernel(**PAGE)
    await until(lambda: len(manager.list_kernel_ids()) == 3)
    await manager.shutdown_all()
    assert manager.list_kernel_ids() == []


async def test_many_visitors_have_sockets_enough(starts):
    manager = VisitorKernels(visitors=500)
    assert manager.context.max_sockets > 500 * 12
    manager._rounds.stop()


async def test_a_kernel_that_two_end_at_the_same_time_is_gone_once(starts):
    manager = VisitorKernels()
    kernel_id = await manager.start_kernel(**PAGE)
    manager._kernels[kernel_id] = Mock()
    for _ in range(2):
        manager.remove_kernel(kernel_id)
    assert kernel_id not in manager
    assert kernel_id not in manager._visits
    manager._rounds.stop()
