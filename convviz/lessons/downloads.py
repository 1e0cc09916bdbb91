"""Files of the picture on the screen: made when the page asks for one, and sent to it."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from convviz.player import Player

MOST_STEPS = 60
"""Of an animation or a page: more would take longer than anybody waits."""
MOST_BYTES = 24 * 2**20
_WIDTH, _DENSITY = 800, 1.5
_KINDS = {"png": "image/png", "gif": "image/gif", "mp4": "video/mp4", "html": "text/html"}
_SHARES_TOLD = 20
"""So many times at most the page is told how far it has come."""
Send = Callable[..., None]


class Downloads:
    """Make files of what a player shows.

    Parameters
    ----------
    player : Player
        What is saved.
    send : callable
        Sends a message to the page, and a list of buffers.
    """

    def __init__(self, player: Player, send: Send) -> None:
        self._player, self._send = player, send

    def about(self) -> dict[str, Any]:
        """Describe to the page what can be saved."""
        missing = "" if find_spec("imageio_ffmpeg") else "MP4 needs the package imageio-ffmpeg where Python runs"
        kinds = [{"ending": ending, "why": missing if ending == "mp4" else ""} for ending in _KINDS]
        steps = max(map(len, self._player.traces))
        some = f"the {MOST_STEPS} steps from the one on the screen on, of {steps}"
        return {"kinds": kinds, "steps": f"all {steps} steps" if 1 < steps <= MOST_STEPS else some if steps > 1 else ""}

    def download(self, ending: Any) -> None:
        """Make a file and send it; where that fails, send why.

        Raises
        ------
        TypeError
            If no page of ours asks for such a file.
        """
        if not isinstance(ending, str) or ending not in _KINDS:
            raise TypeError(f"ending is {ending!r:.40}; accepted: {', '.join(_KINDS)}")
        try:
            made = self._made(ending)
        except (ValueError, ImportError, OSError) as error:
            self._send({"type": "unsaved", "text": f"This file could not be made: {error}"})
            return
        self._send({"type": "saved", "name": f"convviz.{ending}", "kind": _KINDS[ending]}, [made])

    def _made(self, ending: str) -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"convviz.{ending}"
            steps = None if ending == "png" else self._steps()
            self._player.save(path, steps=steps, width=_WIDTH, density=_DENSITY, progress=self._tell)
            if path.stat().st_size > MOST_BYTES:
                raise ValueError(f"it has {path.stat().st_size} bytes; accepted: up to {MOST_BYTES}")
            return path.read_bytes()

    def _steps(self) -> range:
        """Return all steps, or where there are too many, those from the one on the screen on."""
        count = max(map(len, self._player.traces))
        first = max(0, min(self._player.index, count - MOST_STEPS))
        return range(first, min(count, first + MOST_STEPS))

    def _tell(self, done: int, count: int) -> None:
        if done * _SHARES_TOLD // count > (done - 1) * _SHARES_TOLD // count:
            self._send({"type": "saving", "done": done, "of": count})
