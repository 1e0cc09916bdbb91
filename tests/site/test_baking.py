"""What a page shows without Python, as it is written down."""

import base64
import io
import json
import zlib

import numpy as np
import pytest
from PIL import Image

import convviz
from convviz.app.opening.trees import PAGES
from convviz.app.site.baking import MOST_STEPS, Baked, heard, steps_near
from convviz.lessons import SlidingWindow

WIDE, PHONE = PAGES[0], PAGES[4]


@pytest.fixture(scope="module")
def lesson():
    """A lesson, a picture beside it that is linked to it, and a text; and what is written of them."""
    with heard() as links:
        made = SlidingWindow()
        shown = {2: made, 4: made.beside["vectors"], 7: made.note("code"), 8: None}
    return made, Baked(shown, links)


def leaves(tree):
    return [leaf for child in tree["children"] for leaf in leaves(child)] if "children" in tree else [tree]


def test_all_parts_of_a_page_are_numbered_in_its_order(lesson):
    _, baked = lesson
    trees, frames = baked.opening(WIDE)
    assert trees.keys() == {"2", "4", "7"}
    parts = [leaf for tree in trees.values() for leaf in leaves(tree)]
    assert [part["id"] for part in parts] == [*range(len(parts))]
    assert [part["kind"] for part in parts] == ["player", "desk", "text", "player", "text"]
    assert frames.keys() == {"0", "3"}


def test_players_that_are_linked_in_the_browser_are_linked_on_the_page(lesson):
    _, baked = lesson
    assert [0, "index", 3, "index"] in baked.steps()["links"]
    assert [0, "hover", 3, "hover"] in baked.steps()["links"]


def test_what_is_said_at_each_step_is_what_the_lesson_says_there(lesson):
    made, baked = lesson
    said = baked.steps()["said"]["0"]
    assert made.player.index == 0, "the lesson is where it was"
    assert said.keys() == {str(step) for step in range(9)}
    assert said["0"] == []
    for step in (3, 8):
        at = {(number, name): value for number, name, value in said[str(step)]}
        made.player.index = step
        assert at[1, "questions"] == json.loads(json.dumps(made.desk.questions))
        assert at[1, "address"] == made.desk.address == f"step={step}"
    made.player.index = 0


@pytest.mark.parametrize("page", [WIDE, PHONE], ids=lambda page: page.name)
def test_the_frames_of_a_step_are_its_very_pixels(lesson, page):
    made, baked = lesson
    trees, frames = baked.opening(page)
    [film] = frames["0"]
    says = json.loads(zlib.decompress(base64.b64decode(film["says"])))
    assert says["5"]["caption"] == made.player.trace[5].describe()
    [reel] = film["reels"]
    assert reel["keys"] == [*range(9)]
    width, height = reel["size"]
    side, across, down = reel["side"], -(-width // reel["side"]), -(-height // reel["side"])
    lies = np.frombuffer(zlib.decompress(base64.b64decode(reel["maps"])), "<u4").reshape(9, down, across).cumsum(0)
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(reel["tiles"]))))
    tiles = sheet.reshape(-1, side, sheet.shape[1] // side, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    whole = tiles[lies[5].astype("u4")].swapaxes(1, 2).reshape(down * side, across * side, 3)[:height, :width]
    shown = leaves(trees["2"])[0]["state"]["pictures"][0]["size"]
    assert (width, height) == tuple(round(one * page.density) for one in shown)
    look = convviz.theme.Look(width=shown[0], density=page.density, dark=page.dark)
    scene = made.player.shown[0][1](made.player.trace, look)
    assert (whole == convviz.player.frames.frames.Frames(scene).pixels(5)[..., :3]).all()


def test_of_many_steps_those_near_the_first_one_are_written():
    assert steps_near(0, 1000) == [*range(MOST_STEPS)]
    assert steps_near(999, 1000) == [*range(1000 - MOST_STEPS, 1000)]
    assert 500 in steps_near(500, 1000)


def test_a_flip_is_written_with_the_steps():
    with heard() as links:
        player = convviz.show(convviz.convolve([1, 2, 3], [4, 5]))
    trees, frames = Baked({1: player}, links).opening(WIDE)
    [film] = frames["0"]
    keys = [key for reel in film["reels"] for key in reel["keys"]]
    assert trees["1"]["flips"] == [player.pictures[0]["flips"]]
    assert keys == [*range(-player.pictures[0]["flips"], 4)]
    assert keys[0] < 0


def test_hearing_ends():
    before = convviz.show(convviz.correlate([1, 2], [1])).comm
    with heard() as links:
        pass
    assert links == []
    assert type(convviz.show(convviz.correlate([1, 2], [1])).comm) is type(before)
