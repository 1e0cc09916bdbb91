"""The app's own server: `python -m benchmarks.server NOTEBOOKS KERNELS [--cold]`."""

import argparse
from pathlib import Path

from convviz.app import kernels
from convviz.app.server import serve
from convviz.app.settings import VOILA


def main() -> None:
    """Serve a folder as the app does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description=__doc__)
    parser.add_argument("notebooks", type=Path)
    parser.add_argument("kernels", help="folder in which kernels write down how to reach them")
    parser.add_argument("--cold", action="store_true", help="keep no spare kernel")
    options = parser.parse_args()
    VOILA["Voila"]["connection_dir_root"] = options.kernels
    if options.cold:
        kernels.SPARES = 0
    serve(options.notebooks, None, opens_browser=False)


if __name__ == "__main__":
    main()
