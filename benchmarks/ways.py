"""The ways to show steps in a notebook, convviz's and others; each function fills a page. Notebooks import this."""

from typing import Any

import ipywidgets
from IPython.display import display

from benchmarks.figures import DPI, Blitted, FourGrids, agg_figure, example, size_in_inches
from convviz import show


def slider() -> ipywidgets.IntSlider:
    """Make the slider that drives a rival."""
    return ipywidgets.IntSlider(max=len(example()) - 1, description="step")


def field() -> ipywidgets.Text:
    """Make the field in which the first number of the input is typed."""
    return ipywidgets.Text("0", description="x[0, 0]", continuous_update=False)


def step_with_interact() -> None:
    """Draw a new inline figure at each step."""
    from matplotlib import pyplot as plt

    trace, inches = example(), size_in_inches(example())

    def draw(index: int) -> None:
        FourGrids(plt.figure(figsize=inches, dpi=DPI), trace).draw(index)
        plt.show()

    ipywidgets.interact(draw, index=slider())


def step_with_ipympl() -> None:
    """Reuse the artists of a live figure; `%matplotlib widget` comes before."""
    from matplotlib import pyplot as plt

    trace, steps = example(), slider()
    with plt.ioff():
        figure = plt.figure(figsize=size_in_inches(trace), dpi=DPI)
    grids = FourGrids(figure, trace)
    canvas: Any = figure.canvas
    canvas.toolbar_visible = canvas.header_visible = canvas.footer_visible = False

    def draw(change: dict[str, Any]) -> None:
        grids.draw(change["new"])
        canvas.draw_idle()

    steps.observe(draw, "value")
    display(ipywidgets.VBox([steps, canvas]))


def step_with_image() -> None:
    """Send a PNG through the kernel at each step, drawn by blitting."""
    blitted, steps = Blitted(example()), slider()
    image = ipywidgets.Image(value=blitted.png(0))
    steps.observe(lambda change: setattr(image, "value", blitted.png(change["new"])), "value")
    display(ipywidgets.VBox([steps, image]))


def change_with_player() -> None:
    """Give convviz's Player a new trace when the number is changed."""
    player, corner = show(example()), field()
    corner.observe(lambda change: setattr(player, "trace", example(corner=int(change["new"]))), "value")
    display(ipywidgets.VBox([corner, player]))


def change_with_image() -> None:
    """Redraw the whole figure, its artists reused, when the number is changed."""
    trace, corner = example(), field()
    grids = FourGrids(agg_figure(size_in_inches(trace)), trace)
    image = ipywidgets.Image(value=grids.savefig())

    def change_number(change: dict[str, Any]) -> None:
        grids.show(example(corner=int(change["new"])))
        image.value = grids.savefig()

    corner.observe(change_number, "value")
    display(ipywidgets.VBox([corner, image]))


def change_with_new_figure() -> None:
    """Make the figure anew when the number is changed, as convviz must, whose layout follows the numbers."""
    inches, corner, image = size_in_inches(example()), field(), ipywidgets.Image()

    def draw(number: int) -> None:
        trace = example(corner=number)
        image.value = FourGrids(agg_figure(inches), trace).savefig()

    draw(0)
    corner.observe(lambda change: draw(int(change["new"])), "value")
    display(ipywidgets.VBox([corner, image]))
