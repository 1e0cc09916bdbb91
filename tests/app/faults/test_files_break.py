"""Files that vanish, and a folder for what runs that takes nothing more."""

import socket
import sys
from contextlib import ExitStack

import psutil
import pytest

from convviz.app.limits import VISITOR_FILES
from tests.app.attacks.stranger import until


def test_a_file_that_vanishes_is_not_found_and_nothing_else(broken):
    picture = next((broken.notebooks / "pictures").glob("*.*"))
    address = f"/convviz/any/pictures/{picture.name}"
    assert broken.stranger.ask(address).status == 200
    picture.unlink()
    assert broken.stranger.ask(address).status == 404


def test_a_folder_that_takes_no_files_keeps_pages_from_opening_only_as_long_as_it_does(broken, bystander):
    [folder] = broken.folder.iterdir()
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_text("a file where a folder should be: whatever is written there fails, as on a full disk")
    try:
        answers = [broken.ask("bare") for _ in range(4)]  # more than there are spare ones
        assert answers[-1].status == 503
        assert answers[-1].headers["retry-after"] == "30"
        assert "did not start" in answers[-1].text
        bystander.works()
        assert broken.stranger.ask("/").status == 200
    finally:
        folder.unlink()
        away.rename(folder)
    until(lambda: broken.ask("bare").status == 200)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody can change that for another process")
def test_a_server_that_may_open_few_files_refuses_pages_and_works_on(broken, bystander):
    server = psutil.Process(broken.server.pid)
    _, hard = before = server.rlimit(psutil.RLIMIT_NOFILE)
    server.rlimit(psutil.RLIMIT_NOFILE, (server.num_fds() + 10, hard))
    try:
        refused = broken.ask("bare")
        assert refused.status == 503
        assert refused.headers["retry-after"] == "30"
        bystander.works()
        assert broken.stranger.ask("/").status == 200
    finally:
        server.rlimit(psutil.RLIMIT_NOFILE, before)
    assert broken.ask("bare").status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody can change that for another process")
def test_a_flood_of_connections_leaves_files_for_those_who_work(broken, bystander):
    server = psutil.Process(broken.server.pid)
    _, hard = before = server.rlimit(psutil.RLIMIT_NOFILE)
    places = int(broken.stranger.measured("kernels_most"))
    server.rlimit(psutil.RLIMIT_NOFILE, (VISITOR_FILES * places + 80, hard))
    host, port = broken.stranger.host.split(":")
    try:
        with ExitStack() as idle:
            for _ in range(60):
                idle.enter_context(socket.create_connection((host, int(port))))
            assert broken.stranger.ask("/").status == 503
            bystander.works()
        until(lambda: broken.stranger.ask("/").status == 200)
    finally:
        server.rlimit(psutil.RLIMIT_NOFILE, before)
