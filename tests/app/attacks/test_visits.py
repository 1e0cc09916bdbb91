"""Attacks on the machine: kernels that nobody needs, kernels without end, and what they know."""

import re
import socket
import sys
from pathlib import Path
from tempfile import gettempdir

import psutil
import pytest

from convviz.app import limits
from tests.app.attacks.conftest import SECRET, VISITORS
from tests.app.attacks.stranger import Page, attack, until


@pytest.fixture
def processes(server, page) -> list[psutil.Process]:
    """All processes of the app but the app itself: kernels, spare ones, and what they are made by."""
    found: list[psutil.Process] = psutil.Process(server.pid).children(recursive=True)
    return found


@attack("Reading the server's secrets in a kernel")
def test_a_kernel_is_told_no_secrets(processes):
    assert processes
    for process in processes:
        told = process.environ()
        assert SECRET not in told.values()
        assert not {"DATABASE_PASSWORD", "QUERY_STRING", "VOILA_REQUEST_URL", "SERVER_NAME"} & told.keys()


@attack("Writing into the home of the server's user")
def test_a_kernel_has_a_home_of_its_own_that_goes_with_it(stranger, page):
    def homes():
        return [path.name for path in Path(gettempdir()).glob("voila_*/home-*")]

    assert f"home-{page.kernel_id}" in homes()
    other = stranger.open("broken")
    assert f"home-{other.kernel_id}" in homes()
    other.end()
    assert f"home-{other.kernel_id}" not in homes()
    other.close()


def limited(processes: list[psutil.Process]) -> list[psutil.Process]:
    """The kernels among some processes."""
    return [one for one in processes if one.rlimit(psutil.RLIMIT_DATA)[0] == limits.MOST_DATA]


@attack("Taking all of the memory")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the limits of others")
def test_a_kernel_has_a_limit_of_memory(processes):
    until(lambda: limited(processes))


@attack("Sending anything from a kernel to the network")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can forbid that")
def test_a_kernel_opens_no_connections(processes):
    for kernel in limited(processes):
        status = Path(f"/proc/{kernel.pid}/status").read_text()
        assert re.search(r"^Seccomp:\s2$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s1$", status, re.MULTILINE)


@attack("Taking the processor from the server")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the limits of others")
def test_a_kernel_stands_back_behind_the_server(processes, server):
    own = psutil.Process(server.pid).nice()
    assert all(kernel.nice() >= min(19, own + limits.COURTESY) for kernel in limited(processes))


@attack("Pages given up while they load")
def test_pages_that_are_given_up_leave_no_kernels(stranger, page):
    host, port = stranger.host.split(":")
    for _ in range(4):
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(
                f"GET /voila/render/01_sliding_window.ipynb HTTP/1.1\r\nHost: {stranger.host}\r\n\r\n".encode()
            )
            line.recv(100)
    until(lambda: stranger.measured("kernels") == 1 and stranger.measured("kernels_starting") == 0)
    page.works()


@pytest.fixture
def others(stranger, shared):
    """Pages of others, in all places that there are; they compute for as long as they are told to."""
    until(lambda: stranger.measured("kernels") == 1)
    pages = [stranger.open("endless") for _ in range(VISITORS - 1)]
    yield pages
    for page in pages:
        page.close()
        page.end()
    until(lambda: stranger.measured("kernels") == 1)


def tell(page: Page, words: str) -> None:
    """Write something into the field of a page."""
    text = next(name for name, state in page.widgets().items() if state["_model_name"] == "TextModel")
    page.tell(text, {"method": "update", "state": {"value": words}, "buffer_paths": []})


@attack("More pages than there is room for")
def test_a_page_without_room_says_so(stranger, others, page):
    for _ in range(3):
        answer = stranger.ask("/voila/render/01_sliding_window.ipynb")
        assert answer.status == 503
        assert answer.headers["retry-after"] == "30"
        assert "All places are taken" in answer.text
    assert stranger.ask("/").status == 200
    assert stranger.measured("kernels") == VISITORS
    page.works()


@attack("Computing without end")
def test_what_computes_without_end_is_interrupted(others, page):
    tell(others[0], "forever")
    page.works()
    others[0].works()
    assert others[0].is_there()


@attack("Computing without end, deaf to interrupts")
def test_what_cannot_be_interrupted_is_ended(stranger, others, page):
    tell(others[0], "deaf")
    assert others[0].is_closed() in (1006, 1008)
    assert not others[0].is_there()
    assert stranger.measured('kernel_ends_total{reason="endless"}') == 1
    page.works()


@attack("Pages that vanish without a word")
def test_a_kernel_goes_when_its_page_is_gone(stranger, others, page):
    others[1].close()
    until(lambda: not others[1].is_there())
    assert stranger.measured('kernel_ends_total{reason="absent"}') >= 1
    page.works()


@attack("Pages that cannot be made ready")
def test_a_page_with_an_error_ends(stranger, page):
    before = stranger.measured("kernels")
    answer = stranger.ask("/voila/render/unreadable.ipynb")
    assert "the program has an error" in answer.text
    assert answer.text.rstrip().endswith("</html>")
    assert "Traceback" not in answer.text
    # Nothing of such a page stays.
    until(lambda: stranger.measured("kernels") <= before)
    page.works()


@attack("Lessons whose code fails")
def test_a_page_whose_code_fails_says_nothing_of_it(stranger, page):
    broken = stranger.open("broken")
    assert broken.html.rstrip().endswith("</html>")
    assert "ZeroDivisionError" not in broken.html
    assert broken.end() == 204
    assert broken.is_closed() in (1006, 1008)
    broken.close()
