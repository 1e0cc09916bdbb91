"""What the browser's Python does without: what ipywidgets needs of IPython, and what matplotlib misses at most."""

import sys
import warnings
from importlib.util import find_spec
from types import ModuleType
from typing import Any


def stand_in() -> None:
    """Let `import IPython` find something, unless IPython itself is there."""
    warnings.filterwarnings("ignore", message="Unable to import Axes3D")  # no page draws in three dimensions
    if find_spec("IPython") is not None:
        return
    names = ("IPython", "IPython.core", "IPython.core.interactiveshell", "IPython.display")
    ipython, core, shell, display = (ModuleType(name) for name in names)
    contents: dict[ModuleType, dict[str, Any]] = {
        ipython: {"get_ipython": lambda: None, "version_info": (9, 0, 0), "core": core, "display": display},
        core: {"interactiveshell": shell},
        shell: {"InteractiveShell": _Shell},
        display: {"HTML": _Html, "display": _nothing, "clear_output": _nothing},
    }
    for module, names_in_it in contents.items():
        vars(module).update(names_in_it)
        sys.modules[module.__name__] = module


class _Shell:
    @staticmethod
    def initialized() -> bool:
        return False


class _Html:
    def __init__(self, data: str = "", **_: Any) -> None:
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


def _nothing(*_: Any, **__: Any) -> None:
    """Show nothing: a page shows what its cells end with."""
