"""The one browser component: it holds rendered frames and shows the one at `index`."""

from convviz.player.edits import Edit, Paste, Resize
from convviz.player.player import Player, show

__all__ = ["Edit", "Paste", "Player", "Resize", "show"]
