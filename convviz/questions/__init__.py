"""What a learner is asked about a picture, and which usual mistake a wrong answer comes from.

Each function, `next_cell` for instance, makes a `Question` from a trace: plain data, which can judge a guess.

>>> from convviz import correlate
>>> question = next_cell(correlate([1, 2, 3], [4, -5]), 0)
>>> question.prompt
'What will the next output cell [1] hold?'
>>> question.judge("8").text
'Not yet. 8 is the sum without the term 3×(-5) in cell [1] of the window: one term was forgotten.'
>>> question.judge("-7").text
'Right! Output [1] = 2×4 + 3×(-5) = -7.'
"""

from convviz.questions.cells import flipped_cell, next_cell
from convviz.questions.echoes import completed_cell, whole_cells
from convviz.questions.maps import map_count
from convviz.questions.matches import best_window, next_score
from convviz.questions.matrices import tied_gradient, weight_count
from convviz.questions.pooled import pooled_cell
from convviz.questions.question import Judgement, Mistake, Question
from convviz.questions.sight import further_sight
from convviz.questions.sizes import enlarged_size, output_size
from convviz.questions.weights import next_filter_weight, next_weight

__all__ = [
    "Judgement",
    "Mistake",
    "Question",
    "best_window",
    "completed_cell",
    "enlarged_size",
    "flipped_cell",
    "further_sight",
    "map_count",
    "next_cell",
    "next_filter_weight",
    "next_score",
    "next_weight",
    "output_size",
    "pooled_cell",
    "tied_gradient",
    "weight_count",
    "whole_cells",
]
