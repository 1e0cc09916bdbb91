"""What Voila and JupyterLab are told when they serve the lessons, and why."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

CONNECTION = "convviz.app.connections.PromptConnection"
"""For JupyterLab, whose user may do everything."""
LOOPBACK = "127.0.0.1"
"""This computer alone asks."""
VISITORS = 40
"""So many pages have a kernel at a time: some 5 GB at most times, and not more files than a process may open."""
VOILA: dict[str, dict[str, Any]] = {
    "Voila": {
        "ip": LOOPBACK,
        "kernel_websocket_connection_class": "convviz.app.connections.LessonConnection",
        "identity_provider_class": "convviz.app.identity.Visitors",
        "tornado_settings": {
            # A page that closes asks for its kernel to be shut down, but without the token against requests from
            # other sites (voila issue 1458): each page would leave a kernel behind. Nobody can guess a kernel's name.
            "disable_check_xsrf": True,
            # No pings of jupyter_server: its own timeout is more than tornado takes, which says so at each page; one
            # equal to the 30 s between pings lets the first one close the page's connection. Ours pings by itself.
            "ws_ping_interval": 0,
            # Each widget brings its program. Compressed, the messages of a page are little more than half their size.
            "websocket_compression_options": {},
            "websocket_max_message_size": 5 * 2**20,
            "xsrf_cookie_kwargs": {"samesite": "Lax", "httponly": True},
        },
    },
    "VoilaConfiguration": {
        "template": "convviz",
        # An address could ask for other templates, and write what it likes into the page as a theme.
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "multi_kernel_manager_class": "convviz.app.capacity.VisitorKernels",
    },
    "KernelProvisionerFactory": {"default_provisioner_name": "convviz"},
    # A kernel that died is not started again under its name: it would know nothing of the page, which would not know.
    "KernelRestarter": {"restart_limit": 0},
    "MappingKernelManager": {
        # A page that is open but not used gives its kernel up; it says so, and gets another one when it is used again.
        "cull_idle_timeout": 3600,
        "cull_interval": 300,
        "cull_connected": True,
        "cull_busy": True,
        # What a kernel says to a page that is gone is not kept: nobody limits how much that may be.
        "buffer_offline_messages": False,
        "allow_tracebacks": False,
    },
    "VisitorKernels": {"visitors": VISITORS},
}
"""Voila's configuration. `voila.json` says the same to those who type `voila notebooks/` in a checkout."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What an administrator says of visitors.

    Parameters
    ----------
    visitors : int
        How many pages may have a kernel at a time.
    hosts : sequence of str
        Names under which the app may be asked, besides localhost and numbers.
    frames : sequence of str
        Origins whose pages may show the lessons inside of them.
    network : bool
        Whether kernels may open connections; the lessons need none.
    prefix : str
        With what the addresses begin that a web server in front hands on to this app, without it.
    address : str
        Which address of this computer takes requests; an empty text is all of them.
    members : bool
        Whether JupyterHub says who may come in; then the app itself is asked with its prefix.
    spares : int or None
        How many kernels wait for the next pages; None for as many as usual.
    """

    visitors: int = VISITORS
    hosts: Sequence[str] = ()
    frames: Sequence[str] = ()
    network: bool = False
    prefix: str = "/"
    address: str = LOOPBACK
    members: bool = False
    spares: int | None = None


SAFE = Access()
"""For a laptop, and for a server of which nobody has said anything."""


LAB = [
    "--ServerApp.ip=127.0.0.1",
    f"--ServerApp.kernel_websocket_connection_class={CONNECTION}",
    "--ServerApp.answer_yes=True",  # Ctrl-C ends it, without a question
    "--ServerApp.log_level=WARN",  # the address is not lost among other news
]
"""Words for JupyterLab's command line."""


def bring_template() -> None:
    """Let the Voila of this process find our template, installed or not."""
    _put_first("JUPYTER_PATH", HERE / "share" / "jupyter")


def silence_announcements() -> None:
    """Let the JupyterLab of this process neither fetch news nor ask whether it may."""
    _put_first("JUPYTER_CONFIG_PATH", HERE / "etc" / "jupyter")


def _put_first(variable: str, folder: Path) -> None:
    paths = [str(folder), os.environ.get(variable, "")]
    os.environ[variable] = os.pathsep.join(filter(None, paths))
