"""The Player in a real browser, as a saved page: no kernel, no server, no network; every control still works."""

import base64
import json
from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from convviz import convolve, correlate
from convviz.player import Player
from convviz.player.frames.frames import Frames
from convviz.player.saving import held, mosaic
from convviz.scenes import sliding_window
from convviz.theme import Look

X = np.arange(25).reshape(5, 5)
W = np.array([[1, 2, 0], [3, 4, 1], [0, 1, -1]])
PLAIN = correlate(X, W)
FLIPPED = convolve(X, W, "valid")
REMEMBER_WHAT_WAS_SHOWN = """
window.history_of_frames = [];
new MutationObserver((changes) => {
  for (const { target } of changes.filter(({ target }) => target.matches(".convviz-player")))
    window.history_of_frames.push(Number(target.dataset.shown));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-shown"] });
"""

IN_A_SHADOW_ROOT = """
const find = document.getElementById.bind(document);
document.getElementById = (id) => {
  if (id !== "player") return find(id);
  const [root, el] = [find(id).attachShadow({ mode: "open" }), document.createElement("div")];
  root.append(...[...document.querySelectorAll("style")].map((style) => style.cloneNode(true)), el);
  return el;
};
"""
"""Puts the player where marimo and MyST put it: the document sees neither what is pointed at nor what has the focus."""


class Reader:
    """Somebody who looks at a saved page and works its controls."""

    def __init__(self, page, path):
        self.page = page
        self.trouble, self.requests = [], []
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.add_init_script(REMEMBER_WHAT_WAS_SHOWN)
        self.address = path.as_uri()
        page.goto(self.address)
        self.root = page.locator(".convviz-player")
        self.stage = page.locator(".convviz-stage")
        self.versions = json.loads(page.locator("#state").text_content())["versions"]
        self.sees(self.versions[0][0]["steps"][0])

    def sees(self, key):
        """Wait until a frame is on the canvas, and nothing is on its way."""
        self.page.wait_for_selector(f'.convviz-player[data-shown="{key}"][aria-busy="false"]')

    def press(self, key):
        self.page.keyboard.press(key)

    def click(self, name):
        self.button(name).click(force=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def take_the_keyboard(self):
        self.page.locator("canvas").focus()

    @property
    def caption(self):
        return self.page.locator(".convviz-caption").text_content()

    @property
    def readout(self):
        return self.page.locator(".convviz-readout").text_content()

    @property
    def history(self):
        return self.page.evaluate("history_of_frames")

    def has_seen(self, frames):
        """Wait until so many frames have been on the canvas, one after the other."""
        self.page.evaluate(
            """async (n) => {
              const end = performance.now() + 30_000;
              while (history_of_frames.length < n && performance.now() < end) await new Promise(requestAnimationFrame);
            }""",
            frames,
        )

    @property
    def picture(self):
        """What the page knows of the (first) picture on the canvas."""
        generation = int(self.root.get_attribute("data-generation"))
        [picture] = [one for one in self.versions[0] if one["generation"] == generation]
        return picture

    def panel(self, name):
        [panel] = [panel for panel in self.picture["panels"] if panel["name"] == name]
        return panel

    def place_of(self, name, *cell):
        """Where a cell's centre is on the page: of its slice, row and column, or of its row and column."""
        slice_, row, column = (0, *cell)[-3:]
        panel, box = self.panel(name), self.stage.bounding_box()
        piece, scale = panel["slices"][slice_], box["width"] / self.picture["size"][0]
        x = piece["x"] + (column + 0.5) * piece["width"] / panel["columns"]
        y = piece["y"] + (row + 0.5) * piece["height"] / panel["rows"]
        return box["x"] + scale * x, box["y"] + scale * y

    def point_at(self, name, *cell):
        self.page.mouse.move(*self.place_of(name, *cell))

    def leave(self):
        box = self.stage.bounding_box()
        self.page.mouse.move(box["x"] + 5, box["y"] + box["height"] + 40)
        # The browser moves the mouse from frame to frame.
        self.page.evaluate("new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))")

    def outlined(self):
        """The cells outlined in each panel: (slice, row, column)."""
        found = defaultdict(set)
        for group in self.page.locator(".convviz-outlines g").evaluate_all("groups => groups.map((g) => g.dataset)"):
            along = [map(int, group[axis].split()) for axis in ("slices", "rows", "columns")]
            found[group["panel"]] |= set(product(*along))
        return found


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save a trace as a page, once."""
    folder = tmp_path_factory.mktemp("saved")
    pages = {}

    def saved(trace, interval_ms, steps):
        if (path := pages.get((trace, steps))) is None:
            path = pages[trace, steps] = folder / f"{len(pages)}.html"
            Player(trace, scene=sliding_window).save(path, density=1, steps=steps, progress=False)
        if interval_ms == 800:
            return path
        copy = folder / f"{path.stem} every {interval_ms} ms.html"
        copy.write_text(path.read_text("utf-8").replace('"interval_ms": 800', f'"interval_ms": {interval_ms}'), "utf-8")
        return copy

    return saved


@pytest.fixture
def opened(profiles, saved):
    """Open a saved trace; in the end there must have been no complaint and no request but for the page."""
    readers, borrowed = [], []

    def opened(trace, *, width=1100, height=900, steps=None, interval_ms=800, before="", **context):
        borrowed.append(profiles.take("file:///", **context))
        page = borrowed[-1].context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.add_init_script(before)
        readers.append(Reader(page, saved(trace, interval_ms, steps)))
        return readers[-1]

    yield opened
    for profile in borrowed:
        profiles.give_back(profile)
    for reader in readers:
        assert reader.trouble == []
        assert reader.requests == [reader.address]


def test_buttons_step_through_and_stop_at_the_ends(opened):
    trace = PLAIN
    reader = opened(trace)
    assert (reader.readout, reader.caption) == ("step 1 of 9", trace[0].describe())
    reader.click("next step")
    reader.sees(1)
    assert (reader.readout, reader.caption) == ("step 2 of 9", trace[1].describe())
    assert reader.page.locator("canvas").get_attribute("aria-label") == trace[1].describe()
    for name, key in [
        ("last step", 8),
        ("next step", 8),
        ("previous step", 7),
        ("first step", 0),
        ("previous step", 0),
    ]:
        reader.click(name)
        reader.sees(key)
        assert reader.caption == trace[key].describe()
    assert reader.button("previous step").get_attribute("aria-disabled") == "true"
    assert reader.button("next step").get_attribute("aria-disabled") == "false"


def test_keys_step_through(opened):
    reader = opened(PLAIN)
    reader.take_the_keyboard()
    for key, step in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 8), ("Home", 0)]:
        reader.press(key)
        reader.sees(step)
    assert reader.history == [0, 1, 2, 1, 8, 0]


CANVAS_AS_PIXELS = """() => {
  const canvas = document.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return [canvas.height, canvas.width, btoa(text)];
}"""


def check_frames(reader, trace, presses):
    """Press keys, and compare what is on the canvas then with a fresh picture."""
    reader.take_the_keyboard()
    frames = Frames(sliding_window(trace, Look(width=960)))
    for key, step in presses:
        reader.press(key)
        reader.sees(step)
        height, width, pixels = reader.page.evaluate(CANVAS_AS_PIXELS)
        shown = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)
        assert np.array_equal(shown, frames.pixels(step)), f"step {step} is another picture"


def test_frames_are_those_of_the_picture_to_the_pixel_whatever_was_shown_before(opened):
    reader = opened(FLIPPED, reduced_motion="reduce")
    check_frames(reader, FLIPPED, [("End", 8), ("ArrowLeft", 7), ("Home", 0), ("ArrowRight", 1)])


def test_frames_of_a_long_page_are_unpacked_when_they_are_looked_at(opened, monkeypatch):
    """Each frame is in a part of its own, and only so many parts are unpacked at a time."""
    for module in (held, mosaic):
        monkeypatch.setattr(module, "MOST_FRAMES", 1)
    trace = correlate(X + 1, W)
    reader = opened(trace)
    assert reader.page.locator("[data-keys]").count() == 2 * 9
    there = [("ArrowRight", step) for step in range(1, 9)]
    back = [("ArrowLeft", step) for step in range(7, -1, -1)]
    check_frames(reader, trace, [*there, *back, ("End", 8), ("Home", 0)])


def test_the_keyboard_reaches_every_control_and_then_the_picture(opened):
    reader = opened(FLIPPED, reduced_motion="reduce")
    names, kept = [], set()
    reader.button("first step").focus()
    for _ in range(15):
        names.append(reader.page.evaluate("document.activeElement.ariaLabel"))
        # Without it, Notebook 7 and JupyterLab take arrow keys and letters for their own shortcuts.
        kept.add(reader.page.evaluate("document.activeElement.hasAttribute('data-lm-suppress-shortcuts')"))
        reader.press("Tab")
    assert kept == {True}
    steps = ["first step", "previous step", "play", "next step", "last step"]
    assert names[:9] == [*steps, "step", "speed", "loop", "flip the kernel"]
    grids = [name.split(",")[0] for name in names[10:]]
    assert grids == ["Input", "Kernel", "Flipped kernel", "Products", "Output"]
    reader.press("Shift+Tab")
    assert reader.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_space_on_a_focused_button_presses_that_and_nothing_else(opened):
    reader = opened(PLAIN)
    reader.button("loop").focus()
    reader.press("Space")
    assert reader.button("loop").get_attribute("aria-pressed") == "true"
    assert reader.button("play").count() == 1, "space did not also start playing"
    reader.button("next step").focus()
    reader.press("Space")
    reader.sees(1)
    reader.press("ArrowRight")
    reader.sees(2)
    assert reader.history == [0, 1, 2]


def test_space_plays_and_pauses(opened):
    reader = opened(PLAIN, interval_ms=100_000)
    reader.take_the_keyboard()
    reader.press("Space")
    assert reader.button("pause").count() == 1
    assert reader.page.locator(".convviz-caption").get_attribute("aria-live") == "off"
    reader.press("Space")
    assert reader.button("play").count() == 1
    assert reader.page.locator(".convviz-caption").get_attribute("aria-live") == "polite"
    assert reader.history == [0]


def test_playing_shows_every_step_and_stops_at_the_last(opened):
    reader = opened(PLAIN, interval_ms=30)
    reader.click("play")
    reader.sees(8)
    reader.page.wait_for_selector("[aria-label=play]")
    assert reader.history == list(range(9))
    reader.click("play")
    reader.has_seen(18)
    assert reader.history == list(range(9)) * 2


def test_looping_starts_over_until_paused(opened):
    reader = opened(PLAIN, interval_ms=20)
    reader.click("loop")
    assert reader.button("loop").get_attribute("aria-pressed") == "true"
    reader.click("play")
    reader.has_seen(12)
    reader.click("pause")
    assert reader.history[:12] == [*range(9), 0, 1, 2]


def test_speed_is_how_much_faster(opened):
    reader = opened(PLAIN, interval_ms=480)
    reader.page.get_by_label("speed").select_option("16×")
    started = reader.page.evaluate("performance.now()")
    reader.click("play")
    reader.sees(8)
    assert reader.page.evaluate("performance.now()") - started < 8 * 480, "as slow as without"


def test_stepping_by_hand_ends_playing(opened):
    reader = opened(PLAIN, interval_ms=100_000)
    reader.click("play")
    reader.click("next step")
    reader.sees(1)
    assert reader.button("play").count() == 1


def test_the_slider_keeps_its_own_keys(opened):
    reader = opened(PLAIN)
    slider = reader.page.get_by_label("step", exact=True)
    slider.focus()
    for key, step in [("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 8), ("Home", 0)]:
        reader.press(key)
        reader.sees(step)
        assert slider.get_attribute("aria-valuetext") == f"step {step + 1} of 9"
    assert reader.history == [0, 1, 2, 1, 8, 0]


def test_dragging_the_slider_scrubs(opened):
    reader = opened(PLAIN)
    box = reader.page.get_by_label("step", exact=True).bounding_box()
    middle = box["y"] + box["height"] / 2
    reader.page.mouse.move(box["x"] + 8, middle)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=4)
    reader.sees(4)
    reader.page.mouse.move(box["x"] + box["width"] - 2, middle, steps=4)
    reader.sees(8)
    reader.page.mouse.up()
    assert reader.readout == "step 9 of 9"


def test_pointing_at_an_output_cell_shows_its_window_until_one_leaves(opened):
    trace = PLAIN
    reader = opened(trace)
    reader.click("next step")
    reader.point_at("output", 1, 2)
    reader.sees(5)
    assert (reader.readout, reader.caption) == ("step 6 of 9", trace[5].describe())
    assert reader.page.get_by_label("step", exact=True).input_value() == "1"
    reader.leave()
    reader.sees(1)
    assert (reader.readout, reader.caption) == ("step 2 of 9", trace[1].describe())


def test_clicking_an_output_cell_pins_it(opened):
    reader = opened(PLAIN)
    reader.page.mouse.click(*reader.place_of("output", 2, 1))
    reader.sees(7)
    reader.leave()
    reader.take_the_keyboard()
    reader.press("ArrowLeft")
    reader.sees(6)
    assert reader.history[-2:] == [7, 6]


def test_keys_act_on_the_pinned_step_while_the_pointer_rests_on_an_output_cell(opened):
    reader = opened(PLAIN)
    reader.point_at("output", 1, 2)
    reader.sees(5)
    reader.take_the_keyboard()
    reader.press("ArrowRight")
    reader.sees(1)


def test_outlines_surround_their_cells(opened):
    reader = opened(PLAIN)
    reader.point_at("input", 2, 2)
    drawn = reader.page.locator(".convviz-outlines g[data-panel=input] .convviz-line").bounding_box()
    [piece] = reader.panel("input")["slices"]
    stage = reader.stage.bounding_box()
    assert drawn["x"] == pytest.approx(stage["x"] + piece["x"] + 0.4 * piece["width"], abs=3)
    assert drawn["width"] == pytest.approx(0.2 * piece["width"], abs=6)


def test_the_flip_is_shown_once_and_again_when_asked_for(opened):
    reader = opened(FLIPPED)
    flip = list(range(-reader.picture["flips"], 0))
    reader.has_seen(len(flip) + 2)
    assert reader.history == [0, *flip, 0]
    reader.click("next step")
    reader.sees(1)
    reader.click("flip the kernel")
    reader.has_seen(2 * len(flip) + 4)
    assert reader.history == [0, *flip, 0, 1, *flip, 1]


def test_the_flip_makes_way_for_whoever_steps(opened):
    reader = opened(FLIPPED, reduced_motion="reduce")
    readout, caption = reader.page.evaluate(
        """async () => {
          const [root, flip, last, readout, caption] = [".convviz-player", "[aria-label='flip the kernel']",
            "[aria-label='last step']", ".convviz-readout", ".convviz-caption"].map((at) => document.querySelector(at));
          flip.click();
          while (root.dataset.shown >= -19) await new Promise(requestAnimationFrame);
          while (root.dataset.shown < -19) await new Promise(requestAnimationFrame);
          const words = [readout.textContent, caption.textContent];
          last.click();
          return words;
        }"""
    )
    assert readout == "the kernel flips"
    assert "flips the kernel" in caption
    reader.sees(8)
    assert reader.history[0] == 0
    assert reader.history[-1] == 8
    assert set(reader.history[1:-1]) < set(range(-20, 0))


def test_with_reduced_motion_nothing_moves_by_itself(opened):
    reader = opened(FLIPPED, reduced_motion="reduce")
    reader.click("next step")
    reader.sees(1)
    assert reader.history == [0, 1]
    reader.click("flip the kernel")
    reader.has_seen(23)
    assert reader.history == [0, 1, *range(-20, 0), 1]


def test_without_a_flip_there_is_no_button_for_it(opened):
    reader = opened(PLAIN)
    assert reader.button("flip the kernel").count() == 0


@pytest.mark.parametrize("width", [320, 360, 390])
def test_telephones_get_a_picture_of_their_own(opened, width):
    reader = opened(FLIPPED, width=width, reduced_motion="reduce")
    page = reader.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert reader.picture["size"][0] <= 360
    assert reader.stage.bounding_box()["width"] >= 0.95 * min(width - 16, reader.picture["size"][0])
    for control in page.locator(".convviz-controls :is(button, input, select):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert min(box["width"], box["height"]) >= 32
    page.mouse.click(*reader.place_of("output", 2, 1))
    reader.sees(7)


def test_turning_the_telephone_changes_the_picture_and_keeps_the_step(opened):
    reader = opened(PLAIN, width=390)
    reader.click("next step")
    reader.sees(1)
    reader.page.set_viewport_size({"width": 1000, "height": 500})
    reader.page.wait_for_selector('.convviz-player[data-generation="2"][data-shown="1"]')
    assert reader.picture["size"][0] > 390
    reader.click("next step")
    reader.sees(2)


@pytest.mark.parametrize("before", ["", IN_A_SHADOW_ROOT], ids=["in the page", "in a shadow root"])
def test_a_finger_points_and_pins(before, opened):
    reader = opened(PLAIN, width=390, height=1200, before=before, has_touch=True)
    assert reader.root.evaluate("el => el.getRootNode() === document") is not bool(before)
    reader.page.touchscreen.tap(*reader.place_of("input", 1, 2))
    assert len(reader.outlined()["output"]) == 6, "what a finger points at stays when it is lifted"
    reader.page.touchscreen.tap(*reader.place_of("output", 1, 1))
    reader.sees(4)
    reader.page.get_by_role("button", name="next step").tap()
    reader.sees(5)
    reader.page.touchscreen.tap(*reader.place_of("kernel", 0, 0))
    assert len(reader.outlined()["input"]) == 9
    reader.page.touchscreen.tap(5, 1190)
    assert reader.outlined() == {}


@pytest.mark.parametrize("before", ["", IN_A_SHADOW_ROOT], ids=["in the page", "in a shadow root"])
def test_the_keyboard_points_and_steps(before, opened):
    reader = opened(PLAIN, before=before)
    reader.page.locator("[data-panel=input] [role=gridcell][tabindex='0']").focus()
    reader.press("ArrowDown")
    reader.press("ArrowRight")
    reader.page.wait_for_selector(".convviz-outlines g[data-panel=output]", state="attached")
    assert reader.outlined()["output"] == set(product([0], [0, 1], [0, 1])), "the cell with the focus is pointed at"
    reader.leave()
    assert reader.outlined()["output"], "and still is when the mouse has gone"
    reader.take_the_keyboard()
    reader.press("ArrowRight")
    reader.sees(1)


def test_nothing_jumps_from_step_to_step(opened):
    reader = opened(correlate([[1, 200, 3], [4, 5, -6], [7, 1000, 0]], [[1, 2], [-3, 40]]), width=390)
    heights = set()
    for step in range(4):
        reader.sees(step)
        heights.add(reader.root.bounding_box()["height"])
        reader.click("next step")
    assert len(heights) == 1


def test_an_excerpt_steps_through_what_it_holds(opened):
    trace = PLAIN
    reader = opened(trace, steps=range(2, 8, 2))
    assert (reader.readout, reader.caption) == ("step 1 of 3", trace[2].describe())
    reader.click("next step")
    reader.sees(4)
    reader.point_at("output", 2, 0)
    reader.sees(6)
    reader.point_at("output", 1, 2)
    reader.sees(4)
    reader.point_at("products", 0, 0)
    assert reader.outlined()["input"] == {(0, 1, 1)}
    reader.page.mouse.click(*reader.place_of("output", 2, 0))
    reader.sees(6)
    assert reader.readout == "step 3 of 3"


def test_the_dark_page_is_dark_all_over(browser, tmp_path):
    player = Player(correlate(X, W))
    player._handle_custom_msg(
        {"type": "look", "picture": 0, "width": 960, "density": 1, "dark": True, "channel": 0}, []
    )
    page = browser.new_page()
    page.goto(player.save(tmp_path / "dark.html", density=1, progress=False).as_uri())
    page.wait_for_selector(".convviz-player[data-shown]")
    luminance = """(color) => color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)"""
    style = "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    for selector in ("body", ".convviz-player button"):
        ground, ink = page.locator(selector).first.evaluate(style)
        assert page.evaluate(luminance, ground) < 200
        assert page.evaluate(luminance, ink) > 500
    page.close()
