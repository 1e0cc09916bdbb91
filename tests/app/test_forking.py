"""Forked kernels: each is a kernel of its own, with the folder and the variables that it was started with."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from ast import literal_eval
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from convviz.app.forking import words_for_fork

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely once NumPy is there")

LAUNCHED = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "some.json"]


@pytest.fixture
async def start(monkeypatch):
    """Start kernels as the app does; at the end of the test they are ended."""
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "convviz")
    started = []

    async def start(**options):
        kernel = AsyncKernelManager(kernel_name="python3")
        await kernel.start_kernel(**options)
        client = kernel.client()
        started.append((kernel, client))
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        return kernel, client

    yield start
    for kernel, client in started:
        client.stop_channels()
        await kernel.shutdown_kernel(now=True)


async def value_of(client, expression):
    """Return what an expression is in a kernel: a literal."""
    answer = await client.execute("", user_expressions={"value": expression}, reply=True, timeout=30)
    return literal_eval(answer["content"]["user_expressions"]["value"]["data"]["text/plain"])


async def test_forked_kernels_are_apart_and_die_alone(start, tmp_path):
    one, first = await start(env=os.environ | {"WHO": "one"}, cwd=str(tmp_path))
    _, second = await start(env={**os.environ, "WHO": "two"})
    who = "(__import__('os').environ['WHO'], __import__('os').getcwd(), 'convviz.lessons' in __import__('sys').modules)"
    assert await value_of(first, who) == ("one", str(tmp_path), True)
    assert await value_of(second, who) == ("two", str(Path.cwd()), True)
    draw = "float(__import__('numpy').random.rand())"
    assert await value_of(first, draw) != await value_of(second, draw)
    await one.signal_kernel(signal.SIGKILL)
    while await one.is_alive():
        await asyncio.sleep(0.01)
    assert await value_of(second, "1 + 1") == 2


async def test_a_page_may_ask_a_forked_kernel_for_all_of_its_widgets(start):
    _, client = await start()
    targets = "sorted(get_ipython().kernel.comm_manager.targets)"
    assert await value_of(client, targets) == ["jupyter.widget", "jupyter.widget.control"]


async def test_a_kernel_that_runs_for_ever_can_be_interrupted(start):
    kernel, client = await start()
    # What is asked meanwhile is still answered, and not given up with what was interrupted.
    client.execute("print('busy', flush=True)\nwhile True: pass", stop_on_error=False)
    while (await client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
        pass
    await kernel.interrupt_kernel()
    assert (await client.get_shell_msg(timeout=30))["content"]["ename"] == "KeyboardInterrupt"
    assert await value_of(client, "1 + 1") == 2


@pytest.mark.parametrize(
    "command", [["R", "--slave"], [sys.executable, "-m", "other"], ["/bin/false", *LAUNCHED[1:]], LAUNCHED[:1]], ids=str
)
def test_what_is_no_python_kernel_of_this_python_is_not_forked(command):
    assert words_for_fork(command) is None


def test_a_python_kernel_is_told_what_its_command_line_says():
    assert words_for_fork(LAUNCHED) == ["-f", "some.json"]


def runs(pid):
    """Whether a process is there, and not only its name, which nobody has asked for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


PARENT = """
import asyncio, os, sys
from convviz.app.forking import Fork
fork = Fork(["-f", sys.argv[1]], {os.fsencode(n): os.fsencode(v) for n, v in os.environ.items()}, os.getcwd())
print(fork.pid, flush=True)
sys.stdin.read()
"""


def test_no_kernel_outlives_a_server_that_was_killed(tmp_path):
    program = tmp_path / "server.py"
    program.write_text(f"if __name__ == '__main__':\n{'    '.join(['', *PARENT.strip().splitlines(True)])}")
    words = [sys.executable, str(program), str(tmp_path / "kernel.json")]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with server:
        pid = int(server.stdout.readline())
        assert runs(pid)
        server.kill()
    while runs(pid):  # the limit of a test ends this if it does not
        time.sleep(0.01)
