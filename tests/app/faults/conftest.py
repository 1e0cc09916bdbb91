"""One server in which things break, and somebody on it whom that shall not concern."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.app.attacks.conftest import write_notebook
from tests.app.attacks.stranger import KERNEL, Answer, Page, Stranger, until
from tests.browser.servers import ROOT, Server

ENDLESS_S = 1
QUICK = f"""
from pathlib import Path
from convviz.app import forking, kernels
from convviz.app.settings import VOILA
VOILA["Voila"]["connection_dir_root"] = {{!r}}
VOILA["VisitorKernels"].update(endless_s={ENDLESS_S}, round_s=0.2)
VOILA["KernelRestarter"]["time_to_dead"] = 0.2
kernels.PAUSE_S, kernels.PATIENCE_S, forking.PATIENCE_S = 0.1, 1, 2
from convviz.app.command import main
main(["--no-browser", "--notebooks", {{!r}}])
"""
"""The app, in less of a hurry than a test is."""
BARE = "import ipywidgets\nipywidgets.Text('works')"
ENDLESS = "while True: pass"


class Broken:
    """A server in which things are broken, seen from outside.

    Parameters
    ----------
    server : Server
        The server.
    folder : Path
        Where it and its kernels keep what they need while they run.
    notebooks : Path
        What it serves.
    """

    def __init__(self, server: Server, folder: Path, notebooks: Path) -> None:
        self.server, self.folder, self.notebooks = server, folder, notebooks
        self.stranger = Stranger(server.url)

    def kernels(self) -> dict[str, psutil.Process]:
        """Find the processes of all kernels, each by the port on which it listens."""
        files = {path.stem.removeprefix("kernel-"): path for path in self.folder.glob("*/kernel-*.json")}
        ports = {}
        for name, path in files.items():
            try:
                ports[json.loads(path.read_text())["shell_port"]] = name
            except (OSError, ValueError):  # it is just being written, or has just gone
                continue
        found = {}
        for process in [*self.processes()]:
            try:
                listens = [line.laddr.port for line in process.net_connections() if line.status == "LISTEN"]
            except psutil.Error:
                continue
            found.update({ports[port]: process for port in listens if port in ports})
        return found

    def processes(self) -> list[psutil.Process]:
        """List the processes of this server, itself included."""
        try:
            server = psutil.Process(self.server.pid)
        except psutil.NoSuchProcess:
            return []
        group = [server, *server.children(recursive=True)]
        return [process for process in group if process.is_running()]

    def spares(self, *used: Page) -> list[psutil.Process]:
        """Wait for two kernels that no page has, and return their processes."""
        names, found = {page.kernel_id for page in used}, list[psutil.Process]()

        def are_there() -> bool:
            found[:] = [process for name, process in self.kernels().items() if name not in names]
            return len(found) == 2

        until(are_there)
        return found

    def ask(self, name: str) -> Answer:
        """Open a page, and close it without having connected to its kernel."""
        answer = self.stranger.ask(f"/voila/render/{name}.ipynb")
        if found := KERNEL.search(answer.text):
            self.leave(found[1])
        return answer

    def leave(self, kernel_id: str) -> None:
        """Say that a page is closed, as a browser does."""
        self.stranger.ask(f"/voila/api/shutdown/{kernel_id}", "POST", Content_Length="0")
        until(lambda: self.stranger.ask(f"/api/kernels/{kernel_id}").status == 404)


@pytest.fixture(scope="package")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    """A server with a page that only asks whether it still works, and one that computes without end at once."""
    folder, notebooks = tmp_path_factory.mktemp("running"), tmp_path_factory.mktemp("breaking") / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    write_notebook(notebooks / "bare.ipynb", BARE)
    write_notebook(notebooks / "endless.ipynb", ENDLESS)
    with Server("-c", QUICK.format(str(folder), str(notebooks)), home=tmp_path_factory.mktemp("home")) as server:
        broken = Broken(server, folder, notebooks)
        yield broken
        _ends_with_all_that_it_started(broken)


def _ends_with_all_that_it_started(broken: Broken) -> None:
    """Tell the server to end while pages are open: they are told, and neither a process nor a file of it stays."""
    page = broken.stranger.open("bare")
    broken.spares(page)
    processes = broken.processes()
    assert len(processes) > 4  # itself, what forks kernels, and kernels
    processes[0].terminate()
    assert page.is_closed() in (1001, 1006, 1008)
    page.close()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert not [*broken.folder.iterdir()]


@pytest.fixture(scope="package")
def bystander(broken: Broken) -> Iterator[Page]:
    """The page of somebody else, open all the while."""
    page = broken.stranger.open("bare")
    yield page
    page.close()
    broken.leave(page.kernel_id)


@pytest.fixture(autouse=True)
def unharmed(bystander: Page) -> Iterator[None]:
    """Whatever breaks in a test, the other page is still connected, and its kernel answers."""
    yield
    bystander.works()
