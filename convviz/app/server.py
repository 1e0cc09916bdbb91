"""Voila as the `convviz` command runs it: our settings and nobody else's, and it says where the lessons are."""

import logging
import os
import shutil
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tornado.ioloop import IOLoop
from tornado.routing import Rule
from tornado.web import GZipContentEncoding, RequestHandler
from traitlets import Bool, List, Unicode
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths
from voila.static_file_handler import AllowListFileHandler

from convviz.app import client
from convviz.app.accepting import BoundedServer
from convviz.app.exporter import make_pages, warm_up
from convviz.app.files import KeptFiles, find_in, key_of
from convviz.app.forking import ensure_forking
from convviz.app.guard import (
    Guarded,
    Health,
    Metrics,
    PlainErrors,
    Refusal,
    Strange,
    log_request,
    safe_headers,
)
from convviz.app.hub import MEMBERS, Activity, Version
from convviz.app.limits import room_for_visitors
from convviz.app.opening.store import Store, home
from convviz.app.pages import Landing, LessonPage
from convviz.app.settings import SAFE, VOILA, Access, bring_template
from convviz.javascript import PROGRAM

_THEIRS = ("/api/kernels/", "/voila/api/shutdown/", "/voila/tree")
"""Of Voila's own addresses, those that pages ask for."""


_PATIENCE = {"idle_connection_timeout": 60, "body_timeout": 20, "max_body_size": 2**16}
"""Seconds for the next request and for what it brings along, and how many bytes that may be."""


class PageFiles(PlainErrors, Guarded, AllowListFileHandler):  # type: ignore[misc]  # Voila has no types
    """Pictures in the texts of pages."""


class LessonServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila over a folder of lessons."""

    opens_browser = Bool(True)
    hosts: List[str] = List(Unicode(), help="Names under which strangers may ask for the lessons.")
    members = Bool(help="Whether somebody else says who may come in; else everybody may.")
    frames: List[str] = List(Unicode(), help="Origins whose pages may show the lessons inside of them.")

    def init_settings(self) -> dict[str, Any]:
        """Let what is made for each visitor travel compressed, and every answer have our headers."""
        transforms = [GZipContentEncoding, safe_headers(self.frames)]
        settings = {**super().init_settings(), "transforms": transforms, "log_function": log_request}
        return {**settings, "members": self.identity_provider if self.members else None}

    def init_handlers(self) -> list[Any]:
        """Put our pages, and files that a browser may keep, before Voila's own."""
        self.kept = {
            "static": self.static_paths,
            "labextensions": self.labextensions_path,
            "pictures": [Path(self.root_dir, "pictures")],
        }
        self.openings = Store(Path(self.root_dir), home())
        self.kept_key = key_of(Path(folder) for folders in self.kept.values() for folder in folders)
        self.voila_configuration.page_config_hook = self._with_kept_files
        self.voila_configuration.prelaunch_hook = self._with_opening
        pages = {name: getattr(self, name) for name in ("template_paths", "config", "voila_configuration")}
        kept = [
            (rf"{self.server_url}convviz/\w+/{name}/(.*)", KeptFiles, {"find": _finder(folders)})
            for name, folders in self.kept.items()
        ]
        opening = {"find": lambda path: find_in([self.openings.folder], path)}
        listed = {f"{kind}list": getattr(self.voila_configuration, f"file_{kind}list") for kind in ("allow", "deny")}
        ours = [
            *kept,
            (rf"{self.server_url}convviz/client/\w+/(.*)", client.Client),
            (rf"{self.server_url}convviz/opening/\w+/(.*)", KeptFiles, opening),
            (rf"{self.server_url}voila/templates/(.*)", KeptFiles, {"find": _template_file}),
            (rf"{self.server_url}voila/files/(.*)", PageFiles, {**listed, "path": self.root_dir}),
            (rf"{self.server_url}voila/render/(.*)", LessonPage, pages),
            (rf"{self.server_url}healthz", Health),
            (rf"{self.server_url}metrics", Metrics),
            (self.server_url, Landing, {"voila_configuration": self.voila_configuration}),
        ]
        theirs = [_plainly(*rule) for rule in super().init_handlers() if any(part in rule[0] for part in _THEIRS)]
        if self.members:
            ours.append((f"{self.server_url}api", Version))
            ours += [(f"{self.server_url}{at.lstrip('/')}", *how) for at, *how in self.identity_provider.get_handlers()]
        return [Rule(Strange({host.lower() for host in self.hosts}), Refusal), *ours, *theirs, (".*", Refusal)]

    def listen(self) -> None:
        """Listen, with little patience for those who do not say what they want."""
        self.app.listen = self._listen
        super().listen()

    def _listen(self, port: int, address: str) -> None:
        BoundedServer(self.app, visitors=self.kernel_manager.visitors, **_PATIENCE).listen(port, address)

    def address_of(self, kind: str) -> str:
        """Return where a kind of kept files is served."""
        return f"{self.base_url}convviz/{self.kept_key}/{kind}"

    def _with_kept_files(self, page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
        addresses = {f"full{kind.title()}Url": self.address_of(kind) for kind in ("static", "labextensions")}
        return {**page_config, **addresses}

    def opening_of(self, name: str) -> str:
        """Return where it is served how a page looks at first; nothing while that is not written."""
        address = f"{self.base_url}convviz/opening/{self.openings.folder.name}/"
        return address if self.openings.has(name) else ""

    def _with_opening(self, handler: Any, notebook: Any, **_: Any) -> Any:
        name = Path(handler.path_args[0]).stem
        program = os.environ[PROGRAM] if client.may_show(notebook) else ""
        about = {"name": name, "opening": self.opening_of(name), "client": program}
        notebook.metadata.setdefault("convviz", {}).update(about)
        client.write_prose(notebook, leads_on=name in self.openings.pages)
        return notebook

    def stop(self) -> None:
        """End what was started."""
        self.openings.stop()
        try:
            super().stop()
        finally:  # Voila deletes this first: a kernel may have written there since
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _stop_soon(self, *_: Any) -> None:
        """Stop when what is being done is done; a second Ctrl-C ends it at once.

        An exception at any moment could hit the start of a thread, which would then never be told to end.
        """
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.ioloop.add_callback(self.ioloop.stop)

    def launch_browser(self) -> None:
        """Print the address, and open it where that is wanted.

        Voila calls this as soon as it listens: the first moment at which the port is known.
        """
        self.ioloop = IOLoop.current()
        signal.signal(signal.SIGINT, self._stop_soon)
        sys.stdout.write(f"The lessons are at {self.display_url} (Ctrl-C stops them)\n")
        sys.stdout.flush()
        IOLoop.current().add_callback(warm_up, self.template_paths)
        IOLoop.current().add_callback(self.openings.fill)
        if self.members and (activity := Activity.from_variables(os.environ)):
            self.activity = activity.start(self.kernel_manager)
        if self.opens_browser:
            super().launch_browser()


def _plainly(address: str, handler: type[RequestHandler], *how: Any) -> tuple[Any, ...]:
    return address, type(handler.__name__, (PlainErrors, handler), {}), *how


def _finder(folders: list[Any]) -> Any:
    return cache(lambda path: find_in(folders, path))


@cache
def _template_file(path: str) -> Path | None:
    template, _, name = path.partition("/static/")
    return find_in(collect_static_paths(["voila", "nbconvert"], template), name) if name else None


def _settings(access: Access) -> dict[str, Any]:
    """Return Voila's configuration, which is another one where a hub says who may come in and where."""
    hub = {"identity_provider_class": MEMBERS, "auto_token": True, "port_retries": 0}
    voila = {**VOILA["Voila"], **(hub if access.members else {})}
    return {**VOILA, "Voila": voila, "VisitorKernels": {**VOILA["VisitorKernels"], **_of_kernels(access)}}


def _of_kernels(access: Access) -> dict[str, Any]:
    visitors = room_for_visitors(access.visitors)
    if visitors < access.visitors:
        sys.stderr.write(f"This system lets so few files be open that {visitors} visitors have room (ulimit -n).\n")
    spares = {} if access.spares is None else {"spares": access.spares}
    return {"visitors": visitors, "network": access.network, **spares}


def serve(notebooks: Path, port: int | None, access: Access = SAFE, *, opens_browser: bool) -> None:
    """Serve a folder of notebooks until Ctrl-C; where the port is taken, on the next free one."""
    os.environ[PROGRAM] = access.prefix + client.address()  # kernels shall know
    ensure_forking()
    bring_template()
    make_pages()
    LessonServer.launch_instance(
        [str(notebooks), *([] if port is None else [f"--port={port}"])],
        config=Config(_settings(access)),
        config_file_paths=[],
        log_level=logging.ERROR,
        opens_browser=opens_browser,
        hosts=list(access.hosts),
        frames=list(access.frames),
        base_url=access.prefix,
        server_url=access.prefix if access.members else "/",
        members=access.members,
        ip=access.address,
    )
