"""A lesson on the page, as somebody uses it who sees captions and numbers but no code."""

import re

from playwright.sync_api import Locator, Page, expect

from convviz.scenes.panels.panel import Hotspot
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
        """Point at a cell, of many slices in the last that shows it; where it is follows from the player's room."""
        self.root.scroll_into_view_if_needed()
        room = self.root.evaluate("root => root.parentElement.clientWidth")
        scene: Scene = scene_of(trace, Look(width=room))  # type: ignore[operator]
        spot = [spot for spot in scene.hotspots() if spot["role"] == role and cell in _cells(spot)][-1]
        canvas = self.root.locator("canvas")
        box = canvas.bounding_box()
        assert box is not None
        scale = box["width"] / scene.size[0]
        row, column = divmod(cell - _cells(spot).start, spot["columns"])
        x = box["x"] + scale * (spot["x"] + (column + 0.5) * spot["width"] / spot["columns"])
        y = box["y"] + scale * (spot["y"] + (row + 0.5) * spot["height"] / spot["rows"])
        self.page.mouse.move(x, y)
        return x, y

    def outlined(self, role: str) -> Locator:
        """The outlines in a panel, or in each of its slices that has any."""
        return self.root.locator(f'.convviz-outlines g[data-role="{role}"]')

    @property
    def picture(self) -> int:
        """Which picture is on the page: the number grows with every new one."""
        return int(self.root.get_attribute("data-generation") or 0)

    def shows_a_picture_after(self, picture: int) -> None:
        """Wait until a later picture is on the page, and drawn."""
        self.root.scroll_into_view_if_needed()
        is_later = "([root, before]) => Number(root.dataset.generation) > before && root.ariaBusy !== 'true'"
        self.page.wait_for_function(is_later, arg=[self.root.element_handle(), picture], timeout=LIMIT_MS)


def _cells(spot: Hotspot) -> range:
    """The numbers of a slice's cells; none of a map that changes with the step."""
    first, count = spot["first"], spot["rows"] * spot["columns"]
    return range(0) if first is None else range(first, first + count)


def number_field(page: Page, grid: int, cell: int) -> Locator:
    """A field of the form: grid 0 is the input, grid 1 the kernel or the filters, grid 2 the bias."""
    return page.locator(".convviz-grid").nth(grid).locator("input").nth(cell)


def type_in(field: Locator, text: str) -> None:
    """Replace what a field holds, and leave it."""
    field.fill(text)
    field.press("Enter")


def pick(page: Page, name: str, option: str) -> None:
    """Pick from a list of the form by its tooltip, "Input: ready-made" for instance."""
    page.get_by_title(name, exact=True).first.select_option(option)


def fits_a_telephone(page: Page) -> None:
    """Make the page as narrow as a telephone, and wait until its pictures are; all of it must be there."""
    page.set_viewport_size({"width": 390, "height": 844})
    player = PlayerOnPage(page)
    player.root.scroll_into_view_if_needed()
    narrow = "root => root.querySelector('canvas').width <= 390 && root.ariaBusy !== 'true'"
    page.wait_for_function(narrow, arg=player.root.element_handle(), timeout=LIMIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
