"""The `convviz` command: the lessons as web pages, the notebooks in JupyterLab, or a folder of static pages."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from convviz import __version__
from convviz.app.reading import address, count, host, origin, port, prefix
from convviz.app.settings import LAB, LOOPBACK, VISITORS, Access, silence_announcements

PACKAGE = Path(__file__).parents[1]


_SAID: tuple[tuple[str, str, Callable[[str], Any], str, str | None, str], ...] = (
    (
        "--visitors",
        "NUMBER",
        count,
        "CONVVIZ_VISITORS",
        str(VISITORS),
        f"so many pages may compute at a time, {VISITORS} unless you say otherwise",
    ),
    (
        "--host",
        "NAME",
        host,
        "CONVVIZ_HOSTS",
        None,
        "a name under which the app is reached, besides localhost and numbers; may be given several times",
    ),
    (
        "--allow-embedding",
        "ORIGIN",
        origin,
        "CONVVIZ_EMBEDDING",
        None,
        "an address such as https://moodle.example.org whose pages may show the lessons inside of them",
    ),
    (
        "--prefix",
        "/NAME/",
        prefix,
        "CONVVIZ_PREFIX",
        "/",
        "where a web server in front of several apps serves this one; the app itself is asked without it",
    ),
    (
        "--listen",
        "ADDRESS",
        address,
        "CONVVIZ_LISTEN",
        LOOPBACK,
        f"which address of this computer takes requests, {LOOPBACK} unless you say otherwise: in a container, 0.0.0.0",
    ),
)
"""What an administrator says: an option, a word for its value, how that is read, a variable that says the same, the
value where nobody says one (nothing where there may be several), and what it is for."""


class CommandError(Exception):
    """What the user can put right; the message says how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `convviz` command and return its exit code."""
    try:
        options = _parser().parse_args(arguments)
        opens_browser = options.browser and has_screen()
        notebooks = find_notebooks(options.notebooks)
        if options.what == "build":
            write_site(notebooks, options.folder, options.pyodide)
        elif options.what == "lab":
            start_lab(notebooks, options.port, opens_browser=opens_browser)
        else:
            access = Access(
                visitors=options.visitors,
                hosts=tuple(options.host),
                frames=tuple(options.allow_embedding),
                network=options.allow_network,
                prefix=options.prefix,
                address=options.listen,
            )
            port = options.port
            if options.jupyterhub:
                port, access, opens_browser = *_placed_by_hub(access), False
            start_app(notebooks, port, access, opens_browser=opens_browser)
    except CommandError as error:
        print(f"convviz: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the server was there to take it
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="convviz", description="See what a convolution does: lessons that run on this computer."
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=["app", "lab", "build"],
        default="app",
        help="app: the lessons as web pages (unless you say otherwise); lab: the notebooks in JupyterLab; "
        "build: write the lessons into a folder of pages for any web server",
    )
    parser.add_argument("folder", nargs="?", type=Path, help="of build: where to")
    parser.add_argument("--port", type=port, help="where to listen; if it is taken, the next free port is used")
    parser.add_argument("--no-browser", action="store_false", dest="browser", help="do not open a browser")
    parser.add_argument("--notebooks", type=Path, metavar="FOLDER", help="take this folder of notebooks")
    parser.add_argument(
        "--pyodide",
        metavar="FOLDER or URL",
        help="of build: a Pyodide distribution, so that the pages compute without a server. The parts of a folder are "
        "copied; from an address, each reader's browser loads them",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    _add_access(parser.add_argument_group("for an app that strangers visit (see SECURITY.md)"))
    return parser


def _add_access(group: Any) -> None:
    """Add what an administrator says; a service says the same with variables of the environment."""
    for option, metavar, read, variable, default, words in _SAID:
        several = default is None
        group.add_argument(
            option,
            type=read,
            metavar=metavar,
            action="append" if several else "store",
            default=_listed(variable, read) if several else os.environ.get(variable, default),
            help=f"{words} ({variable})",
        )
    group.add_argument(
        "--allow-network",
        action="store_true",
        default=os.environ.get("CONVVIZ_NETWORK") == "yes",
        help="let the code of the notebooks open connections, which the lessons do not need (CONVVIZ_NETWORK=yes)",
    )
    group.add_argument(
        "--jupyterhub",
        action="store_true",
        help="for JupyterHub, which starts the app, and says where and for whom (see deploy/jupyterhub)",
    )


def _listed(variable: str, read: Callable[[str], str]) -> list[str]:
    """Read words that a variable of the environment holds."""
    try:
        return [read(word) for word in os.environ.get(variable, "").split()]
    except argparse.ArgumentTypeError as error:
        raise CommandError(f"{variable}: {error}") from None


def find_notebooks(folder: Path | None) -> Path:
    """Find the folder to serve: the one named, else the lessons of this convviz."""
    if folder is not None:
        if not folder.is_dir():
            raise CommandError(f"--notebooks is {str(folder)!r}: there is no such folder")
        return folder.resolve()
    # An installed convviz brings its lessons inside the package; in a checkout they lie beside it.
    for lessons in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if lessons.is_dir():
            return lessons
    raise CommandError("the lessons did not come with this convviz: say where they are, --notebooks FOLDER")


def has_screen() -> bool:
    """Whether a browser could show anything: without a screen, Linux would start one in the terminal."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )


def start_app(notebooks: Path, port: int | None, access: Access, *, opens_browser: bool) -> None:
    """Serve the lessons with Voila until Ctrl-C."""
    _need("voila", "Voila")
    from convviz.app.server import serve

    serve(notebooks, port, access, opens_browser=opens_browser)


def _placed_by_hub(access: Access) -> tuple[int, Access]:
    """Ask the environment where JupyterHub wants this app."""
    _need("voila", "Voila")
    _need("jupyterhub", "JupyterHub", "jupyterhub")
    from convviz.app.hub import placed_by_hub

    try:
        return placed_by_hub(access, os.environ)
    except ValueError as error:
        raise CommandError(str(error)) from None


def write_site(notebooks: Path, folder: Path | None, pyodide: str | None) -> None:
    """Write the lessons as static pages."""
    _need("voila", "Voila")
    from convviz.app.site.build import build

    if folder is None:
        raise CommandError("build needs a folder to write to: convviz build FOLDER")
    try:
        build(notebooks, folder, pyodide=pyodide, told=lambda name: print(f"{name}.html"))
    except (FileExistsError, ValueError) as error:
        raise CommandError(str(error)) from None
    print(f"The site is in {folder}. To look at it: python -m http.server --directory {folder}")


def start_lab(notebooks: Path, port: int | None, *, opens_browser: bool) -> None:
    """Open the notebooks in JupyterLab until Ctrl-C."""
    _need("jupyterlab", "JupyterLab")
    from jupyterlab.labapp import LabApp

    silence_announcements()
    LabApp.launch_instance(lab_arguments(notebooks, port, opens_browser=opens_browser))


def lab_arguments(notebooks: Path, port: int | None, *, opens_browser: bool) -> list[str]:
    """Return JupyterLab's command line for a folder of notebooks."""
    arguments = [*LAB, f"--ServerApp.root_dir={notebooks}"]
    if (notebooks / "index.ipynb").is_file():
        arguments.append("--LabApp.default_url=/lab/tree/index.ipynb")
    if port is not None:
        arguments.append(f"--ServerApp.port={port}")
    if not opens_browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root. It listens to this computer alone, and asks for a token.
        arguments.append("--allow-root")
    return arguments


def _need(module: str, name: str, package: str = '"convviz[app]"') -> None:
    if importlib.util.find_spec(module) is None:
        raise CommandError(f"{name} is not installed: pip install {package}")
