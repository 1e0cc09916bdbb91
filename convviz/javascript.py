"""JavaScript modules, joined into the one file that anywidget, saved pages and the app's pages take."""

import os
import re
from functools import cache
from pathlib import Path

PROGRAM = "CONVVIZ_PROGRAM"
"""The variable of the environment that says where the app's pages have their program from: it brings all widgets."""
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default \w+;\n", re.MULTILINE)
_NAME = re.compile(r"^(?:async )?(?:const|let|class|function\*?) (\w+)", re.MULTILINE)


@cache
def joined(entry: Path) -> str:
    """Join a JavaScript module and all that it imports, each once, what is imported first.

    Modules import by name (``import { range } from "./dom.js";``) and share one scope, so that no two of them may
    declare the same name.

    Parameters
    ----------
    entry : Path
        The module that has the default export.

    Raises
    ------
    ValueError
        If two modules declare the same name.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in _in_order(entry.resolve())}
    declared: dict[str, Path] = {}
    for path, text in texts.items():
        for name in _NAME.findall(_EXPORT.sub("", text)):
            if declared.setdefault(name, path) != path:
                raise ValueError(f"{path.name} and {declared[name].name} both declare {name}; accepted: one of them")
    *imported, last = (_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts.values())
    return "\n".join([*(_DEFAULT.sub("", text) for text in imported), last])


def is_in_app() -> bool:
    """Whether widgets are shown by the app's pages and nowhere else."""
    return PROGRAM in os.environ


def widget(entry: Path) -> str:
    """Return what a widget says its program is: a module and all that it imports.

    The app's pages have the programs of all widgets in one file, which the browser keeps. There, the module only says
    where that is, for pages that Voila's own program shows.

    Parameters
    ----------
    entry : Path
        The module, which is named as the app's program names the widget.
    """
    if not is_in_app():
        return joined(entry)
    program = f"new URL({os.environ[PROGRAM]!r}, location)"
    return f"export default async () => (await import({program})).default.widgets.{entry.stem}();\n"


def _in_order(path: Path, found: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    for imported in _IMPORT.findall(path.read_text(encoding="utf-8")):
        needed = (path.parent / imported).resolve()
        if needed not in found:
            found = _in_order(needed, found)
    return (*found, path)
