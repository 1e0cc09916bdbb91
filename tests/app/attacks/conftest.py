"""One server that strangers attack, and one page of theirs: what comes after an attack must still work."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.app.attacks.stranger import Page, Stranger
from tests.browser.servers import ROOT, Server

SECRET = "swordfish"
VISITORS = 3
QUICK = f"""
from convviz.app.settings import VOILA
VOILA["VisitorKernels"].update(absence_s=2.5, endless_s=0.8, round_s=0.3)
from convviz.app.command import main
main(["--no-browser", "--visitors", "{VISITORS}", "--allow-embedding", "https://moodle.example",
      "--host", "lessons.example", "--notebooks", {{!r}}])
"""
"""The app, in less of a hurry than a test is."""
ENDLESS = """import signal
import ipywidgets
text = ipywidgets.Text("endless")
def work(change):
    if change["new"] == "deaf": signal.signal(signal.SIGINT, signal.SIG_IGN)
    while change["new"] in ("forever", "deaf"): pass
text.observe(work, "value")
text"""
BROKEN = "1 / 0"
SEARCH = (
    "?template=reveal&theme=dark%22%3E%3Cscript%3Ealert(1)%3C/script%3E&x=%3Cscript%3Ealert(1)%3C/script%3E&mode=full"
)


def write_notebook(path: Path, code: str, text: str = "# A question") -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(code)],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}},
    )
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, with something beside the lessons that nobody should get."""
    folder = tmp_path_factory.mktemp("attacked") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in (".env", "secret.py", "secret.txt", "secret.csv"):
        (folder / name).write_text(SECRET)
    (folder.parent / "outside.png").write_text(SECRET)
    write_notebook(folder / "endless.ipynb", ENDLESS)
    write_notebook(folder / "broken.ipynb", BROKEN)
    write_notebook(folder / "unreadable.ipynb", BROKEN, "![A picture](attachment:that-is-not-there.png)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_PASSWORD", SECRET)
        with Server("-c", QUICK.format(str(folder)), home=tmp_path_factory.mktemp("home")) as server:
            yield server
    said = str(server)
    assert "Uncaught exception" not in said, said
    assert "never retrieved" not in said, said


@pytest.fixture(scope="session")
def stranger(server: Server) -> Stranger:
    return Stranger(server.url)


@pytest.fixture(scope="session")
def shared(server: Server) -> Iterator[Page]:
    """A page of a lesson that all attacks share."""
    page = Stranger(server.url).open(search=SEARCH)
    yield page
    page.close()


@pytest.fixture
def page(shared: Page) -> Iterator[Page]:
    """The shared page; after each attack it still works, on a new websocket where the old one was closed."""
    shared.again()
    yield shared
    shared.again()
