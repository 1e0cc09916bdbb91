"""A control for the learner's own picture."""

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from convviz.samples.picture_file import MOST_BYTES, PictureFile, read_picture_file

_HERE = Path(__file__).parent
_LONGEST_NAME = 80


class PictureUpload(anywidget.AnyWidget):
    """Take a PNG or JPEG file from the page, and make a small picture of it.

    ipywidgets' own upload sends any file whole, and a page whose message is too large loses its connection to the
    kernel. This one looks at the file's size in the browser, and refuses a large one there.

    Parameters
    ----------
    side : int
        How long the picture's longer side may remain, in pixels; a larger picture is shrunk.
    **traits
        Any trait of an ipywidgets ``DOMWidget``.

    Attributes
    ----------
    picture : ndarray, shape (3, rows, columns), or None
        The last picture that could be read, from 0 to 255; observe it. None before the first one.
    said : str
        What the page says below the control.

    Examples
    --------
    >>> upload = PictureUpload()
    >>> upload.take("notes.txt", b"Dear diary")
    >>> upload.said
    'notes.txt: this is no picture that can be read; accepted: PNG or JPEG. The picture on the screen stays.'
    """

    _esm = _HERE / "picture_upload.js"
    _css = _HERE / "picture_upload.css"

    picture = traitlets.Instance(np.ndarray, allow_none=True, help="The last picture that could be read.")
    said = traitlets.Unicode("", help="What became of the last file.").tag(sync=True)
    most_bytes = traitlets.Int(MOST_BYTES, read_only=True, help="Of a file; the page refuses larger ones.").tag(
        sync=True
    )

    def __init__(self, side: int = 32, **traits: Any) -> None:
        self._side = side
        super().__init__(**traits)
        self.on_msg(self._on_message)

    def take(self, name: str, data: bytes) -> None:
        """Read a file as if it had been chosen on the page; where that fails, ``said`` tells why.

        Parameters
        ----------
        name : str
            What to call it.
        data : bytes
            All that is in it.
        """
        short = _shortened(name)
        try:
            file = read_picture_file(data, self._side)
        except ValueError as error:
            self.said = f"{short}: {error}. The picture on the screen stays."
        else:
            file.values.setflags(write=False)
            self.said = f"{short}, {_sizes(file)}"
            self.picture = file.values
        # The trait alone is not enough: it may be what it was, while the page has said something else since.
        self.send({"type": "said", "text": self.said})

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        match content, buffers:
            case {"type": "picture", "name": str(name)}, [data]:
                self.take(name, bytes(data))


def _shortened(name: str) -> str:
    """Put a name on one line that is not too long; its end tells the kind of file."""
    plain = " ".join(name.split())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME // 2]}…{plain[-_LONGEST_NAME // 2 :]}"


def _sizes(file: PictureFile) -> str:
    """Tell a picture's width and height, and what they were shrunk to."""
    _, rows, columns = file.values.shape
    is_as_it_was = (columns, rows) == (file.width, file.height)
    return f"{file.width}×{file.height}" + ("" if is_as_it_was else f", shrunk to {columns}×{rows}")
