"""What holds for every request: who is asked, what an address may look like, and what each answer tells the browser."""

import ipaddress
import logging
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote_to_bytes

from tornado.httputil import HTTPHeaders, HTTPServerRequest, split_host_and_port
from tornado.routing import Matcher
from tornado.web import HTTPError, OutputTransform, RequestHandler

from convviz.app.measures import MEASURES

_log = logging.getLogger("tornado.access")
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE"})
_LONGEST_NAME, _LONGEST_ADDRESS = 200, 16_000
_LOGGED = 200
"""Characters of an address."""
_SAME_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def content_policy(host: str, frames: Collection[str] = ()) -> str:
    """Return what a page may load and from where: everything is its own.

    Parameters
    ----------
    host : str
        The name under which the app was asked, for browsers that do not count websockets as its own.
    frames : collection of str
        Origins whose pages may show ours inside of them.

    Notes
    -----
    Source: Content Security Policy Level 3 (W3C). Voila writes scripts into its pages, JupyterLab's parts compile
    checks of their settings, and anywidget loads what a widget brings along from a ``blob:`` address.

    Examples
    --------
    >>> content_policy("localhost:8866").rpartition("; ")[2]
    "frame-ancestors 'self'"
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob: ws://{host} wss://{host}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            " ".join(("frame-ancestors 'self'", *frames)),
        )
    )


def safe_headers(frames: Collection[str]) -> type[OutputTransform]:
    """Make what adds our headers to every answer, errors included.

    Parameters
    ----------
    frames : collection of str
        As for `content_policy`.
    """

    class SafeHeaders(OutputTransform):
        def __init__(self, request: HTTPServerRequest) -> None:
            self._host = request.host

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            for name, value in _SAME_FOR_ALL.items():
                headers[name] = value
            policy = content_policy(self._host, frames) if is_ours(self._host, None) else "default-src 'none'"
            headers["Content-Security-Policy"] = policy
            headers.setdefault("Cache-Control", "no-cache")
            headers.pop("Server", None)
            return status_code, headers, chunk

    return SafeHeaders


def is_ours(host: str, names: Collection[str] | None) -> bool:
    """Whether a request means this app: it is asked by a number, as localhost, or by a name that it was given.

    Another site can let its own name stand for this computer's number, and then read what the app answers ("DNS
    rebinding"). The browser still says that name.

    Parameters
    ----------
    host : str
        What the request says: a name, and mostly a port.
    names : collection of str or None
        The app's names; None for any.

    Examples
    --------
    >>> is_ours("127.0.0.1:8866", ()), is_ours("[::1]:8866", ()), is_ours("evil.example:8866", ())
    (True, True, False)
    >>> is_ours("lessons.example", {"lessons.example"})
    True
    """
    name, _ = split_host_and_port(host.lower())
    if not name or not set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_:[]"):
        return False
    if names is None or name == "localhost" or name.endswith(".localhost") or name in names:
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_plain(path: str) -> bool:
    """Whether an address is one that a page of ours could have.

    Examples
    --------
    >>> is_plain("/voila/render/01.ipynb"), is_plain("/voila/files/..%2fvoila.json"), is_plain("/%00")
    (True, False, False)
    """
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except ValueError:
        return False
    names = text.split("/")
    return (
        len(path) <= _LONGEST_ADDRESS
        and text.isprintable()
        and not set(text) & set('\\<>"|?*')
        and not any(name.startswith(".") or len(name.encode()) > _LONGEST_NAME for name in names)
        and "%" not in text
    )


def log_request(handler: RequestHandler) -> None:
    """Note a request that was refused or went wrong, in one line of bounded length."""
    status = handler.get_status()
    if status < 400:
        return
    level = logging.ERROR if status >= 500 and status != 503 else logging.WARNING
    asked = repr(handler.request.uri)[:_LOGGED]
    _log.log(level, "%d %s %s from %s", status, handler.request.method, asked, handler.request.remote_ip)


class Strange(Matcher):
    """Requests that are not meant for this app, or for which it has no answer.

    Parameters
    ----------
    names : collection of str
        As for `is_ours`.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Say how such a request is answered; nothing of all others."""
        if request.method not in METHODS:
            return {"target_kwargs": {"status": 405, "kind": "method"}}
        if not is_ours(request.host, self._names):
            return {"target_kwargs": {"status": 403, "kind": "host"}}
        if not is_plain(request.path) or len(request.uri or "") > _LONGEST_ADDRESS:
            return {"target_kwargs": {"status": 404, "kind": "address"}}
        return None


class PlainErrors(RequestHandler):
    """Answer errors in a few words; Jupyter would fill in a page whose parts are not served here."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Write the answer."""
        words = {
            400: "This is no request that a lesson makes.",
            403: "This app has another name. Its administrator can add this one: convviz --host NAME",
            405: "This app only shows lessons: they are asked for with GET.",
            429: "This lesson is open already.",
        }
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        otherwise = "Something went wrong here." if status_code >= 500 else "There is nothing at this address."
        self.finish(words.get(status_code, otherwise) + "\n")


class Guarded(RequestHandler):
    """What only those get who get the pages, where it is said who that is."""

    async def prepare(self) -> None:
        """Refuse whoever has not logged in."""
        members = self.settings.get("members")
        if members is not None and await members.get_user(self) is None:
            raise HTTPError(403)


class Refusal(PlainErrors):
    """Answer in a few words, whatever is asked."""

    def initialize(self, status: int = 404, kind: str = "address") -> None:
        """Take what is answered."""
        self._status, self._kind = status, kind

    def prepare(self) -> None:
        """Answer at once."""
        MEASURES.refused(self._kind)
        raise HTTPError(self._status)


class Health(RequestHandler):
    """Say that the app answers; no kernel is asked."""

    def get(self) -> None:
        """Answer with a few words as JSON."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok"})

    head = get


class Metrics(Guarded):
    """Tell Prometheus how things are; no kernel is asked."""

    def get(self) -> None:
        """Answer with counts and times."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(MEASURES.text())

    head = get
