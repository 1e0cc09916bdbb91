"""The spare kernel: whom it is given to, and what happens where it cannot be."""

import asyncio

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from convviz.app import kernels
from convviz.app.kernels import WarmKernelManager


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


async def settle():
    """Let everything happen that is due."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_page_gets_the_spare_kernel_and_the_next_page_another(starts):
    async def visit_twice():
        manager = WarmKernelManager()
        await settle()
        assert len(starts) == 1
        assert starts[0]["path"] == ""  # the folder of the notebooks, not the one where the server was started
        assert kernels.PREPARE in starts[0]["extra_arguments"][0]
        first = await manager.start_kernel(kernel_name="python3", path="", env={})
        while len(starts) < 2:
            await asyncio.sleep(0)
        second = await manager.start_kernel(kernel_name="python3", path="", env={})
        return first, second

    assert asyncio.run(visit_twice()) == ("kernel-1", "kernel-2")


@pytest.mark.parametrize("wish", [{"kernel_name": "other"}, {"kernel_name": "python3", "path": "below"}])
def test_a_page_that_needs_something_else_gets_a_kernel_of_its_own(wish, starts):
    async def visit():
        manager = WarmKernelManager()
        await settle()
        return await manager.start_kernel(**wish)

    assert asyncio.run(visit()) == "kernel-2"
    assert wish.items() <= starts[1].items()


def test_a_spare_kernel_that_was_shut_down_is_not_given_away(starts):
    async def visit():
        manager = WarmKernelManager()
        await settle()
        manager._kernels.clear()
        return await manager.start_kernel(kernel_name="python3", path="")

    assert asyncio.run(visit()) == "kernel-2"


def test_a_page_that_opens_at_once_waits_for_the_spare_kernel(starts):
    async def visit():
        manager = WarmKernelManager()
        manager._warm()
        return await manager.start_kernel(kernel_name="python3", path="")

    assert asyncio.run(visit()) == "kernel-1"
