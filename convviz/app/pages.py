"""The pages of the app: its landing page, which needs no kernel, and the lessons."""

from asyncio import TimerHandle, get_running_loop
from pathlib import Path
from typing import Any

from tornado.web import authenticated
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from convviz.lessons.course import COURSE, Page, name, where

TOGETHER_S = 0.005
"""For so long, what is written of a page waits to be sent together."""
INDEX = "index.ipynb"


class LessonPage(TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    """A lesson: all of its prose is sent before its kernel is ready."""

    @authenticated
    async def get(self, path: str | None = None) -> None:
        """Send a notebook as a page, as its parts come; the index is the landing page."""
        if path == INDEX:
            self.redirect(self.base_url)
            return
        waiting: TimerHandle | None = None
        async for html in self.get_generator(path=path):
            self.write(html)
            if waiting is None or waiting.when() < get_running_loop().time():
                waiting = get_running_loop().call_later(TOGETHER_S, self.flush)
        if waiting:
            waiting.cancel()


class Landing(TornadoVoilaTreeHandler):  # type: ignore[misc]  # Voila has no types
    """The first page: what the course is about, and its lessons. A folder without an index is listed."""

    @authenticated
    async def get(self, path: str = "") -> None:
        """Send the page."""
        app = self.settings["voila"]
        folder = Path(app.root_dir)
        if not (folder / INDEX).is_file():
            await super().get(path)
            return
        pages = [page for page in COURSE if (folder / f"{page.notebook}.ipynb").is_file()]
        self.write(
            self.render_template(
                "landing.html",
                cards=[_card(page) for page in pages],
                pictures=app.address_of("pictures"),
                **{name: self._address_of(folder / f"{name}.ipynb") for name in ("questions", "gallery")},
                opening=app.opening_of("index"),
            )
        )

    def _address_of(self, notebook: Path) -> str:
        """Return where a notebook is served; nothing where it is not there."""
        return f"{self.base_url}voila/render/{notebook.name}" if notebook.is_file() else ""


def _card(page: Page) -> dict[str, Any]:
    """Return what a card says."""
    needs = [f"lesson {number}" for number in page.needs if number != page.number]
    return {
        "notebook": page.notebook,
        "lesson": name(page),
        "where": where(page),
        "question": page.question,
        "summary": page.summary,
        "minutes": page.minutes,
        "needs": " and ".join(needs),
    }
