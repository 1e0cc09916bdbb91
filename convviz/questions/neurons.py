"""The question what the next neuron of a dense layer gives."""

from collections.abc import Iterator
from math import isfinite

from convviz.numerals import numeral
from convviz.operations.layers.dense import DenseTrace
from convviz.operations.layers.layer_step import NeuronStep
from convviz.questions.question import Mistake, Question


def next_neuron(trace: DenseTrace, step: int) -> Question | None:
    """Ask for the number of the neuron after a step; None at the last one, where everything is on the screen.

    Examples
    --------
    >>> from convviz import dense
    >>> question = next_neuron(dense([1, 2], [[3, 4], [5, -6]], [0, 1]), 0)
    >>> question.prompt
    'What will neuron 1 give, after bias 1?'
    >>> question.judge("-7").text
    'Not yet. -7 is the sum of the products: bias 1 was left out.'
    """
    if step + 1 >= len(trace):
        return None
    following = trace[step + 1]
    name = following.activation
    endings = [f"bias {numeral(following.bias)}"] * bool(following.bias) + ([name] if name else [])
    after = f", after {' and '.join(endings)}" if endings else ""
    return Question(
        subject=("next neuron", step + 1, trace.x.tobytes(), trace.weight.tobytes(), trace.bias.tobytes(), name),
        prompt=f"What will neuron {step + 1} give{after}?",
        truth=following.value.item(),
        mistakes=lambda: [each for each in _mistakes(trace, following) if isfinite(each.value)],
        explanation=following.describe(),
        hint="Multiply each input by its weight in this neuron's row, add up all products, then add the bias.",
        leads_to=step + 1,
    )


def _mistakes(trace: DenseTrace, step: NeuronStep) -> Iterator[Mistake]:
    products, bias = step.products.tolist(), step.bias.item()
    total = sum(products)
    if step.activation:
        yield Mistake(step.preactivation.item(), f"the sum before {step.activation}")
    if bias:
        yield Mistake(total, f"the sum of the products: bias {numeral(bias)} was left out")
        yield Mistake(total - bias, f"the sum of the products less bias {numeral(bias)}: add it")
    before = trace[step.index - 1]
    yield Mistake(before.value.item(), f"the number of neuron {before.index}: this one has weights of its own")
    yield Mistake(sum(step.inputs.tolist()) + bias, "the sum of the inputs: multiply each by its weight first")
    yield Mistake(sum(step.weights.tolist()) + bias, "the sum of the weights: multiply each by its input first")
    yield Mistake(sum((step.inputs + step.weights).tolist()) + bias, "what adding instead of multiplying gives")
    yield Mistake(max(products), "the largest product: a neuron adds up all of them")
    yield Mistake(total / len(products) + bias, "the mean of the products: they are added up, not averaged")
    for at, product in enumerate(products):
        factors = f"{numeral(step.inputs[at])}×{numeral(step.weights[at])}"
        yield Mistake(total + bias - product, f"the sum without {factors} of input {at}: one term was forgotten")
