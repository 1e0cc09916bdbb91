"""JupyterHub on this computer, with the configuration of `deploy/jupyterhub`: a user logs in, works, and leaves."""

import importlib.util
import json
import os
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import psutil
import pytest
import websocket

from tests.app.attacks.conftest import write_notebook
from tests.app.attacks.stranger import Answer, Stranger, until
from tests.browser.npm import NoPackagesError, get_packages
from tests.browser.servers import ROOT, Server, free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="JupyterHub is tried on Linux alone")

TOKEN = "the-word-by-which-these-tests-ask-the-hub"
PATIENCE_S = 60
PROXY, PROGRAM = "configurable-http-proxy@5.3.0", "configurable-http-proxy/bin/configurable-http-proxy"
BARE = "import ipywidgets\nipywidgets.Text('works')"
FOR_TESTS = """
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/secret"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home-{{username}}"
c.Spawner.environment.update({variables!r}, JUPYTERHUB_ACTIVITY_INTERVAL="1")
c.JupyterHub.services.append({{"name": "tests", "api_token": "{token}"}})
role = {{"name": "tests", "scopes": ["list:users", "read:users:activity", "read:servers"], "services": ["tests"]}}
c.JupyterHub.load_roles.append(role)
import shlex
# What ends idle apps waits until the test has seen the lessons; what the proxy sees of activity does not count here.
until_then = "until [ -e {folder}/end ]; do sleep 0.1; done; exec "
culler[:] = ["sh", "-c", until_then + shlex.join(culler)]
c.JupyterHub.last_activity_interval = 3600
"""


class Member(Stranger):
    """Somebody who logs in, and keeps cookies as a browser does. All addresses are those of their own app."""

    def __init__(self, hub: str, user: str) -> None:
        super().__init__(f"{hub}user/{user}")
        self._hub, self._user, self._jar = hub, user, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def visit(self, path: str, form: bytes | None = None) -> str:
        """Ask for a page of the hub, and go where one is sent."""
        with self._opener.open(self._hub + path, form, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())

    def log_in(self, then: str) -> None:
        """Say who one is."""
        self.visit("hub/login")
        xsrf = next(str(cookie.value) for cookie in self._jar if cookie.name == "_xsrf")
        form = {"username": self._user, "password": "any", "_xsrf": xsrf}
        self.visit(f"hub/login?next=/hub/{then}", urlencode(form).encode())

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return super().ask(path, method, **headers, Cookie=self._cookies(path))

    def socket(self, kernel_id: str, **options: Any) -> websocket.WebSocket:
        return super().socket(kernel_id, cookie=self._cookies("/api"), **options)

    def _cookies(self, path: str) -> str:
        request = urllib.request.Request(self.url + path)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie", "")


class Hub:
    """A hub, seen from outside.

    Parameters
    ----------
    url : str
        Its address, and its proxy's.
    folder : Path
        Where it keeps what it needs.
    server : Server
        Its process.
    """

    def __init__(self, url: str, folder: Path, server: Server) -> None:
        self.url, self.folder, self._server = url, folder, server

    def apps(self) -> list[psutil.Process]:
        """List the processes of all apps."""
        started = psutil.Process(self._server.pid).children(recursive=True)
        return [process for process in started if "convviz" in " ".join(process.cmdline())]

    def server(self, user: str) -> dict[str, Any]:
        """Ask the hub about somebody's app; nothing where that has ended."""
        answer = Stranger(self.url).ask(f"/hub/api/users/{user}", Authorization=f"token {TOKEN}")
        servers: dict[str, dict[str, Any]] = json.loads(answer.text)["servers"]
        return servers.get("", {})


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub with our configuration, on other ports."""
    try:
        proxy = proxy_command()
    except NoPackagesError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    folder, port = tmp_path_factory.mktemp("hub"), free_port()
    (folder / "notebooks").mkdir()
    write_notebook(folder / "notebooks" / "bare.ipynb", BARE)
    (folder / "jupyterhub_config.py").write_text(_configuration(folder, port, proxy))
    with Server("-m", "jupyterhub", home=folder / "home", folder=folder) as server:
        server.wait_for("JupyterHub is now running")
        yield Hub(f"http://127.0.0.1:{port}/", folder, server)


def proxy_command() -> list[str]:
    """Return the command of JupyterHub's proxy: the one that is installed, else one from npm."""
    missing = [name for name in ("jupyterhub", "jupyterhub_idle_culler") if not importlib.util.find_spec(name)]
    if missing:
        raise NoPackagesError(f"{' and '.join(missing)} is not installed; the extra `test` brings it")
    installed = shutil.which("configurable-http-proxy")
    return [installed] if installed else ["node", str(get_packages(PROXY) / PROGRAM)]


def _configuration(folder: Path, port: int, proxy: list[str]) -> str:
    text = (ROOT / "deploy" / "jupyterhub" / "jupyterhub_config.py").read_text()
    command = [sys.executable, "-m", "convviz.app", "--jupyterhub", "--notebooks", str(folder / "notebooks")]
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        '["convviz", "--jupyterhub"]': repr(command),
        "UNUSED_S, LOOKS_S = 3600, 300": "UNUSED_S, LOOKS_S = 1, 1",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    variables = {"CONVVIZ_WRITES_AHEAD": "no"}
    ports = {"hub_port": free_port(), "proxy_port": free_port()}
    return text + FOR_TESTS.format(folder=folder, proxy=proxy, variables=variables, token=TOKEN, **ports)


def test_a_user_logs_in_works_with_a_lesson_and_is_ended_when_idle(hub):
    ada = Member(hub.url, "ada")
    stranger = Stranger(f"{hub.url}user/ada")
    ada.log_in("spawn")
    until(lambda: hub.server("ada").get("ready"), PATIENCE_S)
    assert "bare" in ada.visit("user/ada/")
    page = ada.open("bare")
    assert '"baseUrl": "/user/ada/"' in page.html
    address = re.findall(r'"/user/ada(/[^"]+\.(?:css|js))"', page.html)[0]
    assert ada.ask(address).status == 200

    # Nobody else gets any of it.
    assert stranger.ask("/voila/render/bare.ipynb").headers["location"].startswith("/hub/api/oauth2/authorize")
    for path in (address, "/metrics", "/voila/files/any.png", f"/api/kernels/{page.kernel_id}"):
        assert stranger.ask(path).status == 403, path
    assert stranger.ask(f"/voila/api/shutdown/{page.kernel_id}", "POST", Content_Length="0").status == 403
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        stranger.socket(page.kernel_id)
    assert stranger.ask("/healthz").status == 200
    bob = Member(hub.url, "bob")
    bob.log_in("home")
    with pytest.raises(HTTPError, match="403"):
        bob.visit("user/ada/")

    # What is used counts as activity.
    before = hub.server("ada")["last_activity"]
    until(lambda: page.widgets() and hub.server("ada")["last_activity"] > before)
    page.close()
    (hub.folder / "end").touch()
    until(lambda: not hub.server("ada"), PATIENCE_S)
    until(lambda: not hub.apps())
    with pytest.raises(HTTPError, match="424"):  # an open page takes that for the end of its kernel
        ada.visit(f"user/ada/api/kernels/{page.kernel_id}")
