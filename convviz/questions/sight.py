"""The question how far an output would see with one more layer."""

from convviz.operations.layers.receptive_field import SightTrace
from convviz.questions.question import Mistake, Question


def further_sight(trace: SightTrace) -> Question:
    """Ask how many input cells an output cell would see after one more convolution of 3 cells.

    Examples
    --------
    >>> from convviz import receptive_field
    >>> from convviz.geometry import Axis, Geometry
    >>> layers = [Geometry((Axis(size=9, kernel=3, stride=2),)), Geometry((Axis(size=4, kernel=3),))]
    >>> question = further_sight(receptive_field(layers))
    >>> question.judge("9").text
    'Not yet. 9 is 2 cells more: cells of the last output are 2 input cells apart.'
    >>> question.judge("11").text
    'Right! It would read 3 cells of the last output. Each sees 7 input cells, and they are 2 apart: 7 + 2·2 = 11.'
    """
    sees, apart = trace.size[0], trace.jump[0]
    truth = sees + 2 * apart
    return Question(
        subject=("further sight", sees, apart),
        prompt=f"One output cell sees {sees} input cells. How many would it see after one more convolution of 3 cells?",
        truth=truth,
        mistakes=lambda: [
            Mistake(
                sees + 2,
                f"2 cells more: cells of the last output are {apart} input cells apart",
            ),
            Mistake(sees + 3 * apart, "one step too many: three cells are two steps apart"),
            Mistake(sees * 3, "three times as many, as if the three cells saw different ones: what they see overlaps"),
            Mistake(sees, "what it sees now: a further layer looks at three such cells side by side"),
            Mistake(3, "what the new layer reads of the layer before it: ask how far those cells see"),
            Mistake(sees + 3, "3 more: the first of the three cells is counted already"),
        ],
        explanation=f"It would read 3 cells of the last output. Each sees {sees} input cells, and they are {apart} "
        f"apart: {sees} + 2·{apart} = {truth}.",
        hint="Three cells of the last output, side by side: how far apart are their windows in the input?",
    )
