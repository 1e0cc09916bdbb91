"""A player as a module of JavaScript: a widget as anywidget and MyST take one, for pages of other people."""

from pathlib import Path

from convviz.javascript import joined
from convviz.player.browser import style as player_style
from convviz.player.saving.held import Held, as_script
from convviz.player.saving.recording import Recording

_SCRIPT = Path(__file__).parents[1] / "browser" / "embedded.js"

_ABOUT = """\
/* A player, saved by convviz. In MyST, the directive {anywidget} with this file's name shows it; in a page of HTML, a
   script of type "module" does:

       import player from "./this-file.mjs";
       player.render({ el: document.getElementById("here") });
*/

"""
_HOST = ":host {{ all: initial; display: block; border-radius: 12px; background: {0.paper}; color: {0.ink}; }}"
"""What is inherited from the page around is left behind. The ground tells the player whether it is dark."""


def write_mjs(path: Path, recording: Recording) -> None:
    """Write the module.

    Raises
    ------
    ValueError
        If the module would become too large to open.
    """
    held, style = Held(recording), f"{_HOST.format(recording.look.theme)}\n{player_style()}"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_ABOUT}{joined(_SCRIPT)}const held = {{\nstate: {as_script(held.state())},\nreels: [\n")
        file.writelines(held.reels(lambda reel: f"{as_script(reel)},\n"))
        file.write(f"],\nsays: {as_script(held.says())},\n}};\nexport default widgetOf(held, {as_script(style)});\n")
