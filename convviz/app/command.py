"""The `convviz` command: the lessons as web pages, or the notebooks in JupyterLab."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from convviz.app.settings import LAB, silence_announcements

PACKAGE = Path(__file__).parents[1]


class CommandError(Exception):
    """What the user can put right; the message says how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `convviz` command and return its exit code."""
    options = _parser().parse_args(arguments)
    start = start_lab if options.what == "lab" else start_app
    try:
        notebooks = find_notebooks(options.notebooks)
        start(notebooks, options.port, opens_browser=options.browser and has_screen())
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
        choices=["app", "lab"],
        default="app",
        help="app: the lessons as web pages (unless you say otherwise); lab: the notebooks in JupyterLab",
    )
    parser.add_argument("--port", type=port, help="where to listen; if it is taken, the next free port is used")
    parser.add_argument("--no-browser", action="store_false", dest="browser", help="do not open a browser")
    parser.add_argument("--notebooks", type=Path, metavar="FOLDER", help="serve this folder of notebooks")
    return parser


def port(text: str) -> int:
    """Read a port number off the command line."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a whole number from 1 to 65535")
    return int(text)


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


def start_app(notebooks: Path, port: int | None, *, opens_browser: bool) -> None:
    """Serve the lessons with Voila until Ctrl-C."""
    _need("voila", "Voila")
    from convviz.app.server import serve

    serve(notebooks, port, opens_browser=opens_browser)


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


def _need(module: str, name: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise CommandError(f'{name} is not installed: pip install "convviz[app]"')
