"""A lesson on the page, as somebody uses it who sees and hears what it shows but no code."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import LIMIT_MS

TICK_PX = 8
"""How far a number is dragged to become one larger."""


HOLDS = """([player, selector, ends]) => {
  const cells = [...player.querySelectorAll(selector)];
  return cells.length === ends.length && cells.every((cell, at) => cell.ariaLabel.endsWith(ends[at]));
}"""


class PlayerOnPage:
    """One of the players of a page: the pictures side by side, their caption and their controls.

    Parameters
    ----------
    number
        Which one of the page, from the top.
    """

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.root: Locator = page.locator(".convviz-player").nth(number)
        self.caption = self.root.locator(".convviz-caption")
        self.slider = self.root.get_by_role("slider", name="step")
        self.readout = self.root.locator(".convviz-readout")
        self.alert = self.root.locator(".convviz-alert")

    def shows(self, step: int) -> None:
        """Look at the player and wait until a step is on the canvas."""
        self.root.scroll_into_view_if_needed()
        # `expect` would describe the whole player each time that it looks.
        self.root.and_(self.page.locator(f'[data-shown="{step}"][aria-busy="false"]')).wait_for(timeout=LIMIT_MS)

    def says(self, *sentences: str | re.Pattern[str]) -> None:
        """Wait until the caption is these sentences, one for each picture."""
        expect(self.caption.locator("p")).to_have_text(sentences, timeout=LIMIT_MS)

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def grid(self, panel: str, picture: int = 0) -> Locator:
        """Find a panel of a picture by its name, "input" or "kernel" for instance."""
        return self.root.locator(f'[data-picture="{picture}"] [role=grid][data-panel="{panel}"]')

    def cell(self, panel: str, row: int, column: int, part: int = 0, picture: int = 0) -> Locator:
        """Find a cell of a panel, of its channel or map ``part``; everything counts from 0."""
        lines = self.grid(panel, picture).get_by_role("rowgroup").nth(part).get_by_role("row")
        return lines.nth(row).get_by_role("gridcell").nth(column)

    def holds(self, panel: str, numbers: Sequence[Any], picture: int = 0) -> None:
        """Wait until a panel's cells hold some numbers, as they are told to a screen reader, row by row."""
        cells = f'[data-picture="{picture}"] [data-panel="{panel}"] [role=gridcell]'
        ends = [f": {told(number)}" for number in numbers]
        self.page.wait_for_function(HOLDS, arg=[self.root.element_handle(), cells, ends], timeout=LIMIT_MS)

    def is_free(self) -> None:
        """Move the pointer away, so that nothing is pointed at."""
        self.page.mouse.move(0, 0)

    def type_in(self, cell: Locator, text: str) -> None:
        """Click a cell, type and press Enter."""
        cell.click()
        field = cell.get_by_role("textbox")
        expect(field).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(field).to_have_count(0)

    @contextmanager
    def dragged(self, cell: Locator, ticks: int) -> Iterator[None]:
        """Drag a number up by so many ticks, or down, hold it for a while, and let it go."""
        cell.hover()  # it waits until the cell has come to rest: a change before may still move it
        box = cell.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x, y - TICK_PX * ticks, steps=4)
        yield
        self.page.mouse.up()

    def outlined(self, panel: str, picture: int = 0) -> Locator:
        """Find the outlines in a panel."""
        return self.root.locator(f'[data-picture="{picture}"] .convviz-outlines g[data-panel="{panel}"]')

    def outlines(self, panel: str, rows: str, columns: str, *, slices: str = "0", picture: int = 0) -> None:
        """Wait until just these cells of a panel are outlined."""
        outline = self.outlined(panel, picture)
        expect(outline).to_have_count(1, timeout=LIMIT_MS)
        for name, numbers in (("slices", slices), ("rows", rows), ("columns", columns)):
            expect(outline).to_have_attribute(f"data-{name}", numbers, timeout=LIMIT_MS)


class DeskOnPage:
    """The questions and controls of a lesson.

    Parameters
    ----------
    number
        Which one of the page, from the top.
    """

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.root: Locator = page.locator(".convviz-desk").nth(number)
        self.notice = self.root.locator(".convviz-notice")

    def question(self, number: int = 0) -> Locator:
        """Find a question."""
        return self.root.locator(".convviz-question").nth(number)

    def answers(self, guess: str, said: str, number: int = 0) -> None:
        """Type a guess, press Enter, and wait for what is said of it."""
        field = self.question(number).get_by_label("Your prediction")
        field.fill(guess)
        field.press("Enter")
        expect(self.question(number)).to_contain_text(said, timeout=LIMIT_MS)

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def open(self, title: str) -> None:
        """Unfold a group of controls."""
        group = self.root.locator("details", has=self.page.get_by_text(title, exact=True))
        if group.get_attribute("open") is None:
            group.locator("summary").click()

    def pick(self, label: str, option: str) -> None:
        """Pick from a list."""
        self.root.get_by_role("combobox", name=label, exact=True).select_option(option)

    def field(self, label: str) -> Locator:
        """Find a field to type in."""
        return self.root.get_by_role("textbox", name=label, exact=True)

    def type_in(self, label: str, text: str) -> None:
        """Type in a field, and press Enter."""
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def refuses(self, label: str, text: str, why: str) -> None:
        """Type what is refused: it stays, marked, with the reason."""
        field = self.field(label)
        self.type_in(label, text)
        expect(field).to_have_attribute("aria-invalid", "true", timeout=LIMIT_MS)
        expect(field).to_have_value(text)
        alert = self.root.locator(f"[id='{field.get_attribute('aria-describedby')}']")
        expect(alert).to_contain_text(why)
        expect(alert).to_have_role("alert")


def told(number: Any) -> str:
    """Write a whole number as the page does; other things as they are."""
    return str(number).replace("-", "−")
