"""The browser's side of a player: JavaScript modules, and styles."""

from pathlib import Path

from convviz import theme

_HERE = Path(__file__).parent


def style() -> str:
    """Return the style of a player: its own, and all colours.

    Examples
    --------
    >>> ".convviz-player" in style()
    True
    """
    return theme.css() + (_HERE / "player.css").read_text(encoding="utf-8")
