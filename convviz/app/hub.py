"""The app as the server that JupyterHub starts for a user: where it listens, who may come in, what the hub is told."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Self
from urllib.parse import urlsplit

from jupyter_server._tz import isoformat
from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from convviz import __version__
from convviz.app.settings import Access

MEMBERS = "jupyterhub.singleuser.extension.JupyterHubIdentityProvider"
"""JupyterHub's own: whoever is not logged in is sent to the hub, and whoever may not see this server is refused."""
SPARES = 1
"""One user opens one page at a time, and each spare kernel takes memory for every user."""
_EACH_S = 300
_log = logging.getLogger("tornado.application")


def placed_by_hub(access: Access, variables: Mapping[str, str]) -> tuple[int, Access]:
    """Return on which port the hub wants this server, and its access with what the hub says.

    Parameters
    ----------
    access : Access
        What the administrator says of visitors.
    variables : mapping of str to str
        Those that the hub gives to what it starts.

    Raises
    ------
    ValueError
        If no hub has started this process, or if it wants what the app cannot do.

    Examples
    --------
    >>> told = {"JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:9000/user/ada/", "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}
    >>> port, access = placed_by_hub(Access(), told)
    >>> port, access.address, access.prefix
    (9000, '127.0.0.1', '/user/ada/')
    """
    if not variables.get("JUPYTERHUB_SERVICE_URL") or not variables.get("JUPYTERHUB_SERVICE_PREFIX"):
        raise ValueError("--jupyterhub is for what JupyterHub starts, with variables that say where (JUPYTERHUB_…)")
    if variables.get("JUPYTERHUB_SSL_CERTFILE"):
        raise ValueError("--jupyterhub does not go with the hub's internal_ssl: the app does not speak HTTPS")
    wanted = urlsplit(variables["JUPYTERHUB_SERVICE_URL"])
    public = urlsplit(variables.get("JUPYTERHUB_PUBLIC_URL", "")).hostname
    return wanted.port or 80, replace(
        access,
        prefix=variables["JUPYTERHUB_SERVICE_PREFIX"],
        address=wanted.hostname or "",
        hosts=(*access.hosts, *([public] if public else [])),
        members=True,
        spares=SPARES if "JUPYTERHUB_USER" in variables else access.spares,
    )


class Version(RequestHandler):
    """Tell the hub which JupyterHub this server has, so that it can compare that with its own."""

    def get(self) -> None:
        """Answer with the version of the lessons as well."""
        self.set_header("X-JupyterHub-Version", version("jupyterhub"))
        self.write({"version": __version__})


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What tells the hub when pages were last used, so that it ends a server that nobody uses.

    Parameters
    ----------
    address : str
        Where the hub listens to that.
    token : str
        By which the hub knows this server.
    server : str
        The server's name among those of its user.
    each_s : float
        How often the hub is told, in seconds.
    """

    address: str
    token: str
    server: str
    each_s: float

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self | None:
        """Read what the hub says; nothing where it does not want to know, as of a service."""
        if not variables.get("JUPYTERHUB_ACTIVITY_URL"):
            return None
        return cls(
            address=variables["JUPYTERHUB_ACTIVITY_URL"],
            token=variables.get("JUPYTERHUB_API_TOKEN", ""),
            server=variables.get("JUPYTERHUB_SERVER_NAME", ""),
            each_s=float(variables.get("JUPYTERHUB_ACTIVITY_INTERVAL") or _EACH_S),
        )

    def start(self, kernels: Any) -> PeriodicCallback:
        """Tell the hub from now on when the kernels of pages were used."""
        rounds = PeriodicCallback(lambda: self.tell(kernels.last_used), 1000 * self.each_s, jitter=0.1)
        rounds.start()
        return rounds

    async def tell(self, last_used: Any) -> None:
        """Tell the hub once; a hub that does not answer is told the next time."""
        last_activity = isoformat(last_used)
        body = {"servers": {self.server: {"last_activity": last_activity}}, "last_activity": last_activity}
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        try:
            await AsyncHTTPClient().fetch(self.address, method="POST", headers=headers, body=json.dumps(body))
        except Exception as error:  # whatever keeps the hub from answering, pages work on
            _log.error("JupyterHub could not be told of activity: %s", error)
