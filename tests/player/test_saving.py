"""Saved files are read back: what they hold, what is refused, and that nothing is lost on the way."""

import io
import json
import re
import sys

import imageio_ffmpeg
import ipywidgets
import numpy as np
import pytest
from PIL import Image, ImageSequence

from convviz import convolve, correlate
from convviz.player import Player
from convviz.player.frames.frames import Frames
from convviz.player.saving import held, mosaic, progress
from convviz.scenes import dot_product, sliding_window
from convviz.theme import DARK, Look
from tests.player.saved_page import Saved, held_by

X = np.arange(16).reshape(4, 4)
W = [[1, 2], [3, 4]]
SMALL = {"width": 320, "density": 0.5, "progress": False}


def opened(path):
    return Image.open(io.BytesIO(path.read_bytes()))


def picture_of(player, index, folder):
    """One step as a file of its own, as numbers."""
    return pixels(opened(player.save(folder / "one.png", index=index, **SMALL)))


def pixels(image):
    return np.asarray(image.convert("RGB")).astype(int)


def test_png_is_the_step_shown(tmp_path):
    player = Player(correlate(X, W), index=5)
    path = player.save(tmp_path / "five.png", width=400, density=2, progress=False)
    assert path == tmp_path / "five.png"
    scene = sliding_window(player.trace, Look(width=400, density=2))
    assert opened(path).size == tuple(2 * side for side in scene.size)
    assert np.array_equal(picture_of(player, 5, tmp_path), picture_of(player, -4, tmp_path))
    assert not np.array_equal(picture_of(player, 5, tmp_path), picture_of(player, 4, tmp_path))


def test_gif_shows_every_step_for_its_time_and_starts_over(tmp_path):
    player = Player(correlate(X, W), interval_ms=300)
    gif = opened(player.save(tmp_path / "steps.gif", **SMALL))
    assert gif.info["loop"] == 0
    assert gif.n_frames == 9
    durations = []
    for step, frame in enumerate(ImageSequence.Iterator(gif)):
        durations.append(frame.info["duration"])
        difference = np.abs(pixels(frame) - picture_of(player, step, tmp_path))
        assert difference.mean() < 0.5, f"frame {step} is another picture"
    assert durations == [300] * 8 + [2000]


def test_gif_begins_with_the_kernels_flip(tmp_path):
    player = Player(convolve(X, W, "valid"), interval_ms=300)
    gif = opened(player.save(tmp_path / "flip.gif", **SMALL))
    flips = player.pictures[0]["flips"]
    assert gif.n_frames == flips + 9
    durations = [frame.info["duration"] for frame in ImageSequence.Iterator(gif)]
    assert durations == [700, *[40] * (flips - 2), 700, *[300] * 8, 2000]
    gif.seek(0)
    assert np.abs(pixels(gif) - pixels(Image.fromarray(_flip_frame(player)))).mean() < 0.5


def _flip_frame(player):
    return Frames(sliding_window(player.trace, Look(width=320, density=0.5))).pixels(-player.pictures[0]["flips"])


def test_gif_keeps_the_colours_of_the_ground(tmp_path):
    player = Player(correlate(X, W))
    gif = opened(player.save(tmp_path / "white.gif", **SMALL))
    assert pixels(gif)[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("steps", [slice(2, 5), range(2, 5), slice(-7, -4)])
def test_steps_can_be_chosen(tmp_path, steps):
    player = Player(correlate(X, W))
    gif = opened(player.save(tmp_path / "some.gif", steps=steps, **SMALL))
    assert gif.n_frames == 3
    assert np.abs(pixels(gif) - picture_of(player, 2, tmp_path)).mean() < 0.5


def test_one_step_alone_makes_a_still_gif(tmp_path):
    player = Player(correlate(X, W))
    gif = opened(player.save(tmp_path / "one.gif", steps=range(3, 4), **SMALL))
    assert gif.n_frames == 1


@pytest.mark.parametrize("operation", [correlate, convolve])
def test_mp4_plays_as_long_as_the_flip_and_the_steps_take(tmp_path, operation):
    player = Player(operation(X, W, "valid"), interval_ms=400)
    path = player.save(tmp_path / "film.mp4", **SMALL)
    frames = imageio_ffmpeg.read_frames(str(path), output_params=["-r", "25"])
    about = next(frames)
    shape = (about["size"][1], about["size"][0], 3)
    shown = [np.frombuffer(frame, np.uint8).reshape(shape).astype(int) for frame in frames]
    assert about["codec"] == "h264"
    assert all(side % 2 == 0 for side in about["size"])
    flips = player.pictures[0]["flips"]
    flip = 18 + (flips - 2) + 18 if flips else 0
    assert len(shown) == flip + 8 * 10 + 50
    places = [(step, flip + 10 * step + at) for step in (0, 4, 7) for at in (0, 9)]
    places += [
        (8, flip + 80),
        (8, flip + 80 + 49),
        *([(-flips, 0), (-flips, 17), (-10, 18 + flips - 11)] if flips else []),
    ]
    frames = Frames(sliding_window(player.trace, Look(width=320, density=0.5)))
    fresh = {key: frames.pixels(key)[..., :3].astype(int) for key in range(-flips, 9)}
    for key, place in places:
        height, width, _ = fresh[key].shape
        difference = {other: np.abs(shown[place][:height, :width] - pixels).mean() for other, pixels in fresh.items()}
        assert difference[key] < 4
        assert min(difference, key=difference.get) == key, f"frame {place} is another picture"


def test_mp4_without_imageio_ffmpeg_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ImportError, match=r'pip install "convviz\[video\]"'):
        Player(correlate(X, W)).save(tmp_path / "film.mp4", **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_html_holds_every_frame_twice_once_for_telephones(tmp_path):
    player = Player(convolve(X, W, "valid"))
    saved = Saved(player.save(tmp_path / "page.html", width=700, density=1, progress=False))
    flips = player.pictures[0]["flips"]
    frames = saved.frames
    assert set(frames) == {(which, key) for which in (1, 2) for key in range(-flips, 9)}
    [[narrow, wide]] = saved.state["versions"]
    assert narrow["size"][0] <= 360 < wide["size"][0] <= 700
    for picture in (narrow, wide):
        assert picture["count"] == picture["total"] == 9
        said, frame = frames[picture["generation"], 4]
        assert said["caption"] == player.trace[4].describe()
        assert said["texts"]["products"] == [str(value).replace("-", "−") for value in player.trace[4].products.flat]
        assert frame.size == tuple(picture["size"])


@pytest.mark.parametrize(("density", "most_tiles"), [(0.5, mosaic.MOST_TILES), (1, 3000), (1.25, 1)])
def test_html_frames_are_those_of_the_picture_to_the_pixel(tmp_path, monkeypatch, density, most_tiles):
    monkeypatch.setattr(mosaic, "MOST_TILES", most_tiles)
    player = Player(convolve(X, W, "valid"))
    path = player.save(tmp_path / "page.html", width=400, density=density, progress=False)
    frames = Saved(path).frames
    flips = player.pictures[0]["flips"]
    for generation, width in ((1, 360), (2, 400)):
        fresh = Frames(sliding_window(player.trace, Look(width=width, density=density)))
        for key in (-flips, -1, 0, 5, 8):
            assert np.array_equal(pixels(frames[generation, key][1]), fresh.pixels(key)[..., :3]), (generation, key)


def test_html_of_many_steps_is_as_large_as_what_is_new_in_them(tmp_path):
    trace = correlate(np.arange(100).reshape(10, 10) % 7, np.arange(9).reshape(3, 3) - 4)
    sizes = [
        Player(trace).save(tmp_path / "page.html", steps=steps, progress=False).stat().st_size
        for steps in (slice(1), slice(64))
    ]
    assert sizes[1] < 1.2 * 2**20
    assert sizes[1] - sizes[0] < 63 * 12 * 1024


def test_html_needs_nothing_from_anywhere(tmp_path):
    saved = Saved(Player(correlate(X, W)).save(tmp_path / "page.html", **SMALL))
    assert saved.links == ["data:,"]
    [module] = [text for about, text in saved.scripts if about.get("type") == "module"]
    assert "import " not in module.replace("/* ", "")
    assert "http" not in module.replace("http://www.w3.org/2000/svg", "")


def test_html_survives_captions_and_names_that_look_like_markup(tmp_path, monkeypatch):
    from convviz.operations.convolution.correlate import WindowStep

    caption = '</script><b id="x">&amp; "quoted" <!-- frames --> $player'
    monkeypatch.setattr(WindowStep, "describe", lambda step: caption)
    saved = Saved(Player(correlate(X, W)).save(tmp_path / "</title> $state & <i>.html".replace("/", ""), **SMALL))
    assert {said["caption"] for said, _ in saved.frames.values()} == {caption}
    assert saved.state["versions"][0][0]["longest"] == caption
    assert "b" not in saved.tags
    assert "i" not in saved.tags


def test_html_excerpt_knows_which_steps_it_holds(tmp_path):
    saved = Saved(Player(correlate(X, W)).save(tmp_path / "page.html", steps=slice(4, 7), **SMALL))
    [[picture]] = saved.state["versions"]
    assert (picture["count"], picture["total"], picture["steps"], picture["first"]["key"]) == (3, 9, [4, 5, 6], 4)
    assert [key for _, key in saved.frames] == [4, 5, 6]


def test_html_holds_all_pictures_and_other_files_one(tmp_path):
    both = {"scene": [dot_product, sliding_window], "titles": ["As vectors", "As grids"], "shares": [1, 2]}
    player = Player(correlate(X, W), convolve(X, W), **both)
    saved = Saved(player.save(tmp_path / "both.html", **SMALL))
    assert saved.state["titles"] == ["As vectors", "As grids"]
    assert saved.state["shares"] == [1, 2]
    [[first], [second]] = saved.state["versions"]
    assert (first["count"], second["count"]) == (9, 25)
    assert {which for which, _ in saved.frames} == {first["generation"], second["generation"]} == {1, 2}
    for number, scene in enumerate((dot_product, sliding_window)):
        size = scene(player.traces[number], Look(width=320)).size
        png = opened(player.save(tmp_path / "one.png", picture=number, **{**SMALL, "density": 1}))
        assert png.size == size
    gif = opened(player.save(tmp_path / "second.gif", picture=1, steps=slice(20, 25), **SMALL))
    assert gif.n_frames == player.pictures[1]["flips"] + 5


def test_a_module_holds_what_a_page_holds(tmp_path, monkeypatch):
    from convviz.operations.convolution.correlate import WindowStep

    monkeypatch.setattr(WindowStep, "describe", lambda step: "</script><!--")
    player = Player(correlate(X, W), convolve(X, W), titles=["As it is", "</script>"])
    how = {**SMALL, "dark": True}
    page, module = Saved(player.save(tmp_path / "page.html", **how)), player.save(tmp_path / "page.mjs", **how)
    held = held_by(module)
    assert held["state"] == page.state
    assert [about["data-says"] for about, _ in page.scripts if "data-says" in about] == [*held["says"]]
    assert held["reels"] == [json.loads(text) for about, text in page.scripts if "data-keys" in about]
    text = module.read_text(encoding="utf-8")
    assert "</script>" not in text
    assert not re.search(r"^import |http(?!://www\.w3\.org/2000/svg)", text, flags=re.MULTILINE)
    assert DARK.paper in re.search(r":host \{.*?\}", text)[0]


def test_nothing_is_editable_in_a_saved_page(tmp_path):
    player = Player(correlate(X, W))
    player.on_edit(print)
    assert Saved(player.save(tmp_path / "page.html", **SMALL)).state["editable"] is False


def test_html_that_would_be_too_large_is_soon_refused_with_a_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(held, "MOST_FRAMES", 2)
    monkeypatch.setattr(mosaic, "MOST_FRAMES", 2)
    player = Player(correlate(X, W))
    saved = Saved(player.save(tmp_path / "all.html", **SMALL))
    monkeypatch.setattr(
        held, "MOST_BYTES", sum(len(text) for about, text in saved.scripts if "data-keys" in about) // 2
    )
    drawn = []
    monkeypatch.setattr(
        Frames, "pixels", lambda frames, key, draw=Frames.pixels: drawn.append(key) or draw(frames, key)
    )
    complaint = r"steps: 9 steps would make .* MB; accepted: .*steps=slice\(0, (\d)\)"
    with pytest.raises(ValueError, match=complaint) as refusal:
        player.save(tmp_path / "none.html", **SMALL)
    assert len(drawn) < 9
    assert [path.name for path in tmp_path.iterdir()] == ["all.html"]
    advised = int(re.search(complaint, str(refusal.value))[1])
    player.save(tmp_path / "some.html", steps=slice(0, advised), **SMALL)


@pytest.mark.parametrize(
    ("name", "arguments", "error", "complaint"),
    [
        ("a.jpg", {}, ValueError, r"path is '.*a.jpg'; accepted: a name that ends in .gif, .mp4, .png, .html, .mjs"),
        ("a", {}, ValueError, "path is .*; accepted: a name that ends in"),
        ("a.js", {}, ValueError, "accepted: a name that ends in .*, .mjs"),
        ("nowhere/a.gif", {}, FileNotFoundError, "there is no folder '.*nowhere'"),
        ("folder.png", {}, IsADirectoryError, "which is a folder"),
        ("a.png", {"index": 9}, IndexError, "index is 9; accepted: 0 to 8, or -1 to -9"),
        ("a.png", {"index": 1.5}, TypeError, "index is 1.5; accepted: a whole number"),
        ("a.png", {"steps": slice(2)}, ValueError, "steps is .*, but a .png shows one step"),
        ("a.gif", {"index": 2}, ValueError, "index is 2, but only a .png shows a single step"),
        ("a.gif", {"steps": 3}, TypeError, "steps is 3; accepted: a slice or a range"),
        ("a.gif", {"steps": slice(9, None)}, ValueError, "chooses none of the 9 steps"),
        ("a.html", {"steps": range(5, 12)}, IndexError, "steps holds 11; accepted: 0 to 8"),
        ("a.png", {"picture": 1}, IndexError, "picture is 1; accepted: 0 to 0"),
        ("a.mp4", {"width": 100}, ValueError, "width is 100; accepted: a number from 320 to 1400"),
        ("a.mp4", {"width": "960"}, ValueError, "width is '960'; accepted"),
        ("a.mp4", {"density": 0}, ValueError, "density is 0; accepted: a number from 0.5 to 4"),
        ("a.mp4", {"density": float("nan")}, ValueError, "density is nan; accepted"),
        ("a.mjs", {"dark": "yes"}, ValueError, "dark is 'yes'; accepted: True, False, or None"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_any_work(tmp_path, name, arguments, error, complaint):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(error, match=complaint):
        Player(correlate(X, W)).save(tmp_path / name, **{"progress": False} | arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_an_animation_that_nobody_would_watch_is_refused(tmp_path):
    trace = correlate(np.zeros((120, 120), int), W)
    with pytest.raises(ValueError, match=r"14161 steps would play for 3.1 hours; accepted: up to 10000"):
        Player(trace).save(tmp_path / "long.gif", **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_path_must_be_a_path():
    with pytest.raises(TypeError, match="path is of type int; accepted: text"):
        Player(correlate(X, W)).save(3)


@pytest.mark.parametrize("suffix", ["gif", "mp4", "png", "html", "mjs"])
def test_a_failure_leaves_the_older_file_and_nothing_else(tmp_path, suffix):
    def brittle(trace, look):
        scene = sliding_window(trace, look)
        draw = scene.draw
        scene.draw = lambda index: draw(index) if look.density == 1 or index != 8 else 1 / 0
        return scene

    path = tmp_path / f"old.{suffix}"
    path.write_text("precious")
    with pytest.raises(ZeroDivisionError):
        Player(correlate(X, W), scene=brittle, index=8).save(path, **SMALL)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_file_is_replaced(tmp_path):
    path = tmp_path / "OLD.PNG"
    path.write_text("stale")
    Player(correlate(X, W)).save(str(path), **SMALL)
    assert opened(path).format == "PNG"


def test_saving_leaves_the_player_as_it_was(tmp_path):
    player = Player(correlate(X, W), index=3)
    before = player.get_state()
    player.save(tmp_path / "a.gif", **SMALL)
    assert player.get_state() == before


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_one_line_that_grows(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    Player(correlate(X, W)).save(tmp_path / "a.gif", width=320, density=0.5)
    lines = sys.stderr.getvalue().split("\r")
    assert lines[1] == f"a.gif [{'#' * 3}{'.' * 27}] 1 of 9"
    assert lines[-1] == f"a.gif [{'#' * 30}] 9 of 9\n"


def test_progress_is_silent_when_asked_or_when_nobody_looks(tmp_path, monkeypatch, capsys):
    Player(correlate(X, W)).save(tmp_path / "a.gif", width=320, density=0.5)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", Terminal())
    Player(correlate(X, W)).save(tmp_path / "a.gif", **SMALL)
    assert sys.stderr.getvalue() == ""


def test_a_notebook_shows_a_bar_and_takes_it_away(monkeypatch):
    shown = []
    monkeypatch.setattr(progress, "_is_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    values = [(item, shown[0].value) for item in progress.counted(["x", "y", "z"], "film.gif")]
    [bar] = shown
    assert isinstance(bar, ipywidgets.IntProgress)
    assert (bar.max, bar.description) == (3, "film.gif")
    assert values == [("x", 0), ("y", 1), ("z", 2)]
    assert bar.value == 3
    assert bar.comm is None
