"""Numbers are changed where they are drawn: typed, dragged, turned with keys, pasted, and rows and columns added."""

import pytest

from convviz import convolve
from tests.browser.wire.page import ABOUT, TRACE, begin, panel, points_at, sees


def cell(page, name):
    return page.locator(f'[role=gridcell][aria-label^="{name}"]')


def middle(page, name):
    box = cell(page, name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def changes(page):
    """What the page asked to change, without the numbers of its messages."""
    return [{k: v for k, v in one.items() if k != "number"} for one in page.evaluate("changes()")]


def edit(operand, at, text, live=False):
    return {"type": "edit", "picture": 0, "operand": operand, "cell": at, "text": text, "live": live}


WEIGHT = "Kernel, row 1, column 2"


# ---- typing


@pytest.mark.parametrize("open_with", ["click", "Enter", "F2"])
def test_a_field_opens_over_the_cell_with_the_number_in_it(page, open_with):
    begin(page)
    if open_with == "click":
        page.mouse.click(*middle(page, WEIGHT))
    else:
        cell(page, WEIGHT).focus()
        page.keyboard.press(open_with)
    field = page.get_by_label(WEIGHT, exact=True)
    assert field.input_value() == "-2"
    assert field.get_attribute("inputmode") == "decimal"
    assert field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "-2"
    page.keyboard.type("1/3")
    page.keyboard.press("Enter")
    assert changes(page) == [edit("w", [0, 1], "1/3")]
    assert focused(page) == f"{WEIGHT}: 1/3"


@pytest.mark.parametrize(("keys", "text"), [("7", "7"), ("-4", "-4"), (".5", ".5")])
def test_to_begin_typing_a_number_replaces_the_old_one(page, keys, text):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type(keys)
    page.keyboard.press("Enter")
    assert changes(page) == [edit("w", [0, 1], text)]
    assert page.evaluate("model.get('index')") == 0


def test_letters_and_shortcuts_open_nothing(page):
    begin(page)
    cell(page, WEIGHT).focus()
    for key in ("a", "Control+c", "Alt+5", "Shift"):
        page.keyboard.press(key)
    assert page.locator(".convviz-field").count() == 0


def test_tab_commits_and_goes_on_to_the_next_cell_and_out_of_the_grid_after_the_last(page):
    begin(page)
    cell(page, "Kernel, row 2, column 1").focus()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    assert focused(page).startswith("Kernel, row 2, column 2")
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    assert not focused(page).startswith("Kernel, row")
    page.evaluate("answer('handled')")
    assert changes(page) == [edit("w", [1, 0], "8"), edit("w", [1, 1], "9")]
    cell(page, "Kernel, row 2, column 1").focus()
    page.keyboard.type("5")
    page.keyboard.press("Shift+Tab")
    assert focused(page).startswith("Kernel, row 1, column 2")


def test_escape_gives_up(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert page.locator(".convviz-field").count() == 0
    assert focused(page) == f"{WEIGHT}: −2"
    assert changes(page) == []


def test_what_is_left_as_it_was_is_no_change(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert changes(page) == []


def test_to_click_elsewhere_commits(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type("6")
    page.mouse.click(880, 580)
    assert changes(page) == [edit("w", [0, 1], "6")]


def test_keys_in_a_field_do_not_take_steps(page):
    begin(page)
    page.evaluate("deliver([1, 2])")
    cell(page, WEIGHT).focus()
    page.keyboard.press("Enter")
    for key in ("ArrowLeft", "Home", "End", "Space", "ArrowRight"):
        page.keyboard.press(key)
    assert page.locator(".convviz-field").count() == 1
    assert page.evaluate("model.get('index')") == 0


def test_a_field_takes_no_more_than_python_reads(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type("1" * 50)
    page.keyboard.press("Enter")
    assert changes(page)[0]["text"] == "1" * 40


def test_what_was_typed_stands_in_its_cell_until_the_picture_says_it(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    node = cell(page, WEIGHT)
    assert (node.get_attribute("data-mark"), node.get_attribute("data-text")) == ("pending", "5")
    page.evaluate("answer('handled', { generations: [2] })")
    assert node.get_attribute("data-mark") == "pending", "the new picture is not there yet"
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('[data-generation="2"]')
    assert node.get_attribute("data-mark") is None


# ---- what cannot be changed


@pytest.mark.parametrize("name", ["Products, row 1, column 1", "Output, row 1, column 1"])
def test_products_and_outputs_cannot_be_changed(page, name):
    begin(page)
    page.mouse.click(*middle(page, name))
    cell(page, name).focus()
    page.keyboard.type("5")
    page.keyboard.press("F2")
    page.keyboard.press("Alt+ArrowUp")
    assert page.locator(".convviz-field").count() == 0
    assert changes(page) == []
    style = cell(page, name).evaluate("e => [getComputedStyle(e).cursor, getComputedStyle(e).touchAction]")
    assert style == ["default", "auto"]
    style = cell(page, WEIGHT).evaluate("e => [getComputedStyle(e).cursor, getComputedStyle(e).touchAction]")
    assert style == ["ns-resize", "none"]


def test_where_nothing_is_editable_nothing_is_changed(page):
    page.evaluate("model.set('editable', false)")
    begin(page)
    page.mouse.click(*middle(page, WEIGHT))
    cell(page, WEIGHT).focus()
    page.keyboard.type("5")
    drag(page, WEIGHT, -80)
    assert changes(page) == []
    assert page.locator("[data-operand], .convviz-handle").count() == 0


def test_a_border_is_not_editable_and_what_it_surrounds_is(page):
    trace = convolve([[1, 2], [3, 4]], [[1, 2], [3, 4]])
    padded = panel("input", 10, 4, edits="x", texts=["0"] * 16, size=160)
    given = panel("kernel", 200, 2, edits="w", texts=["4", "3", "2", "1"], size=80)
    panels = [{**one, "view": trace.terms.views[one["name"]].as_json()} for one in (padded, given)]
    begin(page, terms=trace.terms.as_json(), panels=panels)
    assert page.locator("[role=grid][data-panel=input] [data-operand]").count() == 4
    cell(page, "Input, row 2, column 3").focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.evaluate("answer('handled')")
    cell(page, "Kernel, row 1, column 1").focus()
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expected = [edit("x", [0, 1], "5"), edit("w", [1, 1], "6")]
    assert changes(page) == expected, "the flipped picture edits the kernel as given"


# ---- refusal


def refuse(page, text, reason="“x” is no number"):
    cell(page, WEIGHT).focus()
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.evaluate("(reason) => answer('refused', { reason })", reason)


def test_a_refused_value_stays_in_its_cell_marked_and_the_reason_is_said(page):
    begin(page)
    refuse(page, "x")
    node = cell(page, WEIGHT)
    assert node.get_attribute("aria-invalid") == "true"
    assert focused(page) == f"{WEIGHT}: x, refused"
    shown = node.evaluate("e => { const s = getComputedStyle(e, '::after'); return [s.content, s.backgroundImage]; }")
    assert shown[0].startswith('"⚠ ')
    assert "repeating-linear-gradient" in shown[1]
    assert node.get_attribute("data-text") == "x"
    assert page.get_by_role("alert").text_content() == f"{WEIGHT}: “x” is no number"
    assert page.evaluate("painted()") == [1, 0], "the last good picture stays"
    page.keyboard.press("Enter")
    assert page.get_by_label(WEIGHT, exact=True).input_value() == "x"
    page.keyboard.press("Escape")
    assert focused(page) == f"{WEIGHT}: −2"
    assert page.get_by_role("alert").text_content() == ""


def test_a_better_value_takes_the_mark_away(page):
    begin(page)
    refuse(page, "x")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.evaluate("show({ generation: 2 }); answer('handled')")
    page.wait_for_selector('[data-generation="2"]')
    assert cell(page, WEIGHT).get_attribute("aria-invalid") is None
    assert page.get_by_role("alert").text_content() == ""


def test_another_cell_may_be_changed_meanwhile_and_the_refused_one_stays_marked(page):
    begin(page)
    refuse(page, "x")
    cell(page, "Input, row 1, column 1").focus()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.evaluate("show({ generation: 2 }); answer('handled')")
    page.wait_for_selector('[data-generation="2"]')
    assert cell(page, WEIGHT).get_attribute("data-mark") == "refused"
    page.evaluate("show({ generation: 3 })")
    page.wait_for_selector('[data-generation="3"]')
    assert cell(page, WEIGHT).get_attribute("data-mark") is None, "a reset leaves nothing refused"


def test_a_new_look_is_no_new_picture_to_what_was_refused(page):
    begin(page)
    refuse(page, "x")
    page.evaluate("model.set('pictures', [{ ...picture({ generation: 2 }), revision: 1 }])")
    page.wait_for_selector('[data-generation="2"]')
    assert cell(page, WEIGHT).get_attribute("data-mark") == "refused"


def test_a_dropped_message_does_not_hold_up_the_next(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.evaluate("answer('dropped')")
    assert cell(page, WEIGHT).get_attribute("data-mark") is None
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    assert [one["text"] for one in changes(page)] == ["5", "6"]


def test_with_the_kernel_gone_the_reader_is_told(page):
    begin(page)
    page.evaluate("window.gone = true")
    cell(page, WEIGHT).focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert "no connection" in page.get_by_role("alert").text_content()
    assert cell(page, WEIGHT).get_attribute("data-mark") is None


# ---- dragging


def answer_all(page):
    """Let the kernel answer what was sent, and what is sent then."""
    while page.evaluate("unanswered().length"):
        page.evaluate("answer('handled')")


def drag(page, name, dy, steps=10, modifier=None, release=True):
    x, y = middle(page, name)
    page.mouse.move(x, y)
    page.mouse.down()
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.move(x, y + dy, steps=steps)
    if release:
        page.mouse.up()
    if modifier:
        page.keyboard.up(modifier)


def test_a_number_that_is_dragged_up_grows(page):
    begin(page)
    for dy, modifier, after in ((-40, None, "3"), (24, None, "−5"), (-24, "Shift", "28"), (-16, "Alt", "−1.8")):
        page.evaluate("window.sent = []")
        drag(page, WEIGHT, dy, modifier=modifier)
        answer_all(page)
        assert changes(page)[-1] == edit("w", [0, 1], after)
        assert page.locator(".convviz-field").count() == 0, "the end of a drag is no click"


def test_a_number_is_written_as_it_was(page):
    cases = [
        ("−2", 5, 1, "3"),
        ("0.5", 2, 1, "0.7"),
        ("0.50", 1, 1, "0.51"),
        ("2/9", 2, 1, "4/9"),
        ("2/9", -2, 1, "0"),
        ("3", 3, 10, "33"),
        ("3", 2, 0.1, "3.2"),
        ("1/3", 2, 0.1, "12/30"),
        ("1/3", 1, 10, "11/3"),
        ("≈0.33", 1, 1, "0.34"),
        ("1", -1, 1, "0"),
        ("−0.1", 1, 1, "0"),
        ("100", -1, 1, "99"),
        ("1.5e−07", 1, 1, "0.00000016"),
        ("2e+06", 1, 1, "2000001"),
        ("x", 1, 1, "1"),
        ("", -1, 1, "-1"),
    ]
    for text, ticks, factor, after in cases:
        turned = page.evaluate("(turn) => turned(...turn)", [text, ticks, factor])
        assert turned == after, f"{text} turned by {ticks}"


def test_while_dragging_one_message_is_on_its_way_and_the_newest_follows(page):
    begin(page)
    drag(page, WEIGHT, -40, release=False)
    node = cell(page, WEIGHT)
    assert changes(page) == [edit("w", [0, 1], "−1", live=True)]
    assert node.get_attribute("data-text") == "3", "the cell is ahead of the kernel"
    page.evaluate("show({ generation: 2 }); answer('handled')")
    assert changes(page)[1:] == [edit("w", [0, 1], "3", live=True)]
    page.wait_for_selector('[data-generation="2"]')
    assert node.get_attribute("data-text") == "3", "an older picture does not take the newer number away"
    page.mouse.up()
    assert changes(page)[2:] == [edit("w", [0, 1], "3")], "a button that is pressed next comes after it"
    page.evaluate("show({ generation: 3 })")
    answer_all(page)
    page.wait_for_selector('[data-generation="3"]')
    assert node.get_attribute("data-mark") is None


def test_while_dragging_only_the_frame_that_is_looked_at_is_wanted(page):
    begin(page)
    drag(page, WEIGHT, -40, release=False)
    page.evaluate("window.sent = changes()")
    page.evaluate("show({ generation: 2 })")
    page.wait_for_selector('[data-generation="2"]')
    page.evaluate("answer('handled')")
    assert page.evaluate("wants()") == []
    page.mouse.up()
    answer_all(page)
    assert page.evaluate("wants().at(-1)")["generation"] == 2
    assert page.evaluate("wants().at(-1).keys.slice(0, 4)") == [1, 2, 3, 4]


def test_no_frame_of_an_older_value_appears_after_a_newer_one(page):
    begin(page)
    shown = page.evaluate(
        """async () => {
          const stage = document.querySelector(".convviz-stage");
          const seen = [];
          new MutationObserver(() => seen.push(Number(stage.dataset.generation))).observe(stage, {
            attributeFilter: ["data-generation"],
          });
          for (const generation of [2, 3, 4, 5, 6]) {
            show({ generation });
            if (generation % 2) await new Promise((next) => setTimeout(next));
          }
          await until(() => stage.dataset.generation === "6");
          return seen;
        }"""
    )
    assert shown == sorted(shown)
    assert shown[-1] == 6


def test_less_than_a_few_pixels_is_a_click(page):
    begin(page)
    drag(page, WEIGHT, -3)
    assert page.locator(".convviz-field").count() == 1
    assert changes(page) == []


def test_dragging_outlines_stay_and_no_text_is_selected(page):
    begin(page)
    drag(page, WEIGHT, -100, release=False)
    assert points_at(page, "kernel", 0, 0, 1)
    assert page.evaluate("getSelection().toString()") == ""
    page.mouse.up()


def test_keys_turn_a_number(page):
    begin(page)
    cell(page, WEIGHT).focus()
    page.keyboard.down("Alt")
    page.keyboard.press("ArrowUp")
    page.keyboard.up("Alt")
    page.evaluate("answer('handled')")
    assert changes(page) == [edit("w", [0, 1], "−1", live=True), edit("w", [0, 1], "−1")]
    page.evaluate("answer('handled')")
    for keys, after in (("Alt+ArrowDown", "−3"), ("Alt+PageUp", "8"), ("Alt+PageDown", "−12")):
        page.keyboard.press(keys)
        answer_all(page)
        assert changes(page)[-1] == edit("w", [0, 1], after)
    assert page.evaluate("model.get('index')") == 0


def test_a_finger_drags_a_number_and_the_page_stays(telephone):
    page = telephone
    page.evaluate("document.body.style.minHeight = '3000px'")
    begin(page)
    finger = page.context.new_cdp_session(page)

    def swipe(x, y, dy):
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in range(1, 9):
            point = {"x": x, "y": y + dy * part / 8}
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.touchscreen.tap(*middle(page, WEIGHT))
    assert page.locator(".convviz-field").count() == 1
    page.keyboard.press("Escape")
    swipe(*middle(page, "Input, row 3, column 2"), -64)
    assert page.evaluate("scrollY") == 0
    page.evaluate("answer('handled')")
    assert changes(page)[-1] == edit("x", [2, 1], "17")
    page.evaluate("answer('handled')")
    swipe(*middle(page, "Output, row 3, column 2"), -64)
    page.wait_for_function("scrollY > 20")
    assert len(changes(page)) == 2


# ---- pasting


PASTE = """([node, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  (node ?? document.activeElement).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("block", ["1\t2\n3\t4", "1,2\n3,4", "[[1 2]\n [3 4]]", "1 2"])
def test_a_block_is_pasted_from_the_cell_that_has_the_focus(page, block):
    begin(page)
    cell(page, "Input, row 2, column 3").focus()
    page.evaluate(PASTE, [None, block])
    assert changes(page) == [{"type": "paste", "picture": 0, "operand": "x", "cell": [1, 2], "text": block}]


@pytest.mark.parametrize("text", ["7", " -1,5 ", "1/3"])
def test_a_single_number_is_pasted_into_its_cell(page, text):
    begin(page)
    cell(page, "Input, row 2, column 3").focus()
    page.evaluate(PASTE, [None, text])
    assert changes(page) == [edit("x", [1, 2], text.strip())]


def test_a_block_may_be_pasted_into_a_field_as_well(page):
    begin(page)
    cell(page, "Input, row 2, column 3").focus()
    page.keyboard.press("Enter")
    page.evaluate(PASTE, [None, "1\t2"])
    assert [one["type"] for one in changes(page)] == ["paste"]
    assert page.locator(".convviz-field").count() == 0


def test_too_much_is_not_pasted(page):
    begin(page)
    cell(page, "Input, row 2, column 3").focus()
    page.evaluate(PASTE, [None, "1 " * 20_000])
    assert changes(page) == []
    assert "too much" in page.get_by_role("alert").text_content()


# ---- rows and columns


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("add a row to Input", ("x", 0, 1)),
        ("add a column to Input", ("x", 1, 1)),
        ("remove a row from Kernel", ("w", 0, -1)),
        ("remove a column from Kernel", ("w", 1, -1)),
    ],
)
def test_handles_add_and_remove_rows_and_columns(page, name, asked):
    begin(page)
    handle = page.get_by_role("button", name=name, exact=True)
    box = handle.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    handle.click()
    assert changes(page) == [
        dict(zip(("type", "picture", "operand", "axis", "by"), ("resize", 0, *asked), strict=True))
    ]
    assert focused(page) == name, "to press it again"


@pytest.mark.parametrize(("heading", "is_above"), [(50, True), (120, False)])
def test_handles_stand_below_where_they_would_cover_title_or_note(page, heading, is_above):
    begin(page, panels=[{**ABOUT["panels"][0], "heading": heading}])
    handle = page.get_by_role("button", name="add a column to Input").bounding_box()
    first, last = [cell(page, f"Input, row {row}, column 4").bounding_box() for row in (1, 4)]
    assert (handle["y"] + handle["height"] <= first["y"]) == is_above
    assert (handle["y"] >= last["y"] + last["height"]) == (not is_above)


def test_the_last_row_is_not_removed(page):
    one = {**ABOUT["panels"][1], "rows": 1, "texts": ["1", "2"]}
    terms = TRACE.terms.as_json()
    terms["operands"]["w"] = ({**terms["operands"]["w"][0], "size": 1}, terms["operands"]["w"][1])
    begin(page, terms=terms, panels=[one])
    fewer = page.get_by_role("button", name="remove a row from Kernel")
    assert fewer.get_attribute("aria-disabled") == "true"
    fewer.click(force=True)
    assert changes(page) == []


def test_handles_are_one_stop_for_the_tab_key_with_arrows_between(page):
    begin(page)
    page.locator("canvas").focus()
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(focused(page).split(":")[0])
    assert names == [
        "Input, row 1, column 1",
        "remove a row from Input",
        "Kernel, row 1, column 1",
        "remove a row from Kernel",
        "Products, row 1, column 1",
        "Output, row 1, column 1",
    ]
    page.get_by_role("button", name="remove a row from Input").focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "add a row to Input"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "add a column to Input"
    sees(page, 0)
