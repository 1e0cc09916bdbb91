"""A lesson on the page, as somebody uses it who sees captions and numbers but no code."""

import re

from playwright.sync_api import Locator, Page, expect

from convviz.scenes.scene import Scene
from convviz.theme import Look
from tests.browser.visits import LIMIT_MS


class PlayerOnPage:
    """One of the players of a lesson."""

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.root: Locator = page.locator(".convviz-player").nth(number)
        self.caption = self.root.locator(".convviz-caption")
        self.slider = self.root.get_by_role("slider", name="step")

    def shows(self, step: int) -> None:
        """Look at the player and wait until a step is on the canvas."""
        self.root.scroll_into_view_if_needed()
        expect(self.root).to_have_attribute("data-shown", str(step), timeout=LIMIT_MS)

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait until the caption has these words."""
        expect(self.caption).to_contain_text(text, timeout=LIMIT_MS)

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def point_at(self, scene_of: object, trace: object, role: str, cell: int) -> tuple[float, float]:
        """Point at a cell; where it is follows from the room that the player has."""
        self.root.scroll_into_view_if_needed()
        room = self.root.evaluate("root => root.parentElement.clientWidth")
        scene: Scene = scene_of(trace, Look(width=room))  # type: ignore[operator]
        [spot] = [spot for spot in scene.hotspots() if spot["role"] == role]
        canvas = self.root.locator("canvas")
        box = canvas.bounding_box()
        assert box is not None
        scale = box["width"] / scene.size[0]
        row, column = divmod(cell, spot["columns"])
        x = box["x"] + scale * (spot["x"] + (column + 0.5) * spot["width"] / spot["columns"])
        y = box["y"] + scale * (spot["y"] + (row + 0.5) * spot["height"] / spot["rows"])
        self.page.mouse.move(x, y)
        return x, y

    def outlined(self, role: str) -> Locator:
        """The outlines in a panel."""
        return self.root.locator(f'.convviz-outlines g[data-role="{role}"]')


def number_field(page: Page, grid: int, cell: int) -> Locator:
    """A field of the form: grid 0 is the input, grid 1 the kernel."""
    return page.locator(".convviz-grid").nth(grid).locator("input").nth(cell)


def type_in(field: Locator, text: str) -> None:
    """Replace what a field holds, and leave it."""
    field.fill(text)
    field.press("Enter")
