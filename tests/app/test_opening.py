"""How a lesson looks before its kernel has started, as it is written down."""

import base64
import io
import json

import pytest
from PIL import Image

import convviz
from convviz.app.opening import store as store_module
from convviz.app.opening.notebook import shown
from convviz.app.opening.store import Store, home
from convviz.app.opening.trees import PAGES, tree
from convviz.app.opening.writing import shared
from convviz.course import COURSE
from convviz.lessons import SlidingWindow

WIDE = PAGES[0]


def write_notebook(path, *cells):
    code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    text = {"cell_type": "markdown", "source": "# A question", "metadata": {}}
    path.write_text(json.dumps({"cells": [text, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def test_the_last_expression_of_each_cell_is_what_it_shows(tmp_path):
    notebook = write_notebook(tmp_path / "a.ipynb", "x = 2\nx + 1", "y = x", ["x *= 2\n", "x"])
    assert shown(notebook) == {2: 3, 3: None, 4: 4}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_lesson_is_written_with_its_state_and_its_first_picture(page):
    lesson = SlidingWindow()
    written = tree(lesson, page)
    assert written["classes"] == list(lesson._dom_classes)
    player, desk, *_ = written["children"]
    assert desk["state"]["content"] == lesson.desk.content
    assert desk["state"]["questions"] == lesson.desk.questions
    [picture] = player["state"]["pictures"]
    [frame] = picture["frames"]
    assert frame["caption"] == lesson.player.trace[0].describe()
    image = Image.open(io.BytesIO(base64.b64decode(frame["png"]))).convert("RGB")
    assert image.size == tuple(round(side * page.density) for side in picture["size"])
    assert picture["size"][0] <= page.lesson
    assert (sum(image.getpixel((1, 1))) < 128) is page.dark
    json.dumps(written)


def test_pictures_side_by_side_share_the_room_as_they_do_in_the_browser():
    trace = convviz.correlate([[1, 2, 3], [4, 5, 6]], [[1, 0]])
    both = tree(convviz.show(trace, trace), WIDE)["state"]["pictures"]
    assert all(picture["size"][0] <= (WIDE.whole - 24) / 2 for picture in both)


def test_all_steps_can_be_written():
    player = convviz.show(convviz.correlate([1, 2, 3, 4], [1, 1]), index=1)
    [picture] = tree(player, WIDE, all_frames=True)["state"]["pictures"]
    assert [frame["key"] for frame in picture["frames"]] == [1, 0, 2]


def test_what_is_none_of_ours_is_left_out():
    assert tree(3, WIDE) is None


def test_the_script_of_all_pages_exports_nothing():
    script = dict(shared())["preview.js"]
    assert "export " not in script.replace("export it", "")
    assert "\nimport " not in script


def test_pages_are_written_once_for_each_version_and_old_ones_are_forgotten(tmp_path):
    notebooks, kept = tmp_path / "notebooks", tmp_path / "home"
    notebooks.mkdir()
    name = COURSE[0].notebook
    page = write_notebook(notebooks / f"{name}.ipynb", "import convviz", "convviz.show(convviz.correlate([1, 2], [1]))")
    before = Store(notebooks, kept)
    assert before.missing == ["index", COURSE[0].notebook]
    before.write(before.missing[1:])
    assert before.missing == ["index"]
    assert before.has(COURSE[0].notebook)
    cells = json.loads((before.folder / f"{COURSE[0].notebook}-wide-light.json").read_text())
    assert cells.keys() == {"3"}
    for code in "123":
        write_notebook(page, code)
        after = Store(notebooks, kept)
        assert after.missing == ["index", name]
        after.write([])
    assert not before.folder.exists()
    assert after.folder.exists()


def test_a_folder_without_lessons_has_nothing_to_write(tmp_path):
    assert Store(tmp_path, tmp_path).missing == []


def test_it_is_kept_where_the_user_keeps_such_things(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert home() == tmp_path / "convviz"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(store_module.Path, "home", lambda: tmp_path)
    assert home() == tmp_path / ".cache" / "convviz"
