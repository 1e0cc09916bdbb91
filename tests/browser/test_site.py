"""The static site: pages that can be stepped through at once, and that are live when their Python is there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import convviz.app.site
from convviz.javascript import joined
from tests.browser.accessibility import check
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.test_opening import SHIFTS
from tests.browser.visits import LIMIT_MS, PYTHON_MS, SiteVisit

VisitSite = Callable[..., SiteVisit]
LAPTOP, TELEPHONE = (1280, 720), (390, 844)
WIRE = joined(Path(convviz.app.site.__file__).parent / "browser" / "wire.js")


def test_the_first_page_leads_to_a_lesson(visit_site: VisitSite):
    visit = visit_site()
    page = visit.page
    page.goto(visit.server.url)
    player = PlayerOnPage(page)
    player.shows(4)
    player.press("next step")
    player.shows(5)
    check(page)
    visit.hold_python()
    page.get_by_role("link", name="Start with lesson 1").click()
    page.wait_for_selector("body[data-site]")
    PlayerOnPage(page).shows(0)
    page.get_by_role("link", name="All lessons").first.click()
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="What do valid, same and full mean?").click()
    expect(page).to_have_url(f"{visit.server.url}01_sliding_window.html?mode=full")


def test_every_function_is_explained_on_a_page(visit_site: VisitSite):
    visit = visit_site(viewport=LAPTOP)
    page = visit.page
    page.goto(visit.server.url)
    page.get_by_role("link", name="API, every function with its pictures").click()
    page.get_by_role("link", name="conv_layer", exact=True).first.click()
    layer = page.get_by_role("article", name="conv_layer", exact=True)
    expect(layer.get_by_role("heading", name="conv_layer")).to_be_in_viewport()
    picture = layer.get_by_role("img", name="conv_layer, drawn as channels")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth", arg=picture.element_handle())
    check(page, colours="none")
    check(page, layer)
    page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})
    page.emulate_media(color_scheme="dark")
    check(page, layer)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert picture.evaluate("image => image.currentSrc").endswith("-dark.png")


def test_on_paper_a_lesson_shows_the_steps_that_were_asked_for_and_its_solutions_last(visit_site: VisitSite):
    visit = visit_site(viewport=LAPTOP)
    page = visit.page
    visit.hold_python()
    visit.open("01_sliding_window?steps=0,4,99,8")
    expect(page.locator(".convviz-print [data-shown]")).to_have_count(3)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    prints, pictures = page.locator(".convviz-print"), page.locator(".convviz-shelf")
    assert prints.locator("figcaption").all_inner_texts() == ["Step 1 of 9", "Step 5 of 9", "Step 9 of 9"]
    assert prints.locator("canvas").evaluate_all("all => all.every((one) => one.checkVisibility() && one.width > 600)")
    assert [pictures.nth(number).is_visible() for number in range(2)] == [False, True], "the one beside follows"
    solutions = page.locator("#lesson > :last-child")
    assert solutions.is_visible()
    assert solutions.inner_text().startswith("Solutions\n\n1. The first row of the window")
    assert not page.locator("details", has_text="Solution").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("details", has_text="Solution").first.is_visible()
    assert not prints.first.is_visible()


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, False), (TELEPHONE, True)], ids=["laptop", "telephone"])
def test_a_lesson_can_be_stepped_through_without_python(visit_site: VisitSite, size, dark):
    visit = visit_site(viewport=size, dark=dark, density=1 if size == LAPTOP else 2)
    page = visit.page
    visit.hold_python()
    page.add_init_script(SHIFTS)
    visit.open("01_sliding_window")
    player, beside, desk = PlayerOnPage(page), PlayerOnPage(page, 1), DeskOnPage(page)
    player.shows(0)
    assert page.evaluate("shifts.reduce((sum, shift) => sum + shift, 0)") < 0.01
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check(page)
    player.press("next step")
    player.shows(1)
    player.says("Output [0, 1] = 2×(-1) + 1×0 + 0×1 + 3×(-2) + 4×0 + 1×2 + 5×(-1) + 6×0 + 3×1 = -8.")
    expect(desk.question()).to_contain_text("[0, 2]")
    expect(page).to_have_url(f"{visit.server.url}01_sliding_window.html?step=1")
    beside.shows(1)
    player.cell("output", 2, 2).hover()
    player.shows(8)
    player.cell("kernel", 1, 1).hover()
    player.outlines("input", "1 2 3", "1 2 3")
    player.is_free()
    player.shows(1)
    player.slider.press("End")
    player.shows(8)
    expect(desk.question()).to_contain_text("That was the last step.")


def test_a_page_says_what_it_waits_for_and_what_it_cannot_have(visit_site: VisitSite, live):
    visit = visit_site()
    page = visit.page
    held = visit.hold_python()
    visit.open("01_sliding_window?step=2")
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(2)
    said, banner = page.locator(".page-python"), page.locator(".page-banner")
    expect(said).to_be_hidden()
    with page.expect_request("**/worker.js"):
        player.type_in(player.cell("kernel", 0, 0), "5")
    expect(said).to_contain_text("Your change is made as soon as it is there")
    check(page)
    desk.press("Random input")
    take(page, held).abort()
    expect(banner).to_contain_text("Python could not be loaded. You can step, play and point all the same.")
    expect(player.alert).to_contain_text("Python could not be loaded")
    check(page)
    player.press("next step")
    player.shows(3)
    with page.expect_request("**/worker.js"):
        banner.get_by_role("button", name="Try again").click()
    expect(banner).to_be_hidden()
    expect(said).to_be_visible()
    assert visit.faults, "the browser says that the worker could not be loaded"
    visit.faults.clear()


def test_a_reader_who_looks_for_a_while_gets_python_without_asking(visit_site: VisitSite, live):
    visit = visit_site()
    page = visit.page
    visit.hold_python()
    page.clock.install()
    visit.open("01_sliding_window")
    PlayerOnPage(page).shows(0)
    with page.expect_request("**/worker.js"):
        page.clock.fast_forward(10_000)
    expect(page.locator(".page-python")).to_be_hidden()


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("WebAssembly = undefined", "This browser is too old to run Python"),
        ("JSON.parse = (parse => text => ({ ...parse(text), python: {} }))(JSON.parse)", "has no Python"),
    ],
    ids=["old", "none"],
)
def test_where_there_is_no_python_the_page_says_so(visit_site: VisitSite, lacks, said):
    visit = visit_site()
    page = visit.page
    page.add_init_script(lacks)
    visit.open("01_sliding_window")
    player = PlayerOnPage(page)
    player.shows(0)
    expect(page.locator(".page-banner")).to_be_hidden()
    player.type_in(player.cell("kernel", 0, 0), "5")
    expect(page.locator(".page-banner")).to_contain_text(said)
    expect(page.locator(".page-banner button")).to_be_hidden()
    expect(player.alert).to_contain_text(said)
    player.press("next step")
    player.shows(1)


def test_python_may_come_from_another_host(visit_site: VisitSite):
    visit = visit_site()
    page = visit.page
    about = '{ pyodide: "https://python.example/full/", archives: [], packages: ["numpy"] }'
    page.add_init_script(f"JSON.parse = (parse => text => ({{ ...parse(text), python: {about} }}))(JSON.parse)")
    module = "export const loadPyodide = ({ packages }) => { throw new Error(`asked for ${packages}`); };"
    everybody = {"Access-Control-Allow-Origin": "*"}
    page.route(
        "https://python.example/full/pyodide.mjs",
        lambda route: route.fulfill(body=module, content_type="text/javascript", headers=everybody),
    )
    visit.open("01_sliding_window")
    player = PlayerOnPage(page)
    player.shows(0)
    player.type_in(player.cell("kernel", 0, 0), "5")
    expect(page.locator(".page-banner")).to_contain_text("Python could not be loaded.")
    assert any("asked for numpy" in fault for fault in visit.faults), visit.faults
    visit.faults.clear()


def test_other_widths_and_colours_have_pictures_of_their_own(visit_site: VisitSite):
    visit = visit_site()
    page = visit.page
    visit.hold_python()
    visit.open("01_sliding_window")
    player = PlayerOnPage(page)
    player.shows(0)
    with page.expect_response("**/01_sliding_window-narrow-dark.json"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
    expect(player.root).to_have_attribute("data-dark", "true")
    player.press("next step")
    player.shows(1)
    ground = player.root.locator("canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(2, 2, 1, 1).data.slice(0, 3)]"
    )
    assert max(ground) < 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def take(page, held):
    """Take what was held back: it is asked for a little before it is there."""
    while not held:
        page.wait_for_timeout(10)
    return held.pop()


def test_what_was_done_before_python_is_there_is_kept(visit_site: VisitSite, live):
    visit = visit_site()
    page = visit.page
    held = visit.hold_python()
    with page.expect_request("**/worker.js"):
        visit.open("01_sliding_window?mode=same")
    player, beside, desk = PlayerOnPage(page), PlayerOnPage(page, 1), DeskOnPage(page)
    player.shows(0)
    expect(page.locator(".page-python")).to_contain_text("This link asks for other numbers.")
    desk.pick("Kernel", "Identity")
    take(page, held).abort()
    with page.expect_request("**/worker.js"):
        page.get_by_role("button", name="Try again").click()
    assert visit.faults, "the browser says that the worker could not be loaded"
    visit.faults.clear()
    take(page, held).continue_()
    page.wait_for_selector('body[data-site="live"]', timeout=PYTHON_MS)
    expect(page.locator(".page-python")).to_be_hidden(timeout=LIMIT_MS)
    expect(player.readout).to_have_text("step 1 of 25")
    player.holds("kernel", [0, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(page).to_have_url(f"{visit.server.url}01_sliding_window.html?w=~identity&mode=same")
    player.type_in(player.cell("input", 1, 1), "7")
    expect(player.caption).to_contain_text("= 7.", timeout=LIMIT_MS)
    beside.root.scroll_into_view_if_needed()
    expect(beside.caption).to_contain_text("= 7.", timeout=LIMIT_MS)
    desk.answers("2", "✓")
    player.shows(1)
    assert page.locator(".page-banner").is_hidden()


SAYS_LATE = """() => {
  const posted = [];
  const wire = new Wire({}, { isLive: true, rest() {}, load() {}, post: (message) => posted.push(message) });
  const model = modelFor("player", { index: 16 }, wire);
  wire.models.set("player", model);
  const says = (index) => {
    wire.receive({ id: "player", data: { method: "update", state: { index } }, buffers: [] });
    return model.get("index");
  };
  wire.send("desk", { type: "press" }, []);
  model.set("index", 0);
  model.save_changes();
  const answers = [says(8)];
  wire.receive({ type: "done" });
  return [...answers, posted.at(-1).state.index, says(3)];
}"""


def test_what_the_reader_does_is_newer_than_what_python_says_of_the_time_before(browser):
    page = browser.new_page()
    page.add_script_tag(content=WIRE)
    late, sent, corrected = page.evaluate(SAYS_LATE)
    page.close()
    assert (late, sent) == (0, 0), "a step that was taken while Python computed something else"
    assert corrected == 3, "what Python makes of it"
