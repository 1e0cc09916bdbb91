"""The folder that `convviz build` writes."""

import json
import re

import pytest

from convviz.app import command
from convviz.app.site.build import build
from convviz.app.site.pages import Site
from convviz.course import COURSE
from tests.browser.servers import ROOT

NOTEBOOKS = ROOT / "notebooks"
SITE = Site(key="key", python={})


@pytest.fixture
def notebooks(tmp_path):
    """A folder with one small page of the course."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    code = {"cell_type": "code", "source": "import convviz\nconvviz.show(convviz.correlate([1, 2], [1]))"}
    text = {"cell_type": "markdown", "source": "# Is it `flipped`?\n\n[All](index.ipynb)"}
    page = {"cells": [text, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "02_flip.ipynb").write_text(json.dumps(page))
    return folder


def test_a_site_is_written_and_written_again(notebooks, tmp_path):
    folder, told = tmp_path / "site", []
    build(notebooks, folder, told=told.append)
    assert told == ["02_flip"]
    pages = {path.name for path in folder.glob("*.html")}
    assert pages == {"index.html", "api.html", "02_flip.html"}
    text = (folder / "02_flip.html").read_text()
    assert "<title>Is it flipped?</title>" in text
    for address in re.findall(r'(?:href|src)="([^"#]+)"', text):
        assert not address.startswith(("/", "http")), "addresses are relative"
        if not address.startswith(tuple(page.notebook for page in COURSE)):
            assert (folder / address).exists(), address
    for page in ("wide-light", "narrow-dark"):
        [key] = [path for path in folder.iterdir() if path.is_dir()]
        assert json.loads((key / "opening" / f"02_flip-{page}.json").read_text()).keys() == {"2"}
        assert (key / "opening" / f"02_flip-{page}-0.json").is_file()
    (folder / "old.html").touch()
    build(notebooks, folder)
    assert not (folder / "old.html").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"notebooks", "site"}


def test_a_folder_with_other_things_is_left_alone(notebooks, tmp_path):
    (notebooks / "mine.txt").touch()
    with pytest.raises(FileExistsError, match="holds other things; accepted: a new folder"):
        build(notebooks, notebooks)
    assert (notebooks / "mine.txt").exists()


def test_where_python_cannot_be_brought_nothing_is_left_behind(notebooks, tmp_path):
    with pytest.raises(ValueError, match="accepted: a Pyodide distribution"):
        build(notebooks, tmp_path / "site", pyodide=str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"notebooks"}


@pytest.mark.parametrize("page", COURSE, ids=lambda page: page.notebook)
def test_each_page_leads_to_those_beside_it(page):
    text = SITE.lesson(NOTEBOOKS / f"{page.notebook}.ipynb", {2})
    beside = [COURSE[at] for at in (COURSE.index(page) - 1, COURSE.index(page) + 1) if 0 <= at < len(COURSE)]
    for other in beside:
        assert f'href="{other.notebook}.html"' in text
    assert 'href="index.html"' in text
    assert ".ipynb" not in re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)


def test_the_landing_page_leads_to_all_pages():
    text = SITE.landing(NOTEBOOKS)
    for name in (*(page.notebook for page in COURSE), "questions", "gallery", "api"):
        assert f'href="{name}.html"' in text
    assert 'href="api.html"' in SITE.lesson(NOTEBOOKS / "gallery.ipynb", {3})
    assert "voila" not in text


def test_only_a_page_about_code_shows_it():
    assert 'class="jp-InputArea-editor"' in SITE.lesson(NOTEBOOKS / "gallery.ipynb", {3})
    assert 'class="jp-InputArea-editor"' not in SITE.lesson(NOTEBOOKS / "02_flip.ipynb", {2})


def test_a_page_without_pictures_has_no_script_for_them():
    assert "site.js" not in SITE.lesson(NOTEBOOKS / "questions.ipynb", set())


def test_the_command_builds_and_says_where(notebooks, tmp_path, monkeypatch, capsys):
    built = []
    monkeypatch.setattr("convviz.app.site.build.build", lambda *args, **words: built.append((args, words["pyodide"])))
    arguments = ["build", str(tmp_path / "site"), "--notebooks", str(notebooks), "--pyodide", "there"]
    assert command.main(arguments) == 0
    assert built == [((notebooks, tmp_path / "site"), "there")]
    assert str(tmp_path / "site") in capsys.readouterr().out


def test_the_command_asks_for_a_folder(notebooks, capsys):
    assert command.main(["build", "--notebooks", str(notebooks)]) == 1
    assert "convviz build FOLDER" in capsys.readouterr().err
