"""The one browser component: it holds rendered frames and shows the one at `index`."""

from convviz.player.player import Player, show

__all__ = ["Player", "show"]
