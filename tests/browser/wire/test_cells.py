"""Cells for keyboards and screen readers: what Chromium tells them, where keys lead, and what is outlined."""

import pytest

from tests.browser.wire.page import ABOUT, begin, points_at, sees


def accessible(page):
    """Read the tree that Chromium computes for screen readers: role, name and properties of each node."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", ""),
            **{one["name"]: one["value"].get("value") for one in node.get("properties", [])},
        }
        for node in nodes
        if not node["ignored"]
    ]


def names(page, role):
    return [node["name"] for node in accessible(page) if node["role"] == role]


def cell(page, name):
    """The cell whose name begins so."""
    return page.locator(f'[role=gridcell][aria-label^="{name}"]')


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_every_panel_is_a_grid_whose_cells_have_names(page):
    begin(page)
    assert names(page, "grid") == ["Input", "Kernel", "Products", "Output"]
    cells = names(page, "gridcell")
    assert len(cells) == 16 + 4 + 4 + 9
    assert cells[:2] == ["Input, row 1, column 1: 0", "Input, row 1, column 2: 1"]
    assert cells[16:18] == ["Kernel, row 1, column 1: 1", "Kernel, row 1, column 2: −2"]
    assert cells[-9:-7] == ["Output, row 1, column 1: 0", "Output, row 1, column 2: not computed yet"]
    assert len([node for node in accessible(page) if node["role"] == "row"]) == 4 + 2 + 2 + 3


def test_only_what_can_be_changed_is_not_read_only(page):
    begin(page)
    is_fixed = {node["name"]: node.get("readonly", False) for node in accessible(page) if node["role"] == "gridcell"}
    assert {name for name, fixed in is_fixed.items() if not fixed} == {
        name for name in is_fixed if name.startswith(("Input", "Kernel"))
    }
    page.evaluate("model.set('editable', false)")
    assert all(node["readonly"] for node in accessible(page) if node["role"] == "gridcell")


def test_names_follow_the_step(timed):
    page = timed
    begin(page, flips=2)
    page.evaluate("deliver([1, -2, -1])")
    page.get_by_role("button", name="next step").click()
    sees(page, 1)
    assert "Output, row 1, column 2: 10" in names(page, "gridcell")
    assert "Products, row 1, column 1: 1" in names(page, "gridcell")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.get_by_role("button", name="flip the kernel").click()
    sees(page, -2)
    assert "Output, row 1, column 1: not computed yet" in names(page, "gridcell")
    assert "Products, row 1, column 1: not computed yet" in names(page, "gridcell")


def test_each_grid_is_one_stop_for_the_tab_key(page):
    begin(page)
    page.evaluate("model.set('editable', false)")
    page.locator("canvas").focus()
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(focused(page))
    assert [stop.split(":")[0] for stop in stops] == [
        "Input, row 1, column 1",
        "Kernel, row 1, column 1",
        "Products, row 1, column 1",
        "Output, row 1, column 1",
    ]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert focused(page).startswith("Output, row 2, column 1"), "a grid remembers where one was"


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("ArrowRight ArrowDown ArrowDown", "row 3, column 2"),
        ("ArrowUp ArrowLeft", "row 1, column 1"),
        ("End", "row 1, column 4"),
        ("ArrowDown End Home", "row 2, column 1"),
        ("Control+End", "row 4, column 4"),
        ("Control+End ArrowRight ArrowDown", "row 4, column 4"),
        ("Control+End Control+Home", "row 1, column 1"),
        ("ArrowRight PageDown", "row 4, column 2"),
        ("PageDown PageUp", "row 1, column 1"),
    ],
)
def test_keys_lead_from_cell_to_cell(page, keys, at):
    begin(page)
    cell(page, "Input, row 1, column 1").focus()
    for key in keys.split():
        page.keyboard.press(key)
    assert focused(page).startswith(f"Input, {at}")
    assert page.evaluate("model.get('index')") == 0, "a step was taken besides"


def test_to_focus_a_cell_outlines_what_belongs_to_it(page):
    begin(page)
    page.evaluate("deliver([1, 2, 3, 4, 5, 6, 7, 8])")
    page.mouse.move(880, 580)
    page.locator("canvas").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert {"panel": "output", "slices": "0", "rows": "0", "columns": "0 1"} in page.evaluate("outlined()")
    cell(page, "Output, row 1, column 1").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    sees(page, 6)
    page.keyboard.press("ArrowRight")
    sees(page, 7)
    page.keyboard.press("Enter")
    assert page.evaluate("model.get('index')") == 7
    page.locator("canvas").focus()
    assert page.evaluate("outlined()") == []
    sees(page, 7)


def test_pointing_elsewhere_and_leaving_returns_to_the_focused_cell(page):
    begin(page)
    page.locator("canvas").focus()
    page.keyboard.press("Tab")
    box = cell(page, "Kernel, row 2, column 2").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    assert points_at(page, "kernel", 0, 1, 1)
    page.mouse.move(880, 580)
    assert points_at(page, "input", 0, 0, 0)


def slices(number, across=2):
    return [
        {"x": 10 + 80 * (n % across), "y": 40 + 80 * (n // across), "width": 60, "height": 60} for n in range(number)
    ]


def test_cells_of_several_slices_name_theirs(page):
    stacked = {**ABOUT["panels"][0], "view": None, "edits": "", "slices": slices(2), "rows": 2, "columns": 4}
    begin(page, panels=[stacked, {**stacked, "name": "other", "captions": ["channel 0, red", "1"], "each": "channel"}])
    cells = names(page, "gridcell")
    assert cells[4] == "Input, slice 0, row 2, column 1: 4"
    assert cells[8] == "Input, slice 1, row 1, column 1: 8"
    assert cells[16] == "Input, channel 0, red, row 1, column 1: 0"
    assert cells[24] == "Input, channel 1, row 1, column 1: 8"
    cell(page, "Input, slice 0, row 1, column 2").first.focus()
    page.keyboard.press("PageDown")
    assert focused(page) == "Input, slice 1, row 1, column 2: 9"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Input, slice 0, row 2, column 2: 5"


def test_a_panel_in_colours_has_a_cell_that_moves(page):
    picture = {**ABOUT["panels"][0], "texts": None, "edits": "", "rows": 300, "columns": 400}
    begin(page, panels=[picture])
    assert names(page, "gridcell") == ["Input, row 1, column 1"]
    page.locator("canvas").focus()
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert focused(page) == "Input, row 2, column 3"
    assert names(page, "gridcell") == ["Input, row 2, column 3"]
    page.keyboard.press("Control+End")
    assert focused(page) == "Input, row 300, column 400"
    asked = page.evaluate("sent.filter(({ type }) => type === 'read').at(-1)")
    assert (asked["panel"], asked["cell"], asked["key"]) == ("input", [0, 299, 399], 0)
    page.evaluate("(asked) => tell('msg:custom', { ...asked, type: 'reading', text: '−7' }, [])", asked)
    assert focused(page) == "Input, row 300, column 400: −7"
    grid, row, at = (page.locator(f"[role={role}]").first for role in ("grid", "row", "gridcell"))
    assert (grid.get_attribute("aria-rowcount"), grid.get_attribute("aria-colcount")) == ("300", "400")
    assert (row.get_attribute("aria-rowindex"), at.get_attribute("aria-colindex")) == ("300", "400")


def test_cells_stand_where_they_are_painted_however_the_picture_is_scaled(page):
    begin(page)
    for width in (884, 400):
        page.evaluate("(width) => resized('one', width)", width)
        stage = page.locator(".convviz-stage").bounding_box()
        scale = stage["width"] / 560
        box = cell(page, "Kernel, row 2, column 1").bounding_box()
        assert box["x"] - stage["x"] == pytest.approx(200 * scale, abs=1)
        assert box["y"] - stage["y"] == pytest.approx(80 * scale, abs=1)
        assert box["width"] == pytest.approx(40 * scale, abs=1)


def test_a_new_picture_of_the_same_shape_keeps_the_focus(page):
    begin(page)
    cell(page, "Input, row 2, column 2").focus()
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('[data-generation="2"]')
    assert focused(page).startswith("Input, row 2, column 2")


def test_in_a_picture_of_another_shape_the_focus_goes_to_the_same_place(page):
    begin(page)
    cell(page, "Input, row 4, column 2").focus()
    smaller = [{**ABOUT["panels"][0], "rows": 3, "texts": ABOUT["panels"][0]["texts"][:12]}, *ABOUT["panels"][1:]]
    page.evaluate("(panels) => show({ generation: 2, panels })", smaller)
    page.wait_for_selector('[data-generation="2"]')
    assert focused(page) == "Input, row 3, column 2: 9"
    assert names(page, "grid") == ["Input", "Kernel", "Products", "Output"]


def test_the_ghost_of_a_step_is_dashed(page):
    begin(page)
    page.evaluate("model.set('ghost', 5)")
    assert page.evaluate("outlined('ghosts')") == [
        {"panel": "input", "slices": "0", "rows": "1 2", "columns": "2 3"},
        {"panel": "output", "slices": "0", "rows": "1", "columns": "2"},
    ]
    assert (
        page.locator(".convviz-ghosts .convviz-line").first.evaluate("e => getComputedStyle(e).strokeDasharray")
        != "none"
    )
    page.evaluate("model.set('ghost', 0)")
    assert page.evaluate("outlined('ghosts')") == [], "that step is shown already"
    page.evaluate("model.set('ghost', -1)")
    assert page.evaluate("outlined('ghosts')") == []
