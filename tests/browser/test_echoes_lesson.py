"""The lesson on echoes from end to end, in Voila."""

from playwright.sync_api import expect

from convviz import echoes, outer_product
from convviz.numerals import numeral
from tests.browser.lesson_page import TICK_PX, DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

X, H = [1, 2, 3, 4, 5, 6], [1, 0.9, 0.8, 0.7]


def test_echoes(visit_lesson):
    page = visit_lesson("03_echoes").page
    player, table, desk = PlayerOnPage(page), PlayerOnPage(page, 1), DeskOnPage(page)
    player.shows(0)
    player.says(echoes(X, H)[0].describe())
    predict_what_an_echo_completes(player, desk)
    point_at_what_belongs_together(player)
    drag_a_stem(page, player)
    look_at_the_table(player, table)
    count_whole_cells(page, player, desk)


def predict_what_an_echo_completes(player, desk):
    """Forget what is there already, then add it."""
    desk.answers("2", "2 is what echo 1 alone brings to this cell")
    player.shows(0)
    desk.answers("2.9", f"✓ Right! {echoes(X, H)[1].describe()}")
    player.shows(1)
    player.holds("window", [0, 0, 1, 2])
    player.holds("products", [0, 0, 0.9, 2])


def point_at_what_belongs_together(player):
    """A sample in the window is one of the signal, and its product is one cell of an echo."""
    player.cell("window", 0, 2).hover()
    player.outlines("input", "0", "0")
    player.outlines("response", "0", "1")
    player.outlines("echoes", "0", "1")
    player.outlines("total", "0", "1")
    player.is_free()
    expect(player.outlined("echoes")).to_have_count(0)


def drag_a_stem(page, player):
    """Grasp the stem of the last sample high above its number, and pull it up by two."""
    box = player.cell("input", 0, 5).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] - box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 2 * TICK_PX, steps=4)
    player.holds("input", [1, 2, 3, 4, 5, 8])
    page.mouse.up()
    player.is_free()
    player.press("last step")
    player.says(echoes([1, 2, 3, 4, 5, 8], H)[5].describe())


def look_at_the_table(player, table):
    """It moves with the picture, and shows the anti-diagonals after the last echo where one points."""
    table.shows(5)
    lines = outer_product([1, 2, 3, 4, 5, 8], H)
    table.holds("table", [numeral(number) for number in lines.table.ravel()])
    table.cell("output", 0, 7).hover()
    table.shows(7)
    table.holds("output", [numeral(number) for number in lines.output[:8]] + ["not computed yet"])
    table.is_free()
    table.shows(5)
    player.shows(5)


def count_whole_cells(page, player, desk):
    """Other numbers are another question, and what is trimmed follows them."""
    desk.pick("Signal", "1 2 3 4")
    desk.pick("Response", "5 6 7")
    player.shows(3)
    player.holds("total", [5, 16, 34, 52, 45, 28])
    kept = page.locator(".convviz-note", has=page.get_by_text("valid: 4 − 3 + 1 = 2 cells"))
    expect(kept.get_by_role("row").nth(3)).to_have_text("[2]34343434" + "3 of 3", timeout=LIMIT_MS)
    desk.answers("6", "6 is the number of all output cells, 4 + 3 − 1, as in mode 'full'", number=1)
    desk.answers("2", "✓ Right! The response lies wholly on the signal at 4 − 3 + 1 = 2 places.", number=1)
    desk.press("Reset")
    player.holds("input", X)
