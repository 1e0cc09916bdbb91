"""The ways to show steps in a notebook, convviz's and others; each function fills a page. Notebooks import this."""

from typing import Any

import ipywidgets
from IPython.display import display

from benchmarks.figures import DPI, Blitted, FourGrids, agg_figure, example, size_in_inches
from convviz import show
from convviz.lessons import SlidingWindow
from convviz.numerals import read_number
from convviz.operations.convolution.correlate import WindowTrace
from convviz.player import Edit

LAST = len(example()) - 1
"""The step at which all of the output is shown."""
MOST = 16
"""The number from which one is dragged down to 0, and up again."""


def slider() -> ipywidgets.IntSlider:
    """Make the slider that drives a rival."""
    return ipywidgets.IntSlider(max=LAST, description="step")


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


def live_figure(trace: WindowTrace) -> tuple[FourGrids, Any]:
    """Make a figure that lives in the page; `%matplotlib widget` comes before."""
    from matplotlib import pyplot as plt

    with plt.ioff():
        figure = plt.figure(figsize=size_in_inches(trace), dpi=DPI)
    canvas: Any = figure.canvas
    canvas.toolbar_visible = canvas.header_visible = canvas.footer_visible = False
    return FourGrids(figure, trace), canvas


def step_with_ipympl() -> None:
    """Reuse the artists of a live figure; `%matplotlib widget` comes before."""
    steps = slider()
    grids, canvas = live_figure(example())

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
    """Show a new trace in convviz's Player when the number is changed."""
    player, corner = show(example()), field()
    corner.observe(lambda change: setattr(player, "trace", example(corner=int(change["new"]))), "value")
    display(ipywidgets.VBox([corner, player]))


def lesson_01(middle: int | None = None) -> None:
    """Show lesson 01 as its notebook does: its pictures and its code, all of which follow a change."""
    trace = example(middle=middle)
    lesson = SlidingWindow(trace.x, trace.kernel)
    display(lesson, lesson.beside["vectors"], lesson.note("code"))


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


def weight() -> ipywidgets.FloatSlider:
    """Make the slider that drags the kernel's middle number in a rival."""
    return ipywidgets.FloatSlider(MOST, max=MOST, step=1, description="w[1, 1]")


def drag_with_player() -> None:
    """Drag the number itself, where convviz's Player draws it."""
    player = show(example(middle=MOST))

    def change_number(edit: Any) -> None:
        assert isinstance(edit, Edit)
        player.trace = example(middle=int(read_number(edit.text)))

    player.on_edit(change_number)
    display(player)


def drag_with_image() -> None:
    """Redraw the whole figure, its artists reused, at each value of a slider, and send it as a PNG."""
    trace, middle = example(middle=MOST), weight()
    grids = FourGrids(agg_figure(size_in_inches(trace)), trace)
    grids.show(trace, LAST)
    image = ipywidgets.Image(value=grids.savefig())

    def change_number(change: dict[str, Any]) -> None:
        grids.show(example(middle=int(change["new"])), LAST)
        image.value = grids.savefig()

    middle.observe(change_number, "value")
    display(ipywidgets.VBox([middle, image]))


def drag_with_ipympl() -> None:
    """Reuse the artists of a live figure at each value of a slider; `%matplotlib widget` comes before."""
    trace, middle = example(middle=MOST), weight()
    grids, canvas = live_figure(trace)
    grids.show(trace, LAST)

    def change_number(change: dict[str, Any]) -> None:
        grids.show(example(middle=int(change["new"])), LAST)
        canvas.draw_idle()

    middle.observe(change_number, "value")
    display(ipywidgets.VBox([middle, canvas]))
