"""The pictures of the gallery, light and dark, as files: what each of them shows."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup
from PIL import Image

from convviz.app import prose

FOLDER = "scenes"
"""Where they are, among the pictures of the notebooks."""
_PICTURE = re.compile(
    r"### `(?P<operation>\w+)`, drawn as `(?P<scene>\w+)`\n+(?P<said>[^\n]+)\n+```python\n(?P<code>.+?)\n```", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of the gallery.

    Parameters
    ----------
    operation, scene : str
        What is computed, and what draws it.
    said : Markup
        A sentence about it.
    code : Markup
        The lines that make it.
    name : str
        Its file in the folder of pictures, without its ending.
    size : (int, int)
        Its width and height in CSS pixels.
    """

    operation: str
    scene: str
    said: Markup
    code: Markup
    name: str
    size: tuple[int, int]


def pictures(notebooks: Path) -> list[Picture]:
    """List the pictures of a folder's gallery that are there, in its order."""
    gallery, folder = notebooks / "gallery.ipynb", notebooks / "pictures" / FOLDER
    cells = json.loads(gallery.read_text(encoding="utf-8"))["cells"] if gallery.is_file() else []
    found = (
        _picture(folder, **described.groupdict()) for described in _PICTURE.finditer("\n\n".join(map(_text, cells)))
    )
    return [picture for picture in found if picture]


def _text(cell: dict[str, Any]) -> str:
    source = "".join(cell["source"]).strip()
    return source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```"


def _picture(folder: Path, *, operation: str, scene: str, said: str, code: str) -> Picture | None:
    path = folder / f"{operation}-{scene}.png"
    if not path.is_file():
        return None
    with Image.open(path) as image:
        size = image.size
    html = {"said": Markup(prose.html(said)), "code": Markup(prose.code(code))}
    return Picture(operation=operation, scene=scene, name=path.stem, size=size, **html)
