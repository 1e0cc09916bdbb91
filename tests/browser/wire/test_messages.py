"""The Player's side of the wire: what it tells the kernel and asks of it, with a kernel played by the test."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.wire.page import LAPTOP, begin, opened, pointer, sees, stays


def test_it_tells_how_it_is_looked_at_and_only_then_asks_for_frames(page):
    page.evaluate("model.set('index', 4)")
    begin(page, first=4)
    look, want = page.evaluate("sent.slice(0, 2)")
    assert look == {"type": "look", "picture": 0, "width": 858, "density": 1, "dark": False, "channel": 0}
    assert want == {"type": "want", "picture": 0, "generation": 1, "keys": [5, 3, 6, 2, 7, 1, 8, 0]}
    assert page.evaluate("looks().length") == 1


def test_the_nearest_frames_are_asked_for_first(page):
    page.evaluate("model.set('index', 8)")
    begin(page, first=8, count=20)
    assert page.evaluate("wants()[0].keys") == [9, 7, 10, 6, 11, 5, 12, 4]
    stays(page)
    assert page.evaluate("wants()[1].keys") == [9, 7, 10, 6, 11, 5, 12, 4, 13, 3, 14, 2, 15, 1, 16, 0, 17, 18, 19]


def test_of_a_picture_that_is_soon_another_one_only_the_nearest_frames_are_asked_for(timed):
    page, nearest = timed, [1, 2, 3, 4]
    begin(page, count=20)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    for generation in (2, 3):
        page.evaluate("(generation) => show({ generation, count: 20 })", generation)
        page.wait_for_selector(f'[data-generation="{generation}"]')
        page.clock.run_for(1400)
        assert page.evaluate("wants().at(-1)") == {
            "type": "want",
            "picture": 0,
            "generation": generation,
            "keys": nearest,
        }
    page.clock.run_for(100)
    assert page.evaluate("wants().at(-1).keys") == [*range(1, 20)]
    assert page.evaluate("wants().filter(({ generation }) => generation > 1).length") == 3


def test_a_flip_to_come_is_asked_for_before_the_steps(page):
    begin(page, flips=3)
    assert page.evaluate("wants()[0].keys") == [-3, -2, -1, *range(1, 5)]
    page.evaluate("deliver([-3, -2])")
    assert page.evaluate("painted()") == [1, 0], "a flip that might stutter does not begin"
    page.evaluate("deliver([-1])")
    page.wait_for_selector('.convviz-player[data-shown="-3"]')
    sees(page, 0)


def test_wishes_come_in_batches_and_everything_comes_in_the_end(page):
    begin(page, count=100)
    stays(page)
    assert page.evaluate("wants()[1].keys") == list(range(1, 49))
    page.evaluate("deliver(wants()[1].keys)")
    for _ in range(5):
        page.evaluate("deliver(wants().at(-1).keys)")
    asked = page.evaluate("wants().map((want) => want.keys)")
    assert all(len(keys) <= 48 for keys in asked)
    assert {key for keys in asked for key in keys} == set(range(1, 100))
    assert page.evaluate("wants().length") <= 5, "no idle talk"


def test_of_a_long_run_only_the_surroundings_and_a_comb_are_fetched(page):
    begin(page, count=100_000)
    stays(page)
    page.evaluate(
        """() => {
          for (let talk = 0; talk < Math.min(wants().length, 30); talk++) deliver(wants()[talk].keys);
        }"""
    )
    keys = sorted(set(page.evaluate("wants().flatMap((want) => want.keys)")))
    assert keys[:255] == list(range(1, 256))
    assert 55 <= len(keys[255:]) <= 64
    assert keys[-1] == 99_999
    assert max(b - a for a, b in pairwise(keys[255:])) < 100_000 / 60


def test_dragging_through_a_long_run_finds_frames_that_are_at_hand(page):
    begin(page, count=100_000)
    stays(page)
    page.evaluate(
        """() => {
          for (let talk = 0; talk < Math.min(wants().length, 30); talk++) deliver(wants()[talk].keys);
        }"""
    )
    box = page.get_by_label("step", exact=True).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.mouse.down()
    page.evaluate("sent.length = 0")
    track = box["width"] - 16
    for x in range(10, int(track), 37):
        page.mouse.move(box["x"] + 8 + x, middle)
        at, near = 100_000 * x / track, 100_000 * 5 / track
        is_there = "([at, near]) => until(() => Math.abs(model.get('index') - at) < near)"
        assert page.evaluate(is_there, [at, near]), "within some pixels"
        index = page.evaluate("model.get('index')")
        sees(page, index)
    page.mouse.up()
    page.get_by_label("step", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("model.get('index')") == index - 1, "keys go where they say"


def test_a_jump_to_a_missing_frame_shows_where_it_will_be_and_asks_for_it_first(page):
    begin(page)
    page.evaluate("model.set('index', 5)")
    assert page.evaluate("wants().at(-1).keys[0]") == 5
    assert page.evaluate("painted()") == [1, 0], "the last frame stays"
    root = page.locator(".convviz-player")
    assert root.get_attribute("aria-busy") == "true"
    assert page.locator(".convviz-readout").text_content() == "step 6 of 9"
    assert page.evaluate("outlined()") == [
        {"panel": "input", "slices": "0", "rows": "1 2", "columns": "2 3"},
        {"panel": "output", "slices": "0", "rows": "1", "columns": "2"},
    ]
    page.evaluate("deliver([5])")
    sees(page, 5)
    assert page.evaluate("painted()") == [1, 5]
    assert page.locator(".convviz-caption").text_content() == "caption 5"
    assert page.locator(".convviz-outlines g").count() == 0


def test_frames_of_an_older_picture_are_not_taken_for_new_ones(page):
    begin(page)
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('[data-generation="2"]')
    page.evaluate("deliver([3], 0, 1)")
    page.evaluate("model.set('index', 3)")
    assert page.evaluate("painted()") == [2, 0]
    page.evaluate("deliver([3], 0, 2)")
    sees(page, 3)
    assert page.evaluate("painted()") == [2, 3]


def test_the_old_picture_stays_until_the_new_one_can_be_painted(page):
    begin(page)
    seen = page.evaluate(
        """async () => {
          const root = document.querySelector(".convviz-player");
          const look = () => `${painted()} ${root.dataset.generation} ${root.getBoundingClientRect().height}`;
          const seen = new Set([look()]);
          show({ generation: 2, first: 2 });
          seen.add(look());
          await until(() => (seen.add(look()), root.dataset.generation === "2"));
          return [...seen, look()];
        }"""
    )
    heights = {one.split()[2] for one in seen}
    assert len(heights) == 1
    assert {" ".join(one.split()[:2]) for one in seen} == {"1,0 1", "2,2 2"}


def test_only_the_newest_of_many_pictures_is_painted(page):
    begin(page)
    page.evaluate("[2, 3, 4, 5].forEach((generation) => show({ generation }))")
    page.wait_for_selector('[data-generation="5"]')
    assert page.evaluate("painted()") == [5, 0]
    assert page.evaluate("until(() => wants().at(-1).generation === 5)")


def test_playing_waits_for_a_late_frame_and_skips_none(page):
    begin(page)
    page.evaluate(
        """() => {
          window.frames_shown = [];
          new MutationObserver(([{ target }]) => frames_shown.push(Number(target.dataset.shown)))
            .observe(document.querySelector(".convviz-player"), { attributeFilter: ["data-shown"] });
        }"""
    )
    page.evaluate("deliver([1, 2])")
    page.get_by_role("button", name="play").click()
    assert page.evaluate("until(() => model.get('index') === 3)")
    page.evaluate("deliver([5, 6, 7, 8])")
    assert page.evaluate("model.get('index')") == 3
    page.evaluate("deliver([3, 4])")
    sees(page, 8)
    assert page.evaluate("frames_shown") == list(range(1, 9))
    expect(page.get_by_role("button", name="play")).to_have_count(1)


def test_playing_waits_while_one_looks_at_another_step(timed):
    page = timed
    begin(page)
    page.evaluate("deliver([1, 2, 3, 4, 5, 6, 7, 8])")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.get_by_role("button", name="play").click()
    page.evaluate("(hover) => model.set('hover', hover)", pointer("output", 0, 1, 2))
    sees(page, 5)
    page.clock.run_for(1000)
    assert page.evaluate("model.get('index')") == 0
    assert page.locator(".convviz-player").get_attribute("data-shown") == "5"
    page.evaluate("model.set('hover', '')")
    page.clock.run_for(29)
    assert page.evaluate("model.get('index')") == 0
    page.clock.run_for(1)
    sees(page, 1)


def test_memory_has_a_bound_and_what_was_dropped_is_asked_for_again(page):
    begin(page, count=40)
    page.evaluate("deliver([0, 1, 2, 3, 4, 5], 0, 1, 8 * 2 ** 20)")
    page.evaluate("model.set('index', 30)")
    page.evaluate("deliver([30, 31, 32, 33, 34, 35], 0, 1, 8 * 2 ** 20)")
    sees(page, 30)
    page.evaluate("sent.length = 0; model.set('index', 2)")
    assert page.evaluate("until(() => wants().length > 0)"), "step 2 was kept: nothing was dropped"
    assert page.evaluate("wants()[0].keys[0]") == 2


def test_views_of_one_model_share_frames_and_wishes(page):
    begin(page)
    page.evaluate("mount('two')")
    sees(page, 0, "two")
    assert page.evaluate("wants().length") <= 2, "soon the nearest, later all"
    page.evaluate("deliver([1, 2, 3])")
    page.locator("#two").get_by_role("button", name="next step").click()
    for where in ("one", "two"):
        sees(page, 1, where)
        assert page.evaluate("(where) => painted(where)", where) == [1, 1]
    page.evaluate("dispose('two')")
    assert page.locator("#two *").count() == 0
    page.locator("#one").get_by_role("button", name="next step").click()
    sees(page, 2)


def test_a_view_that_goes_takes_everything_with_it(page):
    page.evaluate("show({})")
    page.evaluate("start()")
    before = page.evaluate("listening()")
    for _ in range(3):
        page.evaluate("mount('one')")
        sees(page, 0)
        page.evaluate("dispose('one')")
    assert page.evaluate("listening()") == before
    assert page.locator("#one *").count() == 0
    page.evaluate("document.getElementById('two').style.display = 'none'; mount('two'); sent.length = 0")
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('#two .convviz-player[data-generation="2"]', state="attached")
    assert page.evaluate("sent") == [], "somebody who has gone still asks for frames"


def test_with_the_kernel_gone_what_is_at_hand_still_works(page):
    begin(page)
    page.evaluate("deliver([1, 2])")
    page.evaluate("window.gone = true")
    for key in (1, 2):
        page.get_by_role("button", name="next step").click()
        sees(page, key)
    page.get_by_role("button", name="next step").click()
    assert page.locator(".convviz-readout").text_content() == "step 4 of 9"
    page.get_by_role("button", name="loop").click()
    page.get_by_role("button", name="previous step").click()
    sees(page, 2)


def test_each_step_is_saved_for_the_kernel(page):
    begin(page)
    page.get_by_role("button", name="last step").click()
    page.get_by_role("button", name="previous step").click()
    assert page.evaluate("saved") == [8, 7]


def test_a_linked_player_previews_and_outlines_with_the_other(page):
    begin(page)
    page.evaluate("deliver([1, 2, 3, 4, 5, 6, 7, 8])")
    page.evaluate("(hover) => model.set('hover', hover)", pointer("output", 0, 1, 0))
    sees(page, 3)
    page.evaluate("(hover) => model.set('hover', hover)", pointer("input", 0, 0, 0))
    sees(page, 0)
    assert {"panel": "output", "slices": "0", "rows": "0", "columns": "0"} in page.evaluate("outlined()")
    page.evaluate("model.set('hover', '')")
    assert page.locator(".convviz-outlines g").count() == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        "output:3",
        "null",
        "[]",
        "{",
        '{"at": 3, "fixed": [], "held": []}',
        pointer("output", 0, 1, 1).replace(", 1]", ", 99]"),
    ],
)
def test_a_cell_that_is_not_there_is_nothing_pointed_at(page, nonsense):
    begin(page)
    page.evaluate("(cell) => model.set('hover', cell)", nonsense)
    sees(page, 0)
    assert page.locator(".convviz-outlines g").count() == 0


def test_an_index_beyond_the_end_shows_the_last_step_and_stays_in_step_with_the_others(page):
    begin(page)
    page.evaluate("deliver([7, 8])")
    page.evaluate("model.set('index', 20)")
    sees(page, 8)
    assert page.locator(".convviz-readout").text_content() == "step 9 of 9"
    page.get_by_role("button", name="next step").click(force=True)
    assert page.evaluate("model.get('index')") == 20
    page.get_by_role("button", name="previous step").click()
    assert page.evaluate("model.get('index')") == 19
    sees(page, 8)


def test_a_hidden_player_says_nothing_until_it_is_seen(page):
    page.evaluate("document.getElementById('one').style.display = 'none'")
    page.evaluate("show({})")
    page.evaluate("start(); mount('one')")
    page.wait_for_selector('#one .convviz-player[data-shown="0"]', state="attached")
    assert page.evaluate("sent") == []
    page.evaluate("document.getElementById('one').style.display = ''")
    assert page.evaluate("until(() => wants().length > 0)")
    assert page.evaluate("sent.map((message) => message.type)") == ["look", "want"]


def test_a_new_width_is_told_once_it_stays_and_a_few_pixels_never(timed):
    page = timed
    page.clock.install()
    page.evaluate("show({})")
    page.evaluate("start(); mount('one')")
    page.wait_for_selector('#one .convviz-player[data-shown="0"]')
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    page.evaluate("resized('one', 884)")
    page.clock.run_for(1000)
    for width in (874, 600, 500, 400):
        page.evaluate("(width) => resized('one', width)", width)
        page.clock.run_for(1000 if width in (874, 400) else 20)
    assert page.evaluate("looks().map((look) => look.width)") == [858, 390]


def test_a_picture_is_marked_from_when_its_room_changes_until_there_is_one_for_it(timed):
    page = timed
    page.clock.install()
    begin(page)
    page.wait_for_selector(".convviz-stage[data-unsized]")
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('.convviz-stage[data-generation="2"]:not([data-unsized])')
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    page.evaluate("resized('one', 600)")
    assert page.locator(".convviz-stage[data-unsized]").count() == 1
    assert len(page.evaluate("looks()")) == 1, "the kernel is told when the room stays"
    page.evaluate("resized('one', 884)")
    page.clock.run_for(1000)
    assert page.locator(".convviz-stage[data-unsized]").count() == 0, "the picture that is there fits"
    assert len(page.evaluate("looks()")) == 1


@pytest.mark.parametrize(
    ("change", "dark"),
    [
        ("document.body.style.background = '#111'", True),
        ("document.body.dataset.jpThemeLight = 'false'", True),
        ("document.body.style.background = 'transparent'", False),
        ("document.body.style.background = 'rgb(0 0 0 / 10%)'", False),
        ("document.body.style.background = 'color(srgb 0.95 0.95 0.95)'", False),
        ("document.body.style.background = 'none'; document.documentElement.style.colorScheme = 'dark'", True),
        ("document.body.dataset.jpThemeLight = 'true'; document.body.style.background = '#111'", False),
    ],
)
def test_it_knows_a_dark_page_when_it_sees_one(page, change, dark):
    page.evaluate("(change) => { eval(change); }", change)
    begin(page)
    assert page.evaluate("looks()[0].dark") is dark
    assert page.locator(".convviz-player").get_attribute("data-dark") == str(dark).lower()


def test_it_notices_when_the_theme_changes(page):
    begin(page)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert page.evaluate("until(() => looks().length === 2)")
    assert page.evaluate("looks()[1]") == {
        "type": "look",
        "picture": 0,
        "width": 858,
        "density": 1,
        "dark": True,
        "channel": 0,
    }


def test_a_frame_that_cannot_be_decoded_does_not_stop_the_rest(browser):
    page, said = opened(browser, [], **LAPTOP), []
    page.on("console", lambda message: said.append(message.text) if message.type == "warning" else None)
    begin(page)
    page.evaluate(
        """async () => {
          const frame = { type: "frame", picture: 0, generation: 1, key: 1, caption: "broken" };
          tell("msg:custom", frame, [new DataView(new ArrayBuffer(8))]);
          await deliver([2]);
        }"""
    )
    page.get_by_role("button", name="next step").click()
    assert page.locator(".convviz-player").get_attribute("aria-busy") == "true"
    page.get_by_role("button", name="next step").click()
    sees(page, 2)
    page.close()
    assert any("convviz" in line for line in said)
