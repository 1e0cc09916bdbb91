"""The lessons on one kernel from end to end, in Voila; the first one in JupyterLab as well."""

import re

from playwright.sync_api import expect

from convviz import convolve, correlate, samples
from convviz.course import COURSE
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.servers import FORKED
from tests.browser.visits import LIMIT_MS, LabVisit

X, W = samples.picture("landscape"), samples.kernel("sobel_x")
TRACE = correlate(X, W)


def test_sliding_window(visit_lesson):
    goes_through_sliding_window(visit_lesson("01_sliding_window"))


def test_sliding_window_in_jupyterlab(visit_lab):
    goes_through_sliding_window(visit_lab("01_sliding_window"))


def goes_through_sliding_window(opened):
    """All of the lesson on one page: opening one takes longer than what is done on it."""
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened.page
    grids, vectors, desk = PlayerOnPage(page), PlayerOnPage(page, 1), DeskOnPage(page)
    has_link = desk.root.get_by_role("button", name="Copy link").is_visible()
    assert has_link == (not isinstance(opened, LabVisit)), "a notebook's address belongs to JupyterLab"
    step(grids, vectors)
    point(grids, vectors)
    predict(grids, desk)
    edit_by_mouse(grids, vectors, desk)
    edit_by_keyboard(grids)
    paste(grids, desk)
    use_controls(grids, desk)


def step(grids, vectors):
    """Take steps by buttons, slider and keys: both pictures move, and the last one has the whole output."""
    grids.shows(0)
    grids.says(TRACE[0].describe())
    grids.press("next step")
    grids.shows(1)
    grids.says(TRACE[1].describe())
    vectors.shows(1)
    vectors.holds("sum", [TRACE[1].value])
    grids.slider.fill("4")
    grids.shows(4)
    grids.slider.press("ArrowRight")
    grids.shows(5)
    grids.slider.press("End")
    grids.shows(8)
    expect(grids.readout).to_have_text("step 9 of 9")
    grids.holds("output", TRACE.output.ravel())
    vectors.shows(8)
    vectors.holds("sum", [TRACE[8].value])


def point(grids, vectors):
    """Point at an output cell, which shows its step, and at a weight, which shows all that it is multiplied with."""
    grids.slider.press("Home")
    grids.shows(0)
    grids.cell("output", 2, 1).hover()
    grids.shows(7)
    grids.says(TRACE[7].describe())
    grids.is_free()
    grids.shows(0)
    grids.cell("kernel", 1, 1).hover()
    grids.outlines("input", "1 2 3", "1 2 3")
    vectors.outlines("kernel", "4", "0")
    grids.is_free()
    expect(grids.outlined("input")).to_have_count(0)
    grids.cell("output", 0, 2).click()
    grids.is_free()
    grids.shows(2)
    grids.says(TRACE[2].describe())
    vectors.shows(2)
    vectors.cell("window", 0, 0).hover()
    grids.outlines("input", "0", "2")
    grids.is_free()


def predict(grids, desk):
    """Make the usual mistake, answer rightly, ask to be shown, and start over after the last step."""
    question = desk.question()
    grids.slider.press("Home")
    grids.shows(0)
    expect(grids.root.locator('.convviz-ghosts g[data-panel="output"]')).to_have_attribute("data-columns", "1")
    expect(question).to_contain_text("What will the next output cell [0, 1] hold?")
    desk.answers("many", "“many” is no number")
    desk.answers("-6", "-6 is the sum without the term 2×(-1) in cell [0, 0] of the window: one term was forgotten.")
    expect(question.get_by_label("Your prediction")).to_have_value("-6")
    grids.shows(0)
    desk.answers("-8", f"✓ Right! {TRACE[1].describe()}")
    grids.shows(1)
    expect(question.locator(".convviz-before")).to_contain_text("[0, 1] hold?")
    expect(question.locator(".convviz-prompt")).to_contain_text("[0, 2] hold?")
    expect(question.get_by_label("Your prediction")).to_have_value("")
    grids.press("next step")
    expect(question.locator(".convviz-before")).to_be_hidden(timeout=LIMIT_MS)
    grids.slider.fill("7")
    expect(question).to_contain_text("[2, 2] hold?", timeout=LIMIT_MS)
    question.get_by_role("button", name="Show me").click()
    grids.shows(8)
    expect(question).to_contain_text(f"→ {TRACE[8].describe()}", timeout=LIMIT_MS)
    expect(question.get_by_label("Your prediction")).to_be_hidden()
    question.get_by_role("button", name="Start over").click()
    grids.shows(0)
    expect(question).to_contain_text("[0, 1] hold?", timeout=LIMIT_MS)


def edit_by_mouse(grids, vectors, desk):
    """Type a weight where it is drawn, have one refused, drag one, and take all back."""
    weight, changed = grids.cell("kernel", 1, 1), W.copy()
    changed[1, 1] = -2
    grids.type_in(weight, "-2")
    grids.says(correlate(X, changed)[0].describe())
    vectors.holds("kernel", changed.ravel())
    be_refused(grids, weight)
    desk.press("Undo")
    grids.says(correlate(X, changed)[0].describe())
    changed[1, 1] = 3
    with grids.dragged(weight, 5):
        grids.says(correlate(X, changed)[0].describe())
    grids.says(correlate(X, changed)[0].describe())
    expect(weight).to_have_attribute("aria-label", re.compile(": 3$"), timeout=LIMIT_MS)
    desk.press("Undo")
    grids.holds("kernel", [-1, 0, 1, -2, -2, 2, -1, 0, 1])
    desk.press("Undo")
    grids.holds("kernel", W.ravel())
    expect(desk.root.get_by_role("button", name="Undo")).to_be_disabled()


def be_refused(grids, weight):
    """Type what is no number: it stays in its cell with the reason, and the picture stays, too; then a fraction."""
    [caption] = grids.caption.locator("p").all_inner_texts()
    place = grids.root.locator("canvas").first.bounding_box()
    grids.type_in(weight, "1,5")
    expect(weight).to_have_attribute("aria-invalid", "true", timeout=LIMIT_MS)
    expect(weight).to_have_attribute("data-text", "1,5")
    expect(grids.alert).to_contain_text("1.5")
    expect(grids.alert).to_have_role("alert")
    grids.says(caption)
    assert grids.root.locator("canvas").first.bounding_box() == place, "the picture stays where it is"
    grids.type_in(weight, "1/2")
    expect(weight).not_to_have_attribute("aria-invalid", "true", timeout=LIMIT_MS)
    expect(grids.alert).to_be_empty()
    grids.holds("products", [-2, 0, 1, 0, "1.5", 8, -2, 0, 6])


def edit_by_keyboard(grids):
    """Tab to the grid, go to a cell with the arrows, and type, or turn the number up and down."""
    page, changed = grids.page, X.copy()
    parts_of_page = page.locator(".jp-Cell").count()
    grids.root.locator("canvas").first.focus()
    page.keyboard.press("Tab")
    expect(grids.cell("input", 0, 0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(grids.cell("input", 1, 1)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    changed[1, 1:3] = 7, -4
    grids.holds("input", changed.ravel())
    grids.says(correlate(changed, W)[0].describe())
    expect(grids.cell("input", 1, 2)).to_be_focused()
    page.keyboard.press("b")  # in JupyterLab a shortcut: it adds a cell to the notebook
    for _ in range(3):
        page.keyboard.press("Alt+ArrowUp")
    changed[1, 2] = -1
    grids.holds("input", changed.ravel())
    grids.says(correlate(changed, W)[0].describe())
    page.keyboard.press("F2")
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(grids.cell("input", 1, 2)).to_be_focused()
    grids.holds("input", changed.ravel())
    assert page.locator(".jp-Cell").count() == parts_of_page


def paste(grids, desk):
    """Paste a block as a spreadsheet copies it, add and take away a row and a column, and reset all."""
    page = grids.page
    page.evaluate("navigator.clipboard.writeText('10\\t20\\n30\\t40\\n')")
    desk.press("Reset")
    grids.holds("input", X.ravel())
    grids.cell("input", 3, 3).focus()
    page.keyboard.press("Control+V")
    changed = X.copy()
    changed[3:, 3:] = [[10, 20], [30, 40]]
    grids.holds("input", changed.ravel())
    grids.press("add a row to Input")
    grids.holds("input", [*changed.ravel(), *[0] * 5])
    expect(grids.readout).to_have_text("step 1 of 12", timeout=LIMIT_MS)
    grids.press("remove a column from Input")
    grids.holds("input", [*changed[:, :4].ravel(), *[0] * 4])
    expect(grids.readout).to_have_text("step 1 of 8", timeout=LIMIT_MS)
    grids.press("remove a row from Kernel")
    grids.holds("kernel", W[:2].ravel())
    desk.press("Reset")
    grids.holds("input", X.ravel())
    grids.says(TRACE[0].describe())
    expect(desk.root.get_by_role("button", name="Reset")).to_be_disabled()


def use_controls(grids, desk):
    """Change the mode, pick ready-made arrays, have random ones, and change sizes; what does not fit is refused."""
    desk.press("full")
    expect(grids.readout).to_have_text("step 1 of 49", timeout=LIMIT_MS)
    grids.says(correlate(X, W, "full")[0].describe())
    expect(desk.root.get_by_role("button", name="full")).to_have_attribute("aria-pressed", "true")
    desk.press("valid")
    desk.pick("Input", "Checkerboard")
    desk.pick("Kernel", "Box blur")
    x, w = samples.INPUTS["Checkerboard"](), samples.KERNELS["Box blur"]()
    grids.holds("input", x.ravel())
    grids.says(correlate(x, w)[0].describe())
    desk.press("Random kernel")
    expect(desk.root.get_by_role("combobox", name="Kernel")).to_have_value("Your own numbers", timeout=LIMIT_MS)
    desk.press("Reset")
    grids.says(TRACE[0].describe())
    desk.open("Sizes")
    desk.refuses("Input rows", "13", "Input rows is 13; accepted: a whole number from 1 to 12")
    desk.refuses("Input rows", "2.7", "Input rows is 2.7; accepted: a whole number from 1 to 12")
    desk.refuses("Input rows", "2", "accepted")
    grids.says(TRACE[0].describe())
    desk.type_in("Input rows", "4")
    expect(grids.readout).to_have_text("step 1 of 6", timeout=LIMIT_MS)
    grids.holds("input", X[:4].ravel())
    desk.press("Kernel columns: one less")
    grids.holds("kernel", W[:, :2].ravel())


def test_flip(visit_lesson):
    """Both pictures are driven as one; the kernel is edited as it is given, and seen to be flipped."""
    visit = visit_lesson()
    page = visit.page
    both, desk = PlayerOnPage(page), DeskOnPage(page)
    x, w = samples.picture("impulse"), samples.kernel("counting")
    page.goto(visit.address("02_flip"))
    see_the_flip(both)
    visit.wait_until_shown()
    both.slider.press("End")
    both.shows(8)
    both.says(correlate(x, w)[8].describe(), convolve(x, w, "valid")[8].describe())
    both.holds("output", w[::-1, ::-1].ravel(), picture=0)
    both.holds("output", w.ravel(), picture=1)
    point_in_both(both)
    edit_both(page, both, desk, x, w)
    predict_the_flip(both, desk)
    switch_the_mode(both, desk)
    one_row = PlayerOnPage(page, 1)
    one_row.press("next step")
    one_row.shows(1)
    one_row.says("Output [1] = 0×7 + 1×6 + 2×5 = 16.")
    move_the_brackets(page, DeskOnPage(page, 1))


def see_the_flip(both):
    """The kernel flips of its own accord, and again when asked; a step ends it."""
    expect(both.root).to_have_attribute("data-shown", re.compile("^-"), timeout=LIMIT_MS)
    both.press("next step")
    both.shows(1)
    both.press("flip the kernel")
    expect(both.readout).to_have_text("the kernel flips", timeout=LIMIT_MS)
    expect(both.root).to_have_attribute("data-shown", re.compile("^-"), timeout=LIMIT_MS)
    both.shows(1)


def point_in_both(both):
    """Point at a weight as it is given: shown are where it is applied, and what the other picture applies there."""
    both.cell("given", 0, 1, picture=1).hover()
    both.outlines("kernel", "2", "1", picture=1)
    both.outlines("kernel", "2", "1", picture=0)
    both.outlines("input", "2 3 4", "1 2 3", picture=0)
    both.is_free()
    expect(both.outlined("kernel")).to_have_count(0)


def edit_both(page, both, desk, x, w):
    """Change a weight in the kernel as it is given, and in the flipped one: both change the same array."""
    both.slider.press("Home")
    expect(page.get_by_text("The two outputs differ in 8 of 9 cells.")).to_be_visible()
    changed = w.copy()
    changed[0, 0] = 20
    both.type_in(both.cell("given", 0, 0, picture=1), "20")
    both.says(correlate(x, changed)[0].describe(), convolve(x, changed, "valid")[0].describe())
    both.holds("kernel", changed[::-1, ::-1].ravel(), picture=1)
    changed[2, 2] = 0
    both.type_in(both.cell("kernel", 0, 0, picture=1), "0")
    both.holds("kernel", changed.ravel(), picture=0)
    both.holds("given", changed.ravel(), picture=1)
    desk.pick("Kernel", "The classic ×")
    expect(page.get_by_text("This kernel is symmetric:", exact=True)).to_be_visible(timeout=LIMIT_MS)
    desk.press("Reset")
    both.holds("given", w.ravel(), picture=1)


def predict_the_flip(both, desk):
    """Forget the flip, then remember it."""
    desk.answers("8", "8 is the result of the kernel as it is: a convolution flips it first.")
    desk.answers("2", "✓ Right! ")
    expect(desk.question()).to_contain_text("Without the flip it would be 8.")
    both.shows(1)


def switch_the_mode(both, desk):
    """The pictures above become higher, and the switch stays under the pointer."""
    switch = desk.root.get_by_role("button", name="full")
    switch.scroll_into_view_if_needed()
    before, height = switch.bounding_box(), both.root.bounding_box()["height"]
    switch.click()
    expect(both.readout).to_have_text("step 2 of 49", timeout=LIMIT_MS)
    assert both.root.bounding_box()["height"] > height
    assert abs(switch.bounding_box()["y"] - before["y"]) < 2


def move_the_brackets(page, desk):
    """Type other arrays, one of them wrongly: the table follows, and the last good one stays."""
    table = page.get_by_role("table", name="Convolution, grouped both ways")
    desk.type_in("C", "2, 0.5")
    expect(table.get_by_role("cell").first).to_have_text("2", timeout=LIMIT_MS)
    desk.refuses("C", "2 many", "C: “many” is no number")
    desk.refuses("C", " ".join("1" * 9), "accepted: up to 8 cells")
    expect(table.get_by_role("cell").first).to_have_text("2")
    desk.press("Undo")
    expect(table.get_by_role("cell").first).to_have_text("1", timeout=LIMIT_MS)
    expect(desk.field("C")).to_have_value("1 3")


def test_every_other_lesson_opens_in_jupyterlab(visit_lab, lab_server):
    """Each shows its first picture, and nothing goes wrong. The first one has a kernel of Jupyter's own.

    The other kernels are there before JupyterLab is, which may not ask what kernels there are while one starts.
    """
    pages = {page.number: page.notebook for page in reversed(COURSE)}  # the first page of each lesson
    first, *others = sorted(page for page in pages.values() if page != "01_sliding_window")
    for path in (f"{name}.ipynb" for name in others):
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": FORKED}}
        lab_server.ask("POST", "api/sessions", session)
    visit = visit_lab(first)
    for name in (first, *others):
        if name != first:
            visit.open(name)
        notebook = visit.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        player = notebook.locator(".convviz-player").first
        expect(player).to_have_attribute("data-shown", "0", timeout=LIMIT_MS)
        expect(player).to_have_attribute("aria-busy", "false", timeout=LIMIT_MS)
        expect(player.get_by_role("gridcell").first).to_be_visible()
        expect(notebook.locator(".convviz-desk").first.get_by_label("Your prediction").first).to_be_visible()


def test_a_symbol_of_the_formula_lights_its_cell(visit_lesson):
    page = visit_lesson("01_sliding_window").page
    player = PlayerOnPage(page)
    player.shows(0)
    page.get_by_text("The formula, with this step’s indices").click()
    page.get_by_role("button", name="x[1, 2]", exact=True).focus()
    lit = player.root.locator('.convviz-outlines [data-panel="input"]')
    expect(lit).to_have_attribute("data-rows", "1", timeout=LIMIT_MS)
    expect(lit).to_have_attribute("data-columns", "2")
    player.press("next step")
    expect(page.get_by_role("button", name="y[0, 1]", exact=True)).to_be_visible(timeout=LIMIT_MS)


def test_a_finger_on_a_symbol_lights_its_cell_until_it_is_put_elsewhere(visit_lesson):
    page = visit_lesson("07_shifts", viewport=(390, 844), touch=True).page
    player = PlayerOnPage(page)
    player.shows(0)
    page.get_by_role("heading", name="The formula, with this step’s indices").tap()
    lit = player.root.locator('[data-picture="0"] .convviz-outlines [data-panel="kernel"]')
    for row, column in ((1, 2), (2, 0)):
        page.get_by_role("button", name=f"w[{row}, {column}]", exact=True).tap()
        expect(lit).to_have_attribute("data-rows", str(row), timeout=LIMIT_MS)
        expect(lit).to_have_attribute("data-columns", str(column))
    page.locator("h1").tap()
    expect(lit).to_have_count(0)
