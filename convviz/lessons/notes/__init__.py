"""What lessons write about the numbers on the screen: functions from traces to HTML, without widgets.

A page that shows any of their HTML needs `CSS` once.
"""

from convviz.lessons.notes.colour_picture import colour_picture_html
from convviz.lessons.notes.echo_code import causal_html
from convviz.lessons.notes.formulas import formula_html
from convviz.lessons.notes.groupings import groupings_html
from convviz.lessons.notes.kernels import kernel_verdict, separable_verdict, slopes_html
from convviz.lessons.notes.learned import likeness_verdict, twins_verdict
from convviz.lessons.notes.library_calls import library_calls, library_calls_html
from convviz.lessons.notes.markup import CSS
from convviz.lessons.notes.matches import distances_html, winners_html
from convviz.lessons.notes.matrices import feature_map_html, row_html, training_html
from convviz.lessons.notes.modes import modes_html
from convviz.lessons.notes.parameters import parameters_html
from convviz.lessons.notes.separable import separable_html
from convviz.lessons.notes.shifts import shift_verdict
from convviz.lessons.notes.sizes import output_size_html
from convviz.lessons.notes.stacks import linear_html, stack_code, stack_code_html, stack_html
from convviz.lessons.notes.verdicts import flip_verdict, pointwise_verdict

__all__ = [
    "CSS",
    "causal_html",
    "colour_picture_html",
    "distances_html",
    "feature_map_html",
    "flip_verdict",
    "formula_html",
    "groupings_html",
    "kernel_verdict",
    "library_calls",
    "library_calls_html",
    "likeness_verdict",
    "linear_html",
    "modes_html",
    "output_size_html",
    "parameters_html",
    "pointwise_verdict",
    "row_html",
    "separable_html",
    "separable_verdict",
    "shift_verdict",
    "slopes_html",
    "stack_code",
    "stack_code_html",
    "stack_html",
    "training_html",
    "twins_verdict",
    "winners_html",
]
