"""The player of a model: a strip of layers, and the picture of the layer that is picked below it."""

import asyncio

import pytest

from convviz import show
from convviz.player import ModelPlayer, Player
from convviz.scenes import growing_output, layer_strip
from tests.model_traces import CONV, CONVOLUTION, NET, POOLING, model
from tests.player.saved_page import Saved


def words_of(player):
    return player.children[1].value


async def opened():
    """Let every task finish that is under way."""
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})


def test_a_model_is_shown_as_a_strip_with_its_first_layer_open():
    player = show(NET)
    assert isinstance(player, ModelPlayer)
    assert player.trace is NET
    assert player.strip.pictures[0]["count"] == 4
    assert player.strip.pictures[0]["first"]["caption"] == NET[0].describe()
    assert player.children == (player.strip, player.children[1], player.layer)
    assert player.layer.trace is CONVOLUTION
    assert words_of(player) == "<p>layer0 (Conv2d), on the numbers that it reads in the model:</p>"


def test_the_layer_that_is_picked_opens_from_its_first_step():
    player = show(NET, index=1)
    layer = player.layer
    assert layer.trace is POOLING
    layer.index = 2
    player.index = 0
    assert player.layer is layer, "one widget shows all layers"
    assert layer.trace is CONVOLUTION
    assert layer.index == 0
    assert layer.pictures[0]["first"]["key"] == 0


def test_a_layer_without_a_picture_says_why_and_leaves_the_strip():
    player = show(NET)
    for index, reason in ((2, "It broke when it was opened."), (3, "Nobody explains a Softmax.")):
        player.index = index
        assert len(player.children) == 2
        assert words_of(player) == f"<p>{NET[index].name} ({NET[index].kind}) has no picture of its own. {reason}</p>"
    player.index = 0
    assert player.children[-1] is player.layer
    player.index = 99
    assert words_of(player).startswith("<p>layer3 (Softmax)")


def test_whatever_goes_wrong_in_a_layer_stays_below_the_strip():
    def breaks():
        raise MemoryError("no room")

    player = show(model(CONV, CONV | {"opened": breaks, "name": "<b>"}, CONV | {"opened": object}))
    player.index = 1
    assert words_of(player) == "<p>&lt;b&gt; (Conv2d) has no picture of its own. It cannot be drawn: no room.</p>"
    player.index = 2
    assert "It cannot be drawn: trace is a object" in words_of(player)
    player.index = 0
    assert player.layer.trace is CONVOLUTION


async def test_who_steps_on_quickly_opens_only_the_last_layer():
    seen = []

    def noting(number):
        return lambda: (seen.append(number), CONVOLUTION)[1]

    player = show(model(*(CONV | {"opened": noting(number)} for number in range(4))))
    assert set(seen) == {0}
    assert player.children[-1].trace is CONVOLUTION, "a page that comes later finds all its widgets"
    for index in (1, 2, 3):
        player.index = index
    assert words_of(player) == "<p>Opening layer3 …</p>"
    assert set(seen) == {0}
    await opened()
    assert set(seen) == {0, 3}


def test_a_scene_of_ones_own_and_several_traces_make_a_plain_player():
    for player in (show(NET, scene=layer_strip), show(NET, scene=growing_output), show(NET, POOLING)):
        assert isinstance(player, Player)
    assert [picture["count"] for picture in show(NET, POOLING).pictures] == [4, len(POOLING)]


@pytest.mark.parametrize("name", ["strip.png", "strip.html", "strip.gif"])
def test_the_strip_is_saved(tmp_path, name):
    player = show(NET, index=2)
    path = player.save(tmp_path / name, width=400, progress=False)
    assert path.stat().st_size > 1000
    if path.suffix == ".html":
        said = {said["caption"] for said, _ in Saved(path).frames.values()}
        assert said == {step.describe() for step in NET}, "opening layers needs Python"


def test_closing_stops_both():
    player = show(NET)
    player.close()
    assert player.strip.comm is None
    assert player.layer.comm is None
