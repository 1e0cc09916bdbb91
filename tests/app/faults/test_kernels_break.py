"""Kernels that die, hang, or compute without end, and the process that they are forked from."""

import signal
import sys

import psutil
import pytest

from tests.app.attacks.stranger import until
from tests.app.faults.conftest import ENDLESS_S

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels are not forked")


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def homes(broken, kernel_id):
    return [*broken.folder.glob(f"*/*{kernel_id}*")]


def test_a_kernel_that_dies_in_use_is_gone_and_its_page_is_told(broken):
    before = broken.stranger.measured("kernels")
    page = broken.stranger.open("bare")
    assert homes(broken, page.kernel_id)
    broken.kernels()[page.kernel_id].kill()
    assert page.is_closed() in (1006, 1008)
    until(lambda: not page.is_there())
    assert broken.stranger.measured("kernels") == before
    until(lambda: not homes(broken, page.kernel_id))
    page.close()


def test_a_kernel_that_only_answers_is_not_taken_for_one_that_never_ends(broken):
    page = broken.stranger.open("bare")
    kernel = broken.kernels()[page.kernel_id]
    most_s = kernel.cpu_times().user + 2 * ENDLESS_S
    while kernel.cpu_times().user < most_s:
        page.works()
    assert page.is_there()
    page.close()
    broken.leave(page.kernel_id)


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "hung"])
def test_spare_kernels_that_break_keep_no_page_from_opening(broken, bystander, fault):
    spares = broken.spares(bystander)
    for spare in spares:
        spare.send_signal(fault)
    page = broken.stranger.open("bare")
    page.works()
    assert broken.kernels()[page.kernel_id] not in spares
    until(lambda: all(map(is_gone, spares)))
    page.close()
    broken.leave(page.kernel_id)


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "hung"])
def test_without_the_process_that_forks_kernels_go_on_and_pages_open(broken, bystander, fault):
    page = broken.stranger.open("bare")
    spares = broken.spares(bystander, page)
    used = [process for process in broken.kernels().values() if process not in spares]
    [forks] = {process.parent() for process in used}
    assert forks.pid != broken.server.pid
    forks.send_signal(fault)
    page.works()
    bystander.works()
    for _ in range(3):  # more than there are spare ones
        another = broken.stranger.open("bare")
        another.works()
        another.close()
        broken.leave(another.kernel_id)
    assert is_gone(forks)
    assert all(map(psutil.Process.is_running, used))
    page.close()
    broken.leave(page.kernel_id)


def test_a_page_whose_code_never_ends_ends_all_the_same(broken):
    answer = broken.ask("endless")
    assert answer.status == 200
    assert answer.text.rstrip().endswith("</html>")
    assert "KeyboardInterrupt" not in answer.text
