"""The check of accessibility itself: it finds what is wrong, where it is asked to look, and says so."""

import pytest

from tests.browser.accessibility import check, names

GOOD = """<!doctype html><html lang="en"><title>Good</title>
<style>.tiny { width: 12px; height: 12px; padding: 0; border: 0 }</style><body><main>
<h1>Kernel</h1><p>Some <b>bold</b> text.</p>
<div role="grid" aria-label="Kernel"><div role="row">
  <span role="gridcell" tabindex="0" aria-label="Kernel, row 1, column 1: −1">−1</span>
</div></div>
<label>Stride <input type="number" value="2"></label>
<button>Next</button><span hidden>Nobody reads this</span>
</main></body></html>"""


@pytest.fixture
def show(browser):
    """Show a page of one's own."""
    page = browser.new_page()

    def show(html):
        page.set_content(html)
        return page

    yield show
    page.close()


def test_a_good_page_passes(show):
    check(show(GOOD))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<img src='data:,'>", ["image-alt (critical): ", "\n  img: <img src", "\n    Element does not have an alt"]),
        (
            "<p style='color: #bbb; background: white'>pale</p>",
            ["color-contrast (serious): ", "Expected contrast ratio of 4.5:1"],
        ),
        ("<input>", ["label (critical): "]),
        ("<div role='grid' aria-label='g'><span>1</span></div>", ["aria-required-children (critical): "]),
        # New in WCAG 2.2.
        ("<button class='tiny'>+</button><button class='tiny'>-</button>", ["target-size (serious): "]),
    ],
)
def test_what_is_wrong_is_named(html, said, show):
    page = show(GOOD.replace("<h1>", f"{html}<h1>"))
    with pytest.raises(AssertionError) as failure:
        check(page)
    for words in said:
        assert words in str(failure.value)


def test_a_page_is_checked_as_a_whole_and_an_element_alone(show):
    page = show("<div id='good'><h2>Good</h2></div><div id='bad'><input></div>")
    check(page, "#good")
    check(page, page.locator("#good"))
    with pytest.raises(AssertionError) as failure:
        check(page, "#bad")
    assert "html-has-lang" not in str(failure.value)
    with pytest.raises(AssertionError, match=r"document-title[\s\S]*html-has-lang[\s\S]*label"):
        check(page)


def test_a_page_can_be_checked_again_after_it_has_changed(show):
    page = show(GOOD)
    check(page)
    page.evaluate("document.querySelector('button').textContent = ''")
    with pytest.raises(AssertionError, match=r"button-name \(critical\)"):
        check(page)


def test_names_are_told_in_reading_order(show):
    told = names(show(GOOD))
    assert told[0] == ("RootWebArea", "Good")
    controls = [one for one in told if one[0] in ("heading", "grid", "gridcell", "spinbutton", "button")]
    assert controls == [
        ("heading", "Kernel"),
        ("grid", "Kernel"),
        ("gridcell", "Kernel, row 1, column 1: −1"),
        ("spinbutton", "Stride"),
        ("button", "Next"),
    ]
    texts = [name for role, name in told if role == "StaticText"]
    assert [one.strip() for one in texts[:4]] == ["Kernel", "Some", "bold", "text."]
    assert "Nobody reads this" not in str(told)
