"""What a limited process can and cannot do."""

import subprocess
import sys

import pytest

LIMITED = "from convviz.app import limits; import socket, os; before = socket.socket(); limits.apply(); "


def run(code: str) -> str:
    """Run code in a process of its own that is limited; return what it prints."""
    return subprocess.run([sys.executable, "-c", LIMITED + code], check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows these limits")
def test_memory_runs_out_with_an_error_and_the_process_lives_on():
    code = "\ntry:\n  bytearray(900 * 2**20)\nexcept MemoryError:\n  print('full', len(bytearray(100 * 2**20)))"
    assert run(code) == "full 104857600\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can forbid a network")
def test_no_new_connection_is_opened_but_what_is_open_stays():
    code = "\ntry:\n  socket.socket()\nexcept PermissionError:\n  before.bind(('127.0.0.1', 0)); print('no')"
    assert run(code) == "no\n"
    assert run("print(socket.socketpair()[0].family.name)") == "AF_UNIX\n"


def test_limits_can_be_set_twice():
    assert run("limits.apply(); print('twice')") == "twice\n"


FILES = """
import resource, sys
from convviz.app.limits import room_for_visitors
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(room_for_visitors(40), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    ("soft", "hard", "visitors", "files"), [(64, 4096, 40, 4096), (64, 300, 10, 300), (50, 50, 1, 50)]
)
def test_there_are_no_more_visitors_than_files_that_may_be_open(soft, hard, visitors, files):
    told = subprocess.run(
        [sys.executable, "-c", FILES, str(soft), str(hard)], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [str(visitors), str(files)]
