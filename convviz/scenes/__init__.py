"""How a step looks: panels, and scenes made of panels. The only home of matplotlib."""

from convviz.scenes.scene import Scene
from convviz.scenes.window_scenes import dot_product, sliding_window

__all__ = ["Scene", "dot_product", "sliding_window"]
