"""The one browser component: it holds rendered frames and shows the one at `index`."""

from convviz.player.edits import Edit, Paste, Resize
from convviz.player.model_player import ModelPlayer
from convviz.player.player import Player
from convviz.player.shown import show

__all__ = ["Edit", "ModelPlayer", "Paste", "Player", "Resize", "show"]
