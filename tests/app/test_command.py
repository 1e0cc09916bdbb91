"""The `convviz` command: what it understands, what it finds, and what it says where something is missing."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

import convviz
from convviz.app import command, settings
from convviz.app.command import CommandError, find_notebooks, has_screen, lab_arguments, main


@pytest.fixture
def started(monkeypatch):
    """What is started, by name, instead of a server."""
    started = []
    for name in ("app", "lab"):
        monkeypatch.setattr(
            command,
            f"start_{name}",
            lambda notebooks, port, *access, opens_browser, name=name: started.append(
                (name, notebooks, port, opens_browser, *access)
            ),
        )
    monkeypatch.setattr(command, "has_screen", lambda: True)
    return started


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("app", None, True)),
        (["app"], ("app", None, True)),
        (["lab"], ("lab", None, True)),
        (["--port", "9000"], ("app", 9000, True)),
        (["lab", "--no-browser", "--port", "65535"], ("lab", 65535, False)),
    ],
)
def test_what_is_asked_for_is_started(arguments, expected, started, tmp_path):
    assert main([*arguments, "--notebooks", str(tmp_path)]) == 0
    name, port, opens_browser = expected
    access = [settings.Access()] if name == "app" else []
    assert started == [(name, tmp_path, port, opens_browser, *access)]


def test_no_browser_is_opened_where_there_is_no_screen(started, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "has_screen", lambda: False)
    main(["--notebooks", str(tmp_path)])
    assert started == [("app", tmp_path, None, False, settings.Access())]


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "firefox"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_screen_is_recognised(platform, environment, expected, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_screen() is expected


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8e3", "²", "many"])
def test_a_port_that_is_none_is_refused(port, started, capsys):
    with pytest.raises(SystemExit) as stop:
        main([f"--port={port}"])
    assert stop.value.code == 2
    assert f"{port!r} is not a port: give a whole number from 1 to 65535" in capsys.readouterr().err
    assert started == []


def test_an_administrator_says_who_may_come(started, monkeypatch, tmp_path):
    folder = ["--notebooks", str(tmp_path)]
    main(
        [
            *folder,
            "--visitors",
            "7",
            "--host",
            "A.example",
            "--host",
            "b.example",
            "--allow-embedding",
            "https://c.example:8443",
            "--prefix",
            "/one/",
            "--listen",
            "0.0.0.0",
        ]
    )
    monkeypatch.setenv("CONVVIZ_VISITORS", "8")
    monkeypatch.setenv("CONVVIZ_HOSTS", "d.example e.example")
    monkeypatch.setenv("CONVVIZ_EMBEDDING", "https://*.f.example")
    monkeypatch.setenv("CONVVIZ_PREFIX", "/two/")
    monkeypatch.setenv("CONVVIZ_LISTEN", "::1")
    main(folder)
    accesses = [access for *_, access in started]
    assert accesses == [
        settings.Access(
            visitors=7,
            hosts=("a.example", "b.example"),
            frames=("https://c.example:8443",),
            prefix="/one/",
            address="0.0.0.0",
        ),
        settings.Access(
            visitors=8,
            hosts=("d.example", "e.example"),
            frames=("https://*.f.example",),
            prefix="/two/",
            address="::1",
        ),
    ]


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("--visitors", "0"),
        ("--visitors", "many"),
        ("--host", "http://a.example"),
        ("--host", "*"),
        ("--allow-embedding", "*"),
        ("--allow-embedding", "https://a.example; script-src *"),
        ("--allow-embedding", "a.example"),
        ("--prefix", "one"),
        ("--prefix", "/one/../"),
        ("--listen", "everywhere"),
    ],
)
def test_what_an_administrator_cannot_mean_is_refused(option, wrong, started, capsys):
    with pytest.raises(SystemExit):
        main([option, wrong])
    assert f"{wrong!r} is no" in capsys.readouterr().err
    assert started == []


def test_a_variable_that_means_nothing_is_named(started, monkeypatch, capsys):
    monkeypatch.setenv("CONVVIZ_HOSTS", "good.example https://bad.example")
    assert main([]) == 1
    assert "CONVVIZ_HOSTS: 'https://bad.example' is no name of a host" in capsys.readouterr().err
    assert started == []


def test_a_word_that_means_nothing_is_refused(started, capsys):
    with pytest.raises(SystemExit):
        main(["notebook"])
    assert "'notebook'" in capsys.readouterr().err
    assert started == []


def test_a_folder_that_is_not_there_is_named(started, capsys, tmp_path):
    assert main(["--notebooks", str(tmp_path / "nowhere")]) == 1
    assert f"--notebooks is '{tmp_path / 'nowhere'}': there is no such folder" in capsys.readouterr().err
    assert started == []


def test_the_lessons_are_found_beside_the_package_or_inside_it(monkeypatch, tmp_path):
    package = tmp_path / "convviz"
    monkeypatch.setattr(command, "PACKAGE", package)
    with pytest.raises(CommandError, match=r"say where they are, --notebooks FOLDER"):
        find_notebooks(None)
    beside, inside = tmp_path / "notebooks", package / "notebooks"
    beside.mkdir()
    assert find_notebooks(None) == beside
    inside.mkdir(parents=True)
    assert find_notebooks(None) == inside


def test_the_lessons_of_this_checkout_are_found():
    assert (find_notebooks(None) / "index.ipynb").is_file()


@pytest.mark.parametrize(("word", "module", "name"), [("app", "voila", "Voila"), ("lab", "jupyterlab", "JupyterLab")])
def test_what_is_not_installed_is_named_with_the_way_to_install_it(word, module, name, monkeypatch, capsys, tmp_path):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None if wanted == module else find_spec(wanted))
    assert main([word, "--notebooks", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f'convviz: {name} is not installed: pip install "convviz[app]"\n'


def test_ctrl_c_before_the_server_runs_is_no_error(monkeypatch, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "start_app", interrupted)
    assert main(["--notebooks", str(tmp_path)]) == 130


def test_jupyterlab_is_told_the_folder_the_port_and_the_index(tmp_path):
    plain = lab_arguments(tmp_path, None, opens_browser=True)
    assert f"--ServerApp.root_dir={tmp_path}" in plain
    assert not any("port" in word or "default_url" in word or word == "--no-browser" for word in plain)
    (tmp_path / "index.ipynb").touch()
    full = lab_arguments(tmp_path, 9000, opens_browser=False)
    added = {"--LabApp.default_url=/lab/tree/index.ipynb", "--ServerApp.port=9000", "--no-browser"}
    assert set(full) - set(plain) == added


@pytest.mark.parametrize(("user", "expected"), [(0, True), (1000, False)])
def test_jupyterlab_runs_for_root_as_in_a_container(user, expected, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab_arguments(tmp_path, None, opens_browser=True)) is expected


def test_voila_json_says_what_the_command_says():
    text = (command.PACKAGE.parent / "voila.json").read_text()
    assert json.loads(text) == settings.VOILA


@pytest.mark.parametrize("before", [None, "/of/the/user"])
def test_our_template_is_found_first_and_the_users_own_still(before, monkeypatch):
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    if before:
        monkeypatch.setenv("JUPYTER_PATH", before)
    settings.bring_template()
    ours, *others = os.environ["JUPYTER_PATH"].split(os.pathsep)
    assert (Path(ours) / "voila" / "templates" / "convviz" / "index.html.j2").is_file()
    assert others == ([before] if before else [])


def test_the_version_is_that_of_the_package(capsys, started):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"convviz {convviz.__version__}\n"
    assert started == []
