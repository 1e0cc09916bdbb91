"""A player on pages of other people, as docs/embedding.md has it: a site of MyST, slides of reveal.js, a frame."""

import io
import json
import os
import re
import shutil
import subprocess
from contextlib import ExitStack, chdir, redirect_stdout

import pytest
from playwright.sync_api import expect

from convviz import convolve
from convviz.player import Player
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.npm import NoPackagesError, get_packages
from tests.browser.servers import ROOT
from tests.browser.static_server import StaticServer
from tests.browser.visits import LIMIT_MS

GUIDE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
FLIPPED = convolve([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]], "valid")
HOW = {"width": 700, "density": 1, "progress": False}


def blocks(language):
    """What the guide tells to write, in one language."""
    return [text for _, text in re.findall(rf"^(```+){language}\n(.*?)^\1$", GUIDE, flags=re.DOTALL | re.MULTILINE)]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """What the guide saves: a folder, and the trace that is shown."""
    folder, names = tmp_path_factory.mktemp("saved"), {}
    [first, _] = blocks("python")
    printed = io.StringIO()
    with chdir(folder), redirect_stdout(printed):
        exec(compile(first, "embedding.md", "exec"), names)
    assert printed.getvalue() == blocks("html")[0]
    return folder, names["player"].trace


def fetched(*wanted):
    """Packages of npm. A journey for which they cannot be had says so, and in CI it fails."""
    try:
        return get_packages(*wanted)
    except NoPackagesError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.fixture
def visit(browser):
    """Open a page of a folder on a server; nothing may go wrong there, and nothing may come from elsewhere."""
    trouble = []

    def visit(folder):
        server = servers.enter_context(StaticServer(folder))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        servers.callback(page.close)
        page.on("console", lambda message: message.type in ("error", "warning") and trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: server.host in request.url or trouble.append(request.url))
        page.goto(server.url)
        return page

    with ExitStack() as servers:
        yield visit
    assert trouble == []


# ---- MyST ----

MYST = ("mystmd@1.8.3", "@myst-theme/anywidget@1.4.1", "react@18.3.1", "react-dom@18.3.1", "esbuild@0.25.10")
PROJECT = {"version": 1, "project": {"toc": [{"file": "index.md"}]}, "site": {"template": "./theme"}}
THEME = {"myst": "v1", "kind": "site", "title": "bare", "version": "1.0.0"}
"""Themes of MyST are no packages of npm. This one has nothing but the component that they show the directive with."""
THEME_SCRIPT = """
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { ANY_RENDERERS } from "@myst-theme/anywidget";

const { mdast } = await (await fetch("index.json")).json();
const directives = ({ type, children = [], ...node }) =>
  ANY_RENDERERS[type] ? [createElement(ANY_RENDERERS[type], { key: node.key, node })] : children.flatMap(directives);
createRoot(document.querySelector("main")).render(directives(mdast));
"""
THEME_PAGE = """<!doctype html>
<meta charset="utf-8"><link rel="icon" href="data:,"><title>A page</title>
<style>main { text-align: center } .dark body { background: #1c1917; color: white }</style>
<main></main><script type="module" src="theme.js"></script>"""


def myst_site(folder, markdown):
    """Have MyST build a site of one page; returns the folder of that page."""
    packages = fetched(*MYST)
    (folder / "theme").mkdir()
    (folder / "theme" / "template.yml").write_text(json.dumps(THEME), encoding="utf-8")
    (folder / "myst.yml").write_text(json.dumps(PROJECT), encoding="utf-8")
    (folder / "index.md").write_text(markdown, encoding="utf-8")
    myst = ["node", packages / "mystmd" / "dist" / "myst.cjs", "build", "--site", "--strict"]
    built = subprocess.run(myst, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    page = folder / "_build" / "site" / "public" / "page"
    page.mkdir()
    (folder / "_build" / "site" / "content" / "index.json").rename(page / "index.json")
    (page / "index.html").write_text(THEME_PAGE, encoding="utf-8")
    options = ["--bundle", "--format=esm", '--define:process.env.NODE_ENV="production"', f"--outfile={page}/theme.js"]
    bundle = ["node", packages / "esbuild" / "bin" / "esbuild", *options]
    subprocess.run(bundle, input=THEME_SCRIPT, text=True, check=True, env={**os.environ, "NODE_PATH": str(packages)})
    return page


def test_a_module_is_a_widget_of_myst(tmp_path, saved, visit):
    folder, trace = saved
    shutil.copy(folder / "window.mjs", tmp_path)
    dark = Player(FLIPPED)
    dark.save(tmp_path / "dark.mjs", dark=True, **HOW)
    page = visit(myst_site(tmp_path, "\n".join([*blocks("markdown"), dark.embed("dark.mjs")])))
    first, second, third = (PlayerOnPage(page, number) for number in range(3))
    first.shows(0)
    second.shows(3)
    third.shows(0)
    first.press("next step")
    first.shows(1)
    first.says(trace[1].describe())
    page.keyboard.press("ArrowRight")
    first.shows(2)
    first.cell("input", 0, 0).hover()
    expect(first.root.locator(".convviz-outlines g[data-panel=output]")).to_have_count(1, timeout=LIMIT_MS)
    page.evaluate("document.documentElement.classList.add('dark')")
    third.press("next step")
    third.shows(1)
    expect(first.root).to_have_attribute("data-dark", "false")
    expect(third.root).to_have_attribute("data-dark", "true")
    assert first.caption.evaluate("(caption) => getComputedStyle(caption).textAlign") == "start"


# ---- reveal.js ----

DECK = """<!doctype html>
<meta charset="utf-8"><link rel="icon" href="data:,"><title>A lecture</title>
<link rel="stylesheet" href="reveal.css"><link rel="stylesheet" href="theme/white.css">
<div class="reveal"><div class="slides">
  {slide}
  <section><h2>The same without a frame</h2><div id="window"></div></section>
  <section><h2>The end</h2></section>
</div></div>
<script src="reveal.js"></script>
<script>Reveal.initialize({{ transition: "none" }});</script>
{script}"""


@pytest.fixture
def deck(tmp_path, saved):
    """Slides that show a player twice: in a frame, and as a part of the slide."""
    folder, _ = saved
    deck, parts = tmp_path / "deck", fetched("reveal.js@6.0.2") / "reveal.js" / "dist"
    deck.mkdir()
    for part in (*(parts / name for name in ("reveal.css", "reveal.js", "theme")), *folder.iterdir()):
        (deck / part.name).symlink_to(part)
    line, slide, script, _ = blocks("html")
    assert line.strip() in slide
    (deck / "index.html").write_text(DECK.format(slide=slide, script=script), encoding="utf-8")
    return deck


def test_keys_step_a_player_that_has_the_focus_and_turn_slides_otherwise(deck, visit):
    page = visit(deck)

    def is_at(slide):
        page.wait_for_function("(slide) => Reveal.getIndices().h === slide", arg=slide, timeout=LIMIT_MS)

    framed = PlayerOnPage(page.frame_locator("iframe"))
    within = PlayerOnPage(page)
    framed.shows(0)
    framed.press("next step")
    page.keyboard.press("ArrowRight")
    framed.shows(2)
    is_at(0)
    page.keyboard.press("PageDown")
    is_at(1)
    within.press("next step")
    page.keyboard.press("ArrowRight")
    within.shows(2)
    is_at(1)
    page.keyboard.press("PageUp")
    is_at(0)
    page.mouse.click(10, 10)
    page.keyboard.press("ArrowRight")
    is_at(1)
    page.keyboard.press("ArrowRight")
    is_at(2)
    framed.shows(2)
    within.shows(2)


# ---- a frame ----

PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A course</title>'
NARROW = "1"
"""The generation of the picture for telephones."""
FITS = """({ clientHeight, contentDocument }) =>
  clientHeight === contentDocument.documentElement.scrollHeight
  && clientHeight === contentDocument.querySelector("main").offsetHeight"""


def test_a_line_holds_the_whole_page_and_takes_the_height_that_it_needs(tmp_path, visit):
    (tmp_path / "site").mkdir()
    line = Player(FLIPPED).embed(title='Flip & "slide"', **HOW)
    (tmp_path / "site" / "index.html").write_text(PAGE + line, encoding="utf-8")
    page = visit(tmp_path / "site")
    frame = page.get_by_title('Flip & "slide"')
    player = PlayerOnPage(page.frame_locator("iframe"))
    player.shows(0)
    assert frame.evaluate("(frame) => frame.clientHeight") == int(frame.get_attribute("height"))
    assert frame.evaluate(FITS)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(player.root).to_have_attribute("data-generation", NARROW, timeout=LIMIT_MS)
    page.wait_for_function(f"(frame) => ({FITS})(frame)", arg=frame.element_handle(), timeout=LIMIT_MS)
