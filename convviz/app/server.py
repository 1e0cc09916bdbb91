"""Voila as the `convviz` command runs it: our settings and nobody else's, and it says where the lessons are."""

import logging
import sys
from pathlib import Path

from traitlets import Bool
from traitlets.config import Config
from voila.app import Voila

from convviz.app.settings import VOILA, bring_template


class LessonServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila over a folder of lessons."""

    opens_browser = Bool(True)

    def launch_browser(self) -> None:
        """Print the address, and open it where that is wanted.

        Voila calls this as soon as it listens: the first moment at which the port is known.
        """
        sys.stdout.write(f"The lessons are at {self.display_url} (Ctrl-C stops them)\n")
        sys.stdout.flush()
        if self.opens_browser:
            super().launch_browser()


def serve(notebooks: Path, port: int | None, *, opens_browser: bool) -> None:
    """Serve a folder of notebooks until Ctrl-C; where the port is taken, on the next free one."""
    bring_template()
    LessonServer.launch_instance(
        [str(notebooks), *([] if port is None else [f"--port={port}"])],
        config=Config(VOILA),
        config_file_paths=[],
        log_level=logging.ERROR,
        opens_browser=opens_browser,
    )
