"""The lesson on template matching from end to end, in Voila."""

import numpy as np
from playwright.sync_api import expect

from convviz import match_template, samples
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

COUNTING, GLARE, DIGIT = (samples.NAMED_SEARCHES[name] for name in ("counting", "glare", "digit"))


def match(search=COUNTING, metric="ssd", **others):
    arrays = {"image": search.image(), "template": search.template(), **others}
    return match_template(arrays["image"], arrays["template"], metric)


def test_matching(visit_lesson):
    page = visit_lesson("08_matching").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    player.says(match()[0].describe())
    predict(page, player, desk)
    draw(page, player, desk)
    be_fooled(page, player, desk)
    flip(player, desk)


def predict(page, player, desk):
    """Forget to square, then be right; find the best window, and read its distances."""
    desk.answers("12", "12 is the sum of the differences' sizes: square each difference first.")
    player.shows(0)
    desk.answers("36", f"✓ Right! {match()[1].describe()}")
    player.shows(1)
    desk.answers("4", "4 is the number of this step counted from 0", number=1)
    desk.answers("5", "✓ Right! Step 5 has the best score.", number=1)
    player.shows(4)
    expect(page.get_by_role("table", name="How far window [0, 4]")).to_be_visible(timeout=LIMIT_MS)
    player.slider.press("End")
    player.shows(9)
    expect(desk.root.get_by_text("That was the last step.").locator("visible=true")).to_have_count(1, timeout=LIMIT_MS)
    player.slider.press("Home")
    player.shows(0)


def draw(page, player, desk):
    """Type into the template, paste into the image, and give the template a third column."""
    template = COUNTING.template().copy()
    template[0, 1] = 7
    player.type_in(player.cell("template", 0, 1), "7")
    player.says(match(template=template)[0].describe())
    player.press("add a column to Template")
    player.says(match(template=np.pad(template, [(0, 0), (0, 1)]))[0].describe())
    expect(player.readout).to_have_text("step 1 of 8", timeout=LIMIT_MS)
    expect(desk.root.get_by_role("combobox", name="Search for")).to_have_value("Your own numbers")
    desk.press("Reset")
    player.says(match()[0].describe())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('5\\t6\\n11\\t12')")
    player.cell("image", 0, 0).focus()
    page.keyboard.press("Control+V")
    image = COUNTING.image().copy()
    image[:2, :2] = COUNTING.template()
    player.says(match(image=image)[0].describe())
    expect(page.get_by_text("The template itself occurs 2 times.")).to_be_visible(timeout=LIMIT_MS)


def be_fooled(page, player, desk):
    """Search for a plus beside a bright patch with correlation, then normalized."""
    desk.pick("Search for", GLARE.title)
    desk.press("Correlation")
    player.says(match(GLARE, "correlation")[0].describe())
    expect(page.get_by_text("Correlation is fooled:")).to_be_visible(timeout=LIMIT_MS)
    desk.answers("9", "9 is the window that is nearest to the template", number=1)
    desk.answers("21", "✓ Right! Step 21 has the best score.", number=1)
    player.shows(20)
    desk.press("Normalized")
    player.says(match(GLARE, "normalized")[20].describe())


def flip(player, desk):
    """Search for the 3 with a flipped template: the E is found."""
    desk.pick("Search for", DIGIT.title)
    desk.press("Squares")
    player.says(match(DIGIT)[20].describe())
    desk.press("Flip the template")
    flipped = match(DIGIT, template=np.flip(DIGIT.template()))
    player.says(flipped[20].describe())
    player.cell("scores", 1, 5).hover()
    player.shows(16)
    player.says(flipped[16].describe())
