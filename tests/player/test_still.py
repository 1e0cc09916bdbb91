"""A notebook with outputs shows a picture and its words where there is no kernel."""

import base64
import io
from html.parser import HTMLParser

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

from convviz import convolve, correlate, show, spectrum
from convviz.lessons import Associativity, Flip, SlidingWindow
from convviz.player.frames.frames import Frames
from convviz.player.model_player import ModelPlayer
from convviz.scenes import dot_product, sliding_window, spectra
from convviz.theme import Look
from tests.model_traces import NET

X = np.arange(25).reshape(5, 5)
W = [[1, 2], [3, 4]]
WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_KIB = 64


def bundle(widget):
    data, metadata = widget._repr_mimebundle_(include=None, exclude=None)
    assert data[WIDGET]["model_id"] == widget.model_id
    return data, metadata


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def frame(scene, key):
    return Frames(scene).pixels(key)[..., :3].copy()


def test_a_player_brings_the_step_shown_and_its_caption():
    trace = correlate(X, W)
    player = show(trace, index=5)
    player.index = 7
    data, metadata = bundle(player)
    scene = sliding_window(trace)
    assert data["text/plain"] == trace[7].describe()
    assert np.array_equal(pixels(base64.b64decode(data["image/png"])), frame(scene, 7))
    assert metadata["image/png"] == {"width": scene.size[0], "height": scene.size[1], "alt": trace[7].describe()}


def test_a_caption_stands_below_a_picture_that_does_not_write_it():
    trace = spectrum([1, 2, 3, 4], [1, 1])
    shown = pixels(show(trace).still().png)
    alone = frame(spectra(trace), 0)
    height, width, _ = alone.shape
    assert np.array_equal(shown[:height, :width], alone)
    assert (shown[height:] < 128).any(axis=-1).sum() > 200, "letters"


def test_several_pictures_stand_below_each_other_under_their_titles():
    traces = [correlate(X, W), convolve(X, W)]
    player = show(*traces, scene=[dot_product, sliding_window], titles=["As vectors", "As grids"], index=20)
    still = player.still()
    assert still.text.splitlines() == [
        f"As vectors: {traces[0][15].describe()}",
        f"As grids: {traces[1][20].describe()}",
    ]
    shown = pixels(still.png)
    assert shown.shape[:2] == still.size[::-1]
    first, second = frame(dot_product(traces[0]), 15), frame(sliding_window(traces[1]), 20)
    room = len(shown) - len(first) - len(second)
    title = room // 2
    assert title > 14
    assert np.array_equal(shown[title : title + len(first), : first.shape[1]], first)
    assert np.array_equal(shown[-len(second) :, : second.shape[1]], second)
    for top in (0, title + len(first)):
        assert (shown[top : top + title] < 128).any(axis=-1).sum() > 100, "letters"


@pytest.mark.parametrize(("density", "width"), [(1.25, 400), (2, 700), (4, 1400)])
def test_it_is_as_fine_as_the_page_but_never_large(density, width):
    player = show(correlate(X, W))
    look = {"width": width, "density": density, "dark": True, "channel": 0}
    player._handle_custom_msg({"type": "look", "picture": 0, **look}, [])
    still = player.still()
    scene = sliding_window(player.trace, Look(width=width, density=density, dark=True))
    assert still.size == scene.size
    shown = pixels(still.png)
    assert shown.shape[1] <= round(density * scene.size[0])
    assert shown.size / 3 <= 2_000_000
    assert len(still.png) < 1024 * 2 * MOST_KIB
    assert abs(shown.shape[1] / shown.shape[0] - scene.size[0] / scene.size[1]) < 0.01
    assert shown[1, 1].max() < 40, "dark"


def test_a_lesson_brings_what_its_player_does():
    lesson = Flip()
    data, _ = bundle(lesson)
    assert base64.b64decode(data["image/png"]) == lesson.player.still().png
    assert data["text/plain"].startswith("Cross-correlation: the kernel as it is: Output [0, 0] =")


def test_a_lesson_without_pictures_brings_none():
    assert "image/png" not in Associativity()._repr_mimebundle_()


class Images(HTMLParser):
    """The pictures that a page holds: how wide they are shown, and their PNGs."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        if tag == "img" and about["src"].startswith("data:image/png;base64,"):
            self.found.append((int(about["width"]), base64.b64decode(about["src"].partition(",")[2])))


CELLS = [
    "import convviz\nfrom convviz.lessons import SlidingWindow",
    "convviz.show(convviz.spectrum([1, 2, 3, 4], [1, 1]))",
    "SlidingWindow()",
]


def test_a_notebook_shows_pictures_and_words_without_a_kernel(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, CELLS)])
    NotebookClient(notebook, store_widget_state=False, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert len(outputs) == 2
    assert all(
        len(nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))) < MOST_KIB * 1024 for cell in notebook.cells
    )
    page, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook)
    stills = [show(spectrum([1, 2, 3, 4], [1, 1])).still(), SlidingWindow().player.still()]
    assert [output.data["text/plain"] for output in outputs] == [still.text for still in stills]
    assert Images(page).found == [(still.size[0], still.png) for still in stills]


def test_a_model_brings_its_strip():
    player = ModelPlayer(NET, index=1)
    data, _ = bundle(player)
    assert np.array_equal(pixels(base64.b64decode(data["image/png"])), pixels(player.strip.still().png))
    assert data["text/plain"] == NET[1].describe()
