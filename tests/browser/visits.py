"""A visit to a page: what the visitor does, and all that goes wrong meanwhile."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route, WebError, WebSocket

from tests.browser.cable import Cable
from tests.browser.profiles import Profiles
from tests.browser.servers import Server
from tests.browser.static_server import StaticServer

LIMIT_MS = 30_000
"""Patience for a slow machine: it is spent only where something has gone wrong."""

PYTHON_MS = 100_000
"""Patience until Python is there in the browser, on a slow machine."""

KNOWN = [
    # Voila 0.5 is built with JupyterLab 4.2, the widgets' extensions with a later one. To go with Voila 0.6.
    re.compile(r"(Unsatisfied|No satisfying) version .*shared (singleton )?module @jupyterlab/"),
    # To go when JupyterLab 4.4 is the lower bound.
    re.compile(r"Language pack 'en_US' not installed!"),
]
"""Warnings in the console that others have to put right."""


class Visit:
    """A browser with nothing remembered, one page in it, and a list of its faults.

    A fault is an error or a warning in the console, an error of JavaScript, an answer of 400 and above, and any
    request to somebody else than the server.

    Parameters
    ----------
    viewport
        Width and height in CSS pixels.
    density
        Device pixels per CSS pixel.
    dark
        What the visitor's system prefers.
    touch
        Whether it is used with fingers.
    profiles
        Where the visit borrows a profile; without, it has one of its own, in which nothing has been loaded before.
    """

    def __init__(
        self,
        browser: Browser,
        server: Server | StaticServer | Cable,
        *,
        viewport: tuple[int, int] = (1280, 800),
        density: float = 1,
        dark: bool = False,
        touch: bool = False,
        profiles: Profiles | None = None,
    ) -> None:
        self.server = server
        self.faults: list[str] = []
        self._profiles = profiles
        options: dict[str, Any] = {
            "device_scale_factor": density,
            "color_scheme": "dark" if dark else "light",
            "has_touch": touch,
            "is_mobile": touch,
        }
        self._profile = profiles.take(server.url, **options) if profiles else None
        self.context = self._profile.context if self._profile else browser.new_context(**options)
        self.context.set_default_timeout(LIMIT_MS)
        self._listeners: dict[Any, Callable[..., None]] = {
            "console": self._hear,
            "weberror": self._see_error,
            "request": self._see_request,
            "response": self._see_response,
        }
        for event, listener in self._listeners.items():
            self.context.on(event, listener)
        self.page: Page = self.context.new_page()
        self.page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        self.page.on("websocket", self._see_websocket)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known.match(message.text) for known in KNOWN):
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _see_error(self, error: WebError) -> None:
        self.faults.append(f"JavaScript: {error.error}")

    def _see_request(self, request: Request) -> None:
        self._see_address(request.url)

    def _see_websocket(self, socket: WebSocket) -> None:
        self._see_address(socket.url)

    def _see_address(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != self.server.host:
            self.faults.append(f"a request to another host: {url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")

    def check(self) -> None:
        """Fail if anything went wrong so far."""
        assert not self.faults, "\n".join(self.faults)

    def close(self) -> None:
        """Close the page and its profile, or give that back."""
        if self._profiles is None or self._profile is None:
            self.context.close()
            return
        for event, listener in self._listeners.items():
            self.context.remove_listener(event, listener)
        self._profiles.give_back(self._profile)

    def open(self, place: str) -> None:
        """Open a lesson (`01_sliding_window`, or `01_sliding_window?step=3`), and wait until all of it is shown."""
        name, mark, search = place.partition("?")
        self.page.goto(self.address(name) + mark + search)
        self.wait_until_shown()

    def address(self, name: str) -> str:
        """Return where a lesson is."""
        raise NotImplementedError

    def wait_until_shown(self) -> None:
        """Wait until all of a lesson is shown."""
        raise NotImplementedError


class SiteVisit(Visit):
    """A visit to the static site.

    Parameters
    ----------
    live
        Whether it waits until a page has its Python as well, so that it can do what other lessons can.
    """

    def __init__(self, *where: Any, live: bool = False, **options: Any) -> None:
        super().__init__(*where, **options)
        self.live = live

    def address(self, name: str) -> str:
        """Return where a lesson is."""
        return f"{self.server.url}{quote(name)}.html"

    def wait_until_shown(self) -> None:
        """Wait until the pictures are shown, and Python is there if it is waited for."""
        self.page.wait_for_selector("body[data-site]")
        if self.live:
            self.page.wait_for_selector('body[data-site="live"]', timeout=PYTHON_MS)

    def hold_python(self) -> list[Route]:
        """Let Python wait: it begins when what is returned goes on."""
        held: list[Route] = []
        self.page.route("**/worker.js", lambda route: held.append(route))
        return held


class VoilaVisit(Visit):
    """A visit to the lessons as Voila serves them."""

    server: Server | Cable

    def address(self, name: str) -> str:
        """Return where a lesson is."""
        return f"{self.server.url}voila/render/{quote(name)}.ipynb"

    def wait_until_shown(self) -> None:
        """Wait until every widget of the lesson has its view."""
        self.page.wait_for_selector("body.jp-Notebook:not(.lesson-loading)")

    @property
    def kernel_id(self) -> str:
        """The kernel of the page that is open; empty where there is none."""
        kernel_id: str = self.page.evaluate(
            "JSON.parse(document.getElementById('jupyter-config-data')?.textContent ?? '{}').kernelId ?? ''"
        )
        return kernel_id

    def close(self) -> None:
        """Close the page and end its kernel, which the page that closes may have done."""
        kernel_id = self.kernel_id
        super().close()
        if kernel_id:
            self.server.end(kernel_id)


class LabVisit(Visit):
    """A visit to the notebooks in JupyterLab."""

    server: Server

    def open(self, place: str) -> None:
        """Open a notebook (`01_sliding_window`), run all its cells, and wait until they are done.

        A second one opens in a tab of its own.
        """
        if self.page.url == "about:blank":
            # Without `reset` JupyterLab would open again what the visit before had open.
            self.page.goto(f"{self.server.url}lab/tree/{quote(place)}.ipynb?reset&token={self.server.token}")
            self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        else:
            opening = "async path => { await jupyterapp.commands.execute('docmanager:open', { path }) }"
            self.page.evaluate(opening, f"{place}.ipynb")
        done = self.page.evaluate(
            """async () => {
                const { context, sessionContext } = jupyterapp.shell.currentWidget;
                await Promise.all([context.ready, sessionContext.ready]);
                await sessionContext.session.kernel.info;
                return jupyterapp.commands.execute("notebook:run-all-cells");
            }"""
        )
        assert done, f"a cell of {place} failed: {self.page.locator('.jp-RenderedText').all_inner_texts()}"

    def close(self) -> None:
        """Close the page, and end what runs on the server: it serves one visit at a time."""
        super().close()
        for session in self.server.ask("GET", "api/sessions"):
            self.server.ask("DELETE", f"api/sessions/{session['id']}")
