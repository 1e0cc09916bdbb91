"""Two apps behind nginx on this computer, with the configuration of `deploy/nginx`."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.app.attacks.conftest import write_notebook
from tests.app.attacks.stranger import Page, Stranger, until
from tests.browser.servers import ROOT, Server, free_port

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx-light, or nginx")

MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/errors.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused-1;
    uwsgi_temp_path {folder}/unused-2;
    scgi_temp_path {folder}/unused-3;
    include {folder}/convviz.conf;
}}
"""
BARE = "import ipywidgets\nipywidgets.Text('works')"


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Two apps, each with its prefix."""
    notebooks = tmp_path_factory.mktemp("behind") / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    write_notebook(notebooks / "bare.ipynb", BARE)
    command = ["-m", "convviz.app", "--no-browser", "--notebooks", str(notebooks)]
    with ExitStack() as stack:
        started = {}
        for name in ("one", "two"):
            where = ["--port", str(free_port()), "--prefix", f"/{name}/"]
            started[name] = stack.enter_context(Server(*command, *where, home=tmp_path_factory.mktemp(name)))
        yield started


@pytest.fixture(scope="module")
def url(apps: dict[str, Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an nginx before them."""
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port()
    text = (ROOT / "deploy" / "nginx" / "convviz.conf").read_text()
    changes = {
        "127.0.0.1:8870": f"127.0.0.1:{port}",
        "127.0.0.1:8871": apps["one"].host,
        "127.0.0.1:8872": apps["two"].host,
        "/var/cache/nginx/convviz": f"{folder}/cache",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "convviz.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))
    errors = folder / "errors.log"
    with subprocess.Popen([str(NGINX), "-p", str(folder), "-e", str(errors), "-c", "nginx.conf"]) as nginx:
        try:
            until(lambda: _listens(port) or nginx.poll() is not None)
            assert nginx.poll() is None, errors.read_text()
            yield f"http://127.0.0.1:{port}/"
        finally:
            nginx.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_files_are_kept_by_nginx_for_all_apps(url):
    pages = {name: Stranger(f"{url}{name}").ask("/").text for name in ("one", "two")}
    [address] = {re.findall(rf'/{name}(/convviz/[^"]+)"', page)[0] for name, page in pages.items()}
    kept = [Stranger(f"{url}{name}").ask(address) for name in ("one", "two", "one")]
    assert [answer.status for answer in kept] == [200] * 3
    assert [answer.headers["x-cache"] for answer in kept] == ["MISS", "HIT", "HIT"]


def test_one_app_ends_and_the_other_carries_on(url, apps):
    pages: dict[str, Page] = {name: Stranger(f"{url}{name}").open("bare") for name in apps}
    for name, page in pages.items():
        assert f'"baseUrl": "/{name}/"' in page.html
        page.works()
    for _ in range(4):  # the first page is that of any app
        assert Stranger(url).ask("/").status == 200
    os.kill(apps["one"].pid, signal.SIGKILL)
    # Its page is told, and opens again with the other app.
    assert pages["one"].is_closed() in (1001, 1006, 1008)
    until(lambda: not pages["one"].is_there())
    assert pages["one"].stranger.ask(f"/api/kernels/{pages['one'].kernel_id}").status == 404
    again = pages["one"].stranger.ask("/voila/render/bare.ipynb?step=3")
    assert again.status == 200
    assert '"baseUrl": "/two/"' in again.text
    for _ in range(4):
        first = Stranger(url).ask("/")
        assert first.status == 200
        assert "/two/voila/render/01_sliding_window.ipynb" in first.text
    assert Stranger(url).ask("/healthz").status == 200
    assert pages["one"].stranger.ask("/healthz").status == 502
    pages["two"].works()
    for page in pages.values():
        page.close()


def test_a_flood_of_pages_is_refused_before_it_reaches_an_app(url):
    stranger = Stranger(f"{url}two")
    statuses = [stranger.ask("/voila/render/bare.ipynb", "HEAD").status for _ in range(60)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
