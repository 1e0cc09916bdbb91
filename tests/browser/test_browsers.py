"""The choice of the browser, which is never a silent one, and how a machine without one gets one."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser import browsers, get_browser
from tests.browser.browsers import NoBrowserError, browser_flags, find_browser

RUNS = "exit 0"
DOES_NOT_RUN = "exit 1"


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine on which nothing is installed but what a test puts there; its programs are scripts that note a line."""
    programs, log, move = tmp_path / "programs", tmp_path / "log", shutil.which("mv")
    programs.mkdir()
    for name in ("env", "true"):
        (programs / name).symlink_to(shutil.which(name))

    def install(name, script=RUNS):
        path = programs / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{log}"\n{script}\n')
        path.chmod(0o755)
        return str(path)

    def script_that_installs(name):
        """A script that makes a browser appear."""
        shelf = tmp_path / "shelf"
        shelf.mkdir()
        Path(install(name)).rename(shelf / name)
        return f'exec {move} "{shelf / name}" "{programs / name}"'

    def become(user):
        monkeypatch.setattr(browsers.os, "geteuid", lambda: user, raising=False)

    def ran():
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if not line.endswith("--version")]

    monkeypatch.delenv("CONVVIZ_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    become(1000)
    return SimpleNamespace(
        install=install,
        script_that_installs=script_that_installs,
        become=become,
        ran=ran,
        path=lambda name: str(programs / name),
    )


# --- which one is taken


def test_the_named_browser_comes_first(machine, monkeypatch):
    named, _, downloaded = map(machine.install, ["other", "chromium", "own"])
    for name in (named, "other"):
        monkeypatch.setenv("CONVVIZ_BROWSER", name)
        assert find_browser(downloaded) == named


def test_the_system_s_browser_comes_before_playwright_s_own(machine):
    chrome, downloaded = map(machine.install, ["google-chrome", "own"])
    assert find_browser(downloaded) == chrome
    chromium = machine.install("chromium")
    assert find_browser(downloaded) == chromium


def test_playwright_s_own_browser_comes_last(machine):
    downloaded = machine.install("own")
    assert find_browser(downloaded) == downloaded


def test_a_browser_that_does_not_run_is_none(machine):
    machine.install("chromium-browser", DOES_NOT_RUN)
    chrome = machine.install("google-chrome")
    assert find_browser("") == chrome


def test_a_named_browser_that_is_not_there_fails(machine, monkeypatch):
    machine.install("chromium")
    monkeypatch.setenv("CONVVIZ_BROWSER", "nothing")
    with pytest.raises(NoBrowserError, match="CONVVIZ_BROWSER is 'nothing': there is no such program"):
        find_browser("")


def test_no_browser_at_all_fails_and_says_how_to_get_one(machine):
    with pytest.raises(NoBrowserError, match=r"apt-get install chromium[\s\S]*playwright install chromium"):
        find_browser(machine.path("own"))


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_only_root_goes_without_the_sandbox(user, sandbox, machine):
    machine.become(user)
    assert ("--no-sandbox" not in browser_flags()) is sandbox


# --- how to get one

APT = "env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes"


def test_where_there_is_a_browser_nothing_is_done(machine, capsys):
    chromium = machine.install("chromium")
    for name in ("apt-get", "sudo", "playwright"):
        machine.install(name)
    assert get_browser.get_browser("") == chromium
    assert machine.ran() == []
    assert capsys.readouterr().out == ""


def test_a_browser_that_was_named_is_not_looked_for_elsewhere(machine, monkeypatch):
    machine.become(0)
    machine.install("apt-get", machine.script_that_installs("chromium"))
    monkeypatch.setenv("CONVVIZ_BROWSER", "nothing")
    with pytest.raises(NoBrowserError, match="CONVVIZ_BROWSER is 'nothing'"):
        get_browser.get_browser("")
    assert machine.ran() == []


def test_root_installs_the_package(machine, capsys):
    machine.become(0)
    machine.install("apt-get", f'case "$*" in *install*) {machine.script_that_installs("chromium")};; esac; exit 100')
    machine.install("playwright")
    assert get_browser.get_browser("") == machine.path("chromium")
    installs = [f"apt-get --quiet --yes install {name}" for name in ("chromium", "chromium-headless-shell")]
    assert machine.ran() == ["apt-get --quiet --yes update", *installs]
    assert "Trying the package chromium" in capsys.readouterr().out


def test_who_needs_no_password_installs_the_package_with_sudo(machine):
    machine.install("sudo", 'shift; exec "$@"')
    machine.install("apt-get", f'case "$*" in *install*) {machine.script_that_installs("chromium")};; esac')
    assert get_browser.get_browser("") == machine.path("chromium")
    assert machine.ran() == [
        "sudo --non-interactive true",
        f"sudo --non-interactive {APT} update",
        "apt-get --quiet --yes update",
        f"sudo --non-interactive {APT} install chromium",
        "apt-get --quiet --yes install chromium",
        f"sudo --non-interactive {APT} install chromium-headless-shell",
        "apt-get --quiet --yes install chromium-headless-shell",
    ]


@pytest.mark.parametrize("sudo", ["exit 1", None], ids=["a password is asked for", "no sudo"])
def test_who_may_not_install_packages_gets_playwright_s_download(sudo, machine):
    if sudo:
        machine.install("sudo", sudo)
    machine.install("apt-get")
    machine.install("playwright", machine.script_that_installs("own"))
    assert get_browser.get_browser(machine.path("own")) == machine.path("own")
    assert [line for line in machine.ran() if "sudo" not in line] == ["playwright install chromium"]


def test_where_there_is_no_apt_playwright_s_download_is_taken(machine):
    machine.become(0)
    machine.install("playwright", machine.script_that_installs("own"))
    assert get_browser.get_browser(machine.path("own")) == machine.path("own")
    assert machine.ran() == ["playwright install chromium"]


def test_where_the_package_does_not_run_playwright_s_download_is_taken(machine):
    machine.become(0)
    machine.install("apt-get", 'case "$*" in *install*) exit 100;; esac')
    machine.install("chromium-browser", DOES_NOT_RUN)
    machine.install("playwright", machine.script_that_installs("own"))
    assert get_browser.get_browser(machine.path("own")) == machine.path("own")
    assert machine.ran()[-1] == "playwright install chromium"


def test_a_download_that_lacks_libraries_gets_them(machine):
    machine.become(0)
    machine.install("apt-get")
    machine.install("own", DOES_NOT_RUN)
    works = machine.script_that_installs("own")
    machine.install("own", DOES_NOT_RUN)
    machine.install("playwright", f'case "$*" in install-deps*) {works};; esac')
    assert get_browser.get_browser(machine.path("own")) == machine.path("own")
    assert machine.ran()[-2:] == ["playwright install chromium", "playwright install-deps chromium"]


@pytest.mark.parametrize("user", [0, 1000])
def test_where_nothing_helps_it_is_said_what_to_do(user, machine):
    machine.become(user)
    machine.install("apt-get", "exit 100")
    machine.install("playwright", "exit 1")
    with pytest.raises(NoBrowserError, match=r"apt-get install chromium[\s\S]*playwright install chromium"):
        get_browser.get_browser(machine.path("own"))
    assert machine.ran()[-1] == "playwright install chromium", "there is nothing that could lack a library"
