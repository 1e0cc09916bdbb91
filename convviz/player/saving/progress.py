"""A progress bar where somebody can see it: below the cell of a notebook, or in a terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import ipywidgets

T = TypeVar("T")
_BAR_CHARACTERS = 30


def counted(items: Sequence[T], label: str) -> Iterator[T]:
    """Go through ``items``, showing how far it has come.

    Parameters
    ----------
    items : sequence
        What to go through.
    label : str
        What is being made of them.
    """
    if _is_notebook():
        return _with_widget(items, label)
    return _with_line(items, label) if sys.stderr.isatty() else iter(items)


def told(items: Sequence[T], tell: Callable[[int, int], None]) -> Iterator[T]:
    """Go through ``items``, and call a function with how many are done, and of how many."""
    for done, item in enumerate(items, start=1):
        yield item
        tell(done, len(items))


def _is_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def _with_widget(items: Sequence[T], label: str) -> Iterator[T]:
    from IPython.display import display

    bar = ipywidgets.IntProgress(max=len(items), description=label, style={"description_width": "initial"})
    display(bar)
    try:
        for item in items:
            yield item
            bar.value += 1
    finally:
        bar.close()


def _with_line(items: Sequence[T], label: str) -> Iterator[T]:
    for done, item in enumerate(items, start=1):
        full = round(_BAR_CHARACTERS * done / len(items))
        bar = "#" * full + "." * (_BAR_CHARACTERS - full)
        sys.stderr.write(f"\r{label} [{bar}] {done} of {len(items)}")
        sys.stderr.flush()
        yield item
    sys.stderr.write("\n")
