"""How the browser's Python starts: what it leaves out, so that it is there sooner."""

import gc
from typing import TYPE_CHECKING

from matplotlib import artist

from convviz.app.site.ipython import stand_in

if TYPE_CHECKING:
    from convviz.app.site.waking import Post, Waking


def wake(notebook: str, post: "Post") -> "Waking":
    """Run the cells of a page.

    Parameters
    ----------
    notebook : str
        The file whose cells are run.
    post : callable
        Sends a message to the page.
    """
    gc.disable()  # what is imported stays: looking for what does not takes a tenth of the time
    stand_in()
    leave_out_signatures()
    from convviz.app.site.waking import Waking

    waking = Waking(notebook, post)
    gc.freeze()
    gc.enable()
    return waking


def leave_out_signatures() -> None:
    """Let matplotlib not write down, for each kind of artist, which properties it has: a tenth of the time as well."""
    if hasattr(artist.Artist, "_update_set_signature_and_docstring"):
        artist.Artist._update_set_signature_and_docstring = classmethod(lambda _: None)
