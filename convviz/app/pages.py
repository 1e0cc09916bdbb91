"""The pages of the app: its landing page, which needs no kernel, and the lessons."""

from asyncio import TimerHandle, get_running_loop
from pathlib import Path
from typing import Any

from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from convviz.app.files import find_in
from convviz.course import COURSE, Page, name, where

TOGETHER_S = 0.005
"""For so long, what is written of a page waits to be sent together."""
INDEX = "index.ipynb"
PICTURES = (".png", ".jpg", ".gif", ".svg")
FULL, RETRY_S = 503, 30
"""How a page answers when there is no room, and after how many seconds it is worth another try."""
PROJECTOR = "projector"


class LessonPage(TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    """A lesson: all of its prose is sent before its kernel is ready."""

    kernel_id = ""
    """That of the page, once there is one."""
    _is_gone = False

    @authenticated
    async def get(self, path: str = "") -> None:
        """Send a notebook as a page, as its parts come; the index is the landing page."""
        if path == INDEX:
            self.redirect(self.base_url)
            return
        self._check(path, (".ipynb", *PICTURES))
        if path.endswith(PICTURES):  # one in a text
            self.redirect_to_file(path)
            return
        if self.get_argument("theme", "") == PROJECTOR:  # a matter of size, which Voila takes for colours
            del self.request.arguments["theme"]
        waiting: TimerHandle | None = None
        async for html in self.get_generator(path=path):
            if self._is_gone:
                break
            self.write(html)
            if waiting is None or waiting.when() < get_running_loop().time():
                waiting = get_running_loop().call_later(TOGETHER_S, self.flush)
        if waiting:
            waiting.cancel()

    @authenticated
    def head(self, path: str = "") -> None:
        """Say that there is such a page; no kernel is started for that."""
        if path != INDEX:
            self._check(path)

    def on_connection_close(self) -> None:
        """Give up a page that nobody waits for any more."""
        super().on_connection_close()
        self._is_gone = True
        self.give_up("abandoned")

    def give_up(self, reason: str) -> None:
        """End the kernel of a page that will not be used."""
        if self.kernel_id:
            get_running_loop().create_task(self.kernel_manager.end(self.kernel_id, reason))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a page about an error."""
        if status_code == FULL:
            self.set_header("Retry-After", str(RETRY_S))
        super().write_error(status_code, **kwargs)

    def _check(self, path: str, endings: tuple[str, ...] = (".ipynb",)) -> None:
        """Refuse what is none of the folder's notebooks."""
        if find_in([self.settings["voila"].root_dir], path) is None or not path.endswith(endings):
            raise HTTPError(404)


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
        self.write(
            self.render_template(
                "landing.html",
                cards=cards(folder),
                pictures=app.address_of("pictures"),
                **{name: self._address_of(folder / f"{name}.ipynb") for name in ("questions", "gallery")},
                opening=app.opening_of("index"),
            )
        )

    head = get

    def _address_of(self, notebook: Path) -> str:
        """Return where a notebook is served; nothing where it is not there."""
        return f"{self.base_url}voila/render/{notebook.name}" if notebook.is_file() else ""


def cards(folder: Path) -> list[dict[str, Any]]:
    """Return what the cards of the lessons say, of those that are in a folder."""
    return [_card(page) for page in COURSE if (folder / f"{page.notebook}.ipynb").is_file()]


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
