"""Several pictures in one player: side by side, one bar, one step, one thing pointed at."""

import pytest

from tests.browser.wire.page import begin, pointer, renewed, sees


@pytest.fixture
def page(page):
    page.set_viewport_size({"width": 1280, "height": 720})
    return page


def stages(page):
    return page.evaluate("[...document.querySelectorAll('.convviz-stage')].map(({ dataset }) => ({ ...dataset }))")


def boxes(page):
    return [stage.bounding_box() for stage in page.locator(".convviz-stage").all()]


def test_pictures_stand_side_by_side_where_there_is_room(page):
    begin(page, {}, {})
    assert [(look["picture"], look["width"]) for look in page.evaluate("looks()")] == [(0, 607), (1, 607)]
    first, second = boxes(page)
    assert first["y"] == second["y"]
    assert second["x"] >= first["x"] + first["width"]
    page.evaluate("resized('one', 700)")
    assert page.evaluate("until(() => looks().length === 4)")
    assert {look["width"] for look in page.evaluate("looks().slice(2)")} == {674}
    first, second = boxes(page)
    assert second["y"] >= first["y"] + first["height"]


def test_one_bar_moves_all_pictures(page):
    begin(page, {}, {})
    assert page.locator(".convviz-controls").count() == 1
    page.evaluate("deliver([1], 0)")
    page.get_by_role("button", name="next step").click()
    assert page.locator(".convviz-player").get_attribute("aria-busy") == "true", "the other one is late"
    page.evaluate("deliver([1], 1)")
    sees(page, 1)
    assert [stage["shown"] for stage in stages(page)] == ["1", "1"]
    assert [page.evaluate("(n) => painted('one', n)", n) for n in (0, 1)] == [[1, 1], [1, 1]]


def test_each_picture_asks_for_its_own_frames(page):
    begin(page, {}, {"count": 4})
    assert page.evaluate("until(() => wants().length >= 2)")
    wants = [(want["picture"], want["keys"]) for want in page.evaluate("wants().slice(0, 2)")]
    assert sorted(wants) == [(0, [1, 2, 3, 4]), (1, [1, 2, 3])]
    page.evaluate("deliver([8], 0); deliver([3], 1)")
    page.get_by_role("button", name="last step").click()
    sees(page, 8)
    assert [stage["shown"] for stage in stages(page)] == ["8", "3"], "a shorter one stays at its last step"


def test_what_is_said_twice_is_written_once(page):
    begin(page, {}, {})
    assert page.locator(".convviz-caption p").all_text_contents() == ["caption 0"]
    page.evaluate("show({ generation: 2 }, { generation: 2, first: 3 })")
    page.wait_for_selector('.convviz-stage[data-shown="0"][data-generation="2"]')
    assert page.locator(".convviz-caption p").all_text_contents() == ["caption 0", "caption 3"]


def captions(page):
    return [caption.bounding_box() for caption in page.locator(".convviz-caption p").all()]


def test_captions_stand_below_their_pictures(page):
    begin(page, {}, {"first": 3})
    (first, second), (left, right) = captions(page), boxes(page)
    assert first["y"] == second["y"] > left["y"] + left["height"]
    assert abs(first["x"] - left["x"]) < 12
    assert abs(second["x"] - right["x"]) < 12
    page.evaluate("resized('one', 700)")
    page.evaluate("show({ generation: 2 }, { generation: 2, first: 3 })")
    page.wait_for_selector('.convviz-stage[data-shown="3"][data-generation="2"]')
    first, second = captions(page)
    assert first["x"] == second["x"]
    assert second["y"] >= first["y"] + first["height"]


def test_a_caption_takes_no_more_lines_than_it_needs(page):
    longest = "123456789 " * 7
    begin(page, longest=longest)
    caption = page.locator(".convviz-longest p")
    line = caption.evaluate("(node) => parseFloat(getComputedStyle(node).lineHeight)")
    assert caption.bounding_box()["height"] <= line + 1
    begin(renewed(page), longest=longest * 4)
    assert caption.bounding_box()["height"] >= 4 * line, "lines that the eye can follow"


def test_pictures_that_write_out_their_sum_have_a_caption_for_screen_readers_only(page):
    begin(page, {"says": True}, {"says": True})
    assert page.locator(".convviz-captions").bounding_box()["height"] <= 1
    page.evaluate("show({ generation: 2, says: true }, { generation: 2, says: false })")
    page.wait_for_selector('[data-generation="2"]')
    assert page.locator(".convviz-captions").bounding_box()["height"] > 10


def test_new_pictures_are_taken_over_together(page):
    begin(page, {}, {})
    page.evaluate(
        """() => {
          const real = createImageBitmap;
          let calls = 0;
          window.createImageBitmap = async (blob) => {
            if (calls++ === 0) await new Promise((decoded) => (window.release = decoded));
            window.decoded = (window.decoded ?? 0) + 1;
            return real(blob);
          };
          show({ generation: 2 }, { generation: 2 });
        }"""
    )
    assert page.evaluate("until(() => window.decoded === 1)")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert [stage["generation"] for stage in stages(page)] == ["1", "1"]
    page.evaluate("release()")
    page.wait_for_selector('.convviz-player[data-generation="2"]')
    assert [stage["generation"] for stage in stages(page)] == ["2", "2"]


def test_what_is_pointed_at_in_one_is_outlined_in_all(page):
    begin(page, {}, {})
    page.evaluate("[0, 1].forEach((n) => deliver([1, 2, 3, 4, 5, 6, 7, 8], n))")
    page.locator(".convviz-stage").nth(1).locator('[aria-label^="Kernel, row 1, column 1"]').hover()
    outlined = page.evaluate("outlined()")
    assert len(outlined) == 6
    assert outlined[:3] == outlined[3:]
    page.evaluate("(hover) => model.set('hover', hover)", pointer("output", 0, 2, 1))
    sees(page, 7)
    assert [stage["shown"] for stage in stages(page)] == ["7", "7"]
    assert page.locator(".convviz-readout").text_content() == "step 8 of 9"


def test_only_the_picture_that_has_a_flip_flips(page):
    begin(page, {}, {"flips": 3})
    page.evaluate("deliver([-3, -2, -1], 1)")
    page.wait_for_selector('.convviz-stage[data-picture="1"][data-shown="-3"]')
    assert stages(page)[0]["shown"] == "0"
    assert page.locator(".convviz-player").get_attribute("data-shown") == "-3"
    sees(page, 0)
    assert page.get_by_role("button", name="flip the kernel").is_visible()


def test_without_controls_only_the_flip_can_be_asked_for(page):
    page.evaluate("model.set('controls', false)")
    begin(page, {"flips": 3})
    visible = page.locator(".convviz-controls :is(button, input, select):visible")
    assert [one.get_attribute("aria-label") for one in visible.all()] == ["flip the kernel"]
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('[data-generation="2"]')
    assert not page.locator(".convviz-controls").is_visible()


def test_on_a_telephone_the_bar_stays_in_sight_while_the_pictures_are(telephone):
    page = telephone
    page.evaluate("document.getElementById('two').style.height = '2000px'")
    begin(page, {"size": [360, 900]})
    bar = page.locator(".convviz-controls")
    assert bar.bounding_box()["y"] + bar.bounding_box()["height"] == pytest.approx(500, abs=1)
    page.evaluate("scrollTo(0, 300)")
    assert bar.bounding_box()["y"] + bar.bounding_box()["height"] == pytest.approx(500, abs=1)
    page.evaluate("scrollTo(0, 1500)")
    assert bar.bounding_box()["y"] < 0
    heights = {round(one.bounding_box()["height"]) for one in page.locator(".convviz-controls button:visible").all()}
    assert heights == {44}
    tops = {
        round(one.bounding_box()["y"]) for one in page.locator(".convviz-controls :is(button, input):visible").all()
    }
    assert len(tops) == 1, "one row"


def test_further_controls_unfold_on_a_telephone(telephone):
    page = telephone
    begin(page)
    assert not page.get_by_label("speed").is_visible()
    more = page.get_by_role("button", name="more controls")
    more.click()
    assert more.get_attribute("aria-expanded") == "true"
    for name in ("speed", "loop", "first step", "last step"):
        assert page.get_by_label(name, exact=True).is_visible()
