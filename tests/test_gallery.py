"""The gallery shows every picture, each from a few lines; its page and its pictures are made from it."""

import importlib.util
import io
import re
from pathlib import Path

import pytest
from PIL import Image

import convviz
from convviz import scenes
from convviz.player import Player
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
NO_PICTURE = {"col2im", "explain", "im2col", "image_distance", "sum_tied", "tied", "toeplitz"}
"""Functions that make no trace of their own: matrices, which `matrix_view` shows, and layers of other libraries."""
OF_MODELS = {"layer_strip"}
"""Scenes of whole models of PyTorch, which need not be installed."""
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


def test_every_operation_and_every_scene_is_there(shown):
    functions = {name for name in convviz.__all__ if name.islower() and callable(getattr(convviz, name))}
    assert functions - NO_PICTURE - {"show"} == OPERATIONS
    assert {one.operation for one in shown} >= OPERATIONS
    assert {one.scene for one in shown} == set(scenes.__all__) - {"Scene", "default_scene"} - OF_MODELS


def test_each_picture_is_what_its_heading_says(shown):
    for one in shown:
        assert isinstance(one.player, Player)
        assert re.search(rf"\b{one.operation}\(", one.code)
        [showing] = one.player._gallery.showings
        made = getattr(scenes, one.scene)(one.player.trace)
        assert [panel.name for panel in showing.film.scene.panels] == [panel.name for panel in made.panels]
        assert (showing.maker is default_scene) == ("scene=" not in one.code)
        assert one.player.index < len(one.player.trace)


def test_each_takes_a_few_lines_and_one_sentence(shown):
    for one in shown:
        assert len([line for line in one.code.splitlines() if line.strip()]) <= LINES, one.code
        sentence = one.said.splitlines()[-1]
        assert sentence.endswith(".")
        assert ". " not in sentence


def test_the_page_is_that_of_the_gallery(maker, shown):
    assert (ROOT / maker.PAGE).read_text(encoding="utf-8") == maker.page(shown), "make pictures"


def test_the_pictures_are_those_of_the_gallery_and_small(maker, shown):
    files = {path.name for path in (ROOT / "docs" / "scenes").iterdir()}
    assert files == {Path(one.path).name for one in shown}
    for one in shown:
        picture = (ROOT / one.path).read_bytes()
        assert len(picture) < MOST_KIB * 1024
        assert Image.open(io.BytesIO(picture)).size == one.player.still().size, "make pictures"


def test_the_outputs_of_the_notebook_stay_small(shown):
    for one in shown:
        data, _ = one.player._repr_mimebundle_()
        assert len(data["image/png"]) < 64 * 1024, one.path
