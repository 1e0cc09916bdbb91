"""A player in marimo, which puts widgets into shadow roots: it steps, and lights up what is pointed at."""

import socket

import pytest
from playwright.sync_api import expect

from convviz import correlate
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.servers import Server
from tests.browser.visits import LIMIT_MS

NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import convviz
    player = convviz.show(convviz.correlate([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]]))
    shown = mo.ui.anywidget(player)
    shown
    return


if __name__ == "__main__":
    app.run()
"""
TRACE = correlate([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]])


@pytest.fixture
def marimo(tmp_path):
    notebook = tmp_path / "notebook.py"
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("run", str(notebook), "--headless", "--no-token", "--host", "127.0.0.1", "--port", str(port))
    with Server("-m", "marimo", *words, home=tmp_path / "home", folder=tmp_path) as server:
        yield server


def test_a_player_steps_and_lights_up_in_marimo(marimo, browser):
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.goto(marimo.url)
    player = PlayerOnPage(page)
    player.shows(0)
    player.says(TRACE[0].describe())
    assert player.root.evaluate("el => el.getRootNode() !== document"), "marimo has a shadow root"
    player.press("next step")
    player.shows(1)
    player.says(TRACE[1].describe())
    player.cell("input", 0, 0).hover()
    expect(page.locator(".convviz-outlines g[data-panel=output]")).to_have_count(1, timeout=LIMIT_MS)
    context.close()
