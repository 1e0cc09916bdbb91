"""What is pasted into a page is read back: where it leads, how large it is, what it is called."""

import html
import re
from pathlib import Path

import pytest

from convviz import convolve, correlate, show
from convviz.player import Player
from convviz.scenes import dot_product, sliding_window
from tests.model_traces import NET
from tests.player.saved_page import Saved

PLAYER = Player(correlate([1, 2, 3, 4], [5, 6]), convolve([1, 2, 3, 4], [5, 6]))
TITLED = Player(correlate([1, 2, 3, 4], [5, 6]), titles=['The "window" & more'])


def attributes(line):
    """The attributes of a line that is one frame and nothing else."""
    inside = re.fullmatch(r"<iframe (.*)></iframe>", line, flags=re.DOTALL)[1]
    return {name: html.unescape(value) for name, value in re.findall(r'([a-z]+)="([^"]*)"', inside)}


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("window.html", "window, step by step"),
        (Path("pages") / "slide_a-window.html", "slide a window, step by step"),
        ("https://example.org/a/Window.HTML?x=1&y=2#here", "Window, step by step"),
    ],
)
def test_a_page_is_shown_in_a_frame(address, title):
    frame = attributes(PLAYER.embed(address))
    assert (frame["src"], frame["title"]) == (getattr(address, "as_posix", lambda: address)(), title)


@pytest.mark.parametrize(
    ("player", "how", "title"),
    [(TITLED, {}, 'The "window" & more'), (TITLED, {"title": "<Mine>"}, "<Mine>"), (show(NET), {}, "x, step by step")],
)
def test_a_frame_is_called_what_it_shows(player, how, title):
    assert attributes(player.embed("x.html", **how))["title"] == title


def test_a_frame_has_room_for_all_pictures_and_their_words():
    def height(*scenes, width=960, **traits):
        players = Player(*[correlate([1, 2, 3, 4], [5, 6])] * len(scenes), scene=[*scenes], **traits)
        return int(attributes(players.embed("x.html", width=width))["height"])

    one = height(sliding_window)
    assert one > sliding_window(correlate([1, 2, 3, 4], [5, 6])).size[1] + 60
    assert height(sliding_window, sliding_window) > 1.5 * one
    assert height(sliding_window, titles=["A heading"]) > one
    assert height(dot_product, width=320) != height(dot_product)
    assert "max-width: 726px" in attributes(PLAYER.embed("x.html", width=700))["style"]


def test_a_module_is_shown_by_the_directive_of_myst():
    assert PLAYER.embed("pages/window.mjs") == "```{anywidget} pages/window.mjs\n```"


def test_without_an_address_the_frame_holds_what_is_saved(tmp_path):
    how = {"width": 320, "density": 0.5, "steps": slice(1, 3), "progress": False}
    inside = tmp_path / "inside.html"
    inside.write_text(attributes(PLAYER.embed(**how))["srcdoc"], encoding="utf-8")
    saved = Saved(PLAYER.save(tmp_path / "player.html", **how))
    assert Saved(inside).state == saved.state
    assert Saved(inside).scripts == saved.scripts


@pytest.mark.parametrize(
    ("address", "how", "error", "complaint"),
    [
        ("window.gif", {}, ValueError, r"address is 'window.gif'; accepted: .*\(.html\) or module \(.mjs\), or none"),
        ("", {}, ValueError, "address is ''; accepted"),
        (7, {}, TypeError, "address is of type int; accepted"),
        ("window.html", {"width": 9}, ValueError, "width is 9; accepted: a number from 320"),
        ("window.html", {"widht": 700}, TypeError, "unexpected keyword argument 'widht'"),
        (None, {"density": 0}, ValueError, "density is 0; accepted"),
    ],
)
def test_what_cannot_be_embedded_is_refused(address, how, error, complaint):
    with pytest.raises(error, match=complaint):
        PLAYER.embed(address, **how)
