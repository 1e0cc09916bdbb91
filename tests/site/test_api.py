"""The page of all public names: nothing is missing, and what it says is what the docstrings say."""

import inspect
import re

import pytest

import convviz
from convviz.app.site.api import Api
from convviz.app.site.docstrings import sections
from convviz.app.site.pages import Site
from tests.browser.servers import ROOT

NOTEBOOKS = ROOT / "notebooks"
NO_PICTURE = {"scenes.Scene", "scenes.default_scene"}


@pytest.fixture(scope="module")
def groups():
    return list(Api(NOTEBOOKS).groups())


@pytest.fixture(scope="module")
def entries(groups):
    entries = [entry for group in groups for entry in (group.about, *group.entries) if entry]
    return {entry.name: entry for entry in entries}


@pytest.fixture(scope="module")
def page():
    return Site(key="key", python={}).api(NOTEBOOKS)


def test_every_public_name_is_there_with_what_its_docstring_says(entries):
    within = {
        f"{name}.{short}" for name in ("lessons", "samples", "scenes") for short in getattr(convviz, name).__all__
    }
    assert set(entries) == {*convviz.__all__, *within}
    for name, entry in entries.items():
        assert entry.sections[0].html.striptags(), name
        value = getattr(convviz, name, None)
        if callable(value):
            assert entry.signature.striptags().startswith(f"{name}(")
            headings = re.findall(r"^([A-Z][A-Za-z ]+)\n-{3,}$", inspect.getdoc(value), re.MULTILINE)
            assert [section.title for section in entry.sections[1:]] == [heading.capitalize() for heading in headings]


def test_each_method_of_the_player_is_there(entries):
    methods = {member.short for member in entries["Player"].members}
    assert methods == {"trace", "traces", "shown", "show", "on_edit", "save", "embed", "still", "close"}
    assert entries["Player"].members[-1].signature.striptags().strip() == "Player.close()"


def test_each_function_and_scene_that_has_a_picture_shows_it(entries):
    shown = {path.stem for path in (NOTEBOOKS / "pictures" / "scenes").glob("*.png") if "-dark" not in path.stem}
    for name, entry in entries.items():
        assert {picture.name for picture in entry.pictures} == {
            one for one in shown if name == one.partition("-")[0] or name == f"scenes.{one.partition('-')[2]}"
        }
        assert entry.pictures or not name.startswith("scenes.") or name in NO_PICTURE
    assert "convviz.show(convviz.pool(x, (2, 2)), index=1)" in entries["pool"].pictures[0].code.striptags()
    assert entries["lessons.SlidingWindow"].lessons[0].notebook == "01_sliding_window"


def test_all_that_is_accepted_is_said(entries):
    parameters = next(section for section in entries["conv_layer"].sections if section.title == "Parameters")
    kinds = {item.name.striptags(): item.kind for item in parameters.items}
    assert kinds["activation"] == "{'relu', 'sigmoid', 'tanh'} or callable, optional"
    assert kinds["x"] == "array-like, shape (C_in, *spatial)"


def test_links_lead_to_what_is_there(page):
    names = re.findall(r'id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert {*re.findall(r'href="#([^"]+)"', page)} <= set(names)
    assert '<a href="#convolve"><code>convolve</code></a>' in page, "from what it says of others"
    files = {name for name in re.findall(r'(?:href|src|srcset)="([^"#]+)"', page) if name.endswith((".png", ".html"))}
    assert not [name for name in files if "/" in name and not (NOTEBOOKS / name).is_file()]
    assert not [name for name in files if ":" in name]


def test_a_doctest_is_code_wherever_it_stands():
    whole, examples = sections("Say:\n\n>>> 1\n1\n\nExamples\n--------\nOne:\n\n>>> 2\n2\n\nTwo.", lambda _: None)
    assert whole.html.count("<pre>") == examples.html.count("<pre>") == 1
    assert [line.strip() for line in examples.html.striptags().split(" ") if line] == ["One:", ">>>", "2", "2", "Two."]


def test_where_there_is_no_gallery_there_are_no_pictures(tmp_path):
    assert not [entry for group in Api(tmp_path).groups() for entry in group.entries if entry.pictures]
