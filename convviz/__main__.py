"""`python -m convviz` is the `convviz` command."""

import sys

from convviz.app.command import main

if __name__ == "__main__":
    sys.exit(main())
