"""The gallery shows every picture, each from a few lines; its page and its pictures are made from it."""

import importlib.util
import io
import itertools
import re
from pathlib import Path

import pytest
from PIL import Image

import convviz
from convviz import scenes
from convviz.player import Player
from convviz.player.model_player import ModelPlayer
from convviz.scenes import default_scene

ROOT = Path(__file__).parents[1]
OPERATIONS = {
    "associativity",
    "conv_layer",
    "conv_transpose",
    "convolve",
    "correlate",
    "dense",
    "echoes",
    "explain",
    "frequency_response",
    "gradients",
    "learn_kernel",
    "match_template",
    "matrix_view",
    "outer_product",
    "pool",
    "receptive_field",
    "spectrum",
}
NO_PICTURE = {"col2im", "im2col", "image_distance", "sum_tied", "tied", "toeplitz"}
"""Functions that make no trace of their own, such as matrices, which `matrix_view` shows."""
LINES, MOST_KIB = 6, 30


def load_maker():
    spec = importlib.util.spec_from_file_location("make_pictures", ROOT / "docs" / "make_pictures.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    return maker


@pytest.fixture(scope="module")
def maker():
    return load_maker()


@pytest.fixture(scope="module")
def shown(maker):
    return list(maker.gallery())


@pytest.fixture(scope="module")
def played(shown):
    """What can be shown here: PyTorch need not be installed."""
    return [one for one in shown if not one.needs_torch or importlib.util.find_spec("torch")]


def test_every_operation_and_every_scene_is_there(shown):
    functions = {name for name in convviz.__all__ if name.islower() and callable(getattr(convviz, name))}
    assert functions - NO_PICTURE - {"show"} == OPERATIONS
    assert {one.operation for one in shown} >= OPERATIONS
    assert {one.scene for one in shown} == set(scenes.__all__) - {"Scene", "default_scene"}


def test_each_picture_is_what_its_heading_says(played):
    for one in played:
        player = one.player.strip if isinstance(one.player, ModelPlayer) else one.player
        assert isinstance(player, Player)
        assert re.search(rf"\b{one.operation}\(", one.code)
        [showing] = player._gallery.showings
        made = getattr(scenes, one.scene)(player.trace)
        assert [panel.name for panel in showing.film.scene.panels] == [panel.name for panel in made.panels]
        assert (showing.maker is default_scene) == ("scene=" not in one.code)
        assert one.player.index < len(player.trace)


def test_each_takes_a_few_lines_and_one_sentence(shown):
    for one in shown:
        assert len([line for line in one.code.splitlines() if line.strip()]) <= LINES, one.code
        sentence = one.said.splitlines()[-1]
        assert sentence.endswith(".")
        assert ". " not in sentence


def test_the_page_is_that_of_the_gallery(maker, shown):
    assert (ROOT / maker.PAGE).read_text(encoding="utf-8") == maker.page(shown), "make pictures"


def test_the_pictures_are_those_of_the_gallery_and_small(maker, shown, played):
    files = {path.name for path in (ROOT / "notebooks" / "pictures" / "scenes").iterdir()}
    assert files == {Path(maker.named(one.path, dark)).name for one in shown for dark in (False, True)}
    for one, dark in itertools.product(played, (False, True)):
        picture = (ROOT / maker.named(one.path, dark)).read_bytes()
        assert len(picture) < MOST_KIB * 1024
        assert Image.open(io.BytesIO(picture)).size == one.player.still().size, "make pictures"


def test_the_outputs_of_the_notebook_stay_small(played):
    for one in played:
        data, _ = one.player._repr_mimebundle_()
        assert len(data["image/png"]) < 64 * 1024, one.path
