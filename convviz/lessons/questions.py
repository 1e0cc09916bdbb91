"""What a learner is asked about what a player shows: the next output cell, or how many feature maps there are."""

from html import escape
from typing import Any, Protocol

from convviz.numerals import numeral
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.operations.layers.layer_step import LayerStep
from convviz.player import Player
from convviz.questions.diagnosis import Diagnosis, diagnose, diagnose_maps


class Question(Protocol):
    """What a `Prediction` asks of what a player shows."""

    def subject(self, player: Player) -> Any:
        """Give what is asked about; the question is asked anew when this changes."""

    def ask(self, player: Player) -> str:
        """Put the question, in HTML."""

    def diagnose(self, player: Player, guess: float) -> Diagnosis:
        """Judge a guess."""

    def explain(self, player: Player) -> str:
        """Say why the right answer is right."""

    def hint(self, player: Player) -> str:
        """Say how to find the answer, to one whose guess is no usual mistake."""

    def move_on(self, player: Player) -> None:
        """Do what a right answer leads to."""


class NextCell:
    """Ask for the output cell after the one that a player shows; a right guess takes the player there.

    The player shows a trace of `convviz.correlate`, `convviz.convolve` or `convviz.conv_layer`.
    """

    def index(self, player: Player) -> int:
        """Tell which step is asked for: the one after the step on the screen, or the first after the last."""
        steps = len(player.trace)
        return (min(player.index, steps - 1) + 1) % steps

    def subject(self, player: Player) -> Any:
        """Give the trace and the step."""
        return player.trace, self.index(player)

    def ask(self, player: Player) -> str:
        """Name the cell, and the bias and the activation that it takes."""
        step = _cells(player)[self.index(player)]
        cell = f"<code>{list(step.position)}</code>"
        ending = escape("".join(f", {part}" for part in _ending(step, "with ", "then ")))
        return f"<p>What number will the <b>next</b> output cell, {cell}, hold{ending}?</p>"

    def diagnose(self, player: Player, guess: float) -> Diagnosis:
        """Compare a guess with the cell's value, and with what usual mistakes make of it."""
        return diagnose(_cells(player), self.index(player), guess)

    def explain(self, player: Player) -> str:
        """Describe the step."""
        return _cells(player)[self.index(player)].describe()

    def hint(self, player: Player) -> str:
        """Say how the cell is computed."""
        step = _cells(player)[self.index(player)]
        if not isinstance(step, LayerStep):
            return "Multiply each number in the window by the weight in its corner, then add everything up."
        if len(step.channel_sums) == 1:
            start = ["Multiply each number in the window by its weight", "add everything up"]
        else:
            start = [
                "In every channel that the filter reads, multiply each number in the window by its weight",
                "add all these channels up",
            ]
        *parts, last = [*start, *_ending(step, "add ", "apply ")]
        return f"{', '.join(parts)}, then {last}."

    def move_on(self, player: Player) -> None:
        """Show the cell."""
        player.index = self.index(player)


class MapCount:
    """Ask how many feature maps the layer makes whose trace, of `convviz.conv_layer`, a player shows."""

    def subject(self, player: Player) -> Any:
        """Give the trace."""
        return player.trace

    def ask(self, player: Player) -> str:
        """Ask for the number."""
        _layer(player)
        return "<p>How many <b>feature maps</b> does this layer make?</p>"

    def diagnose(self, player: Player, guess: float) -> Diagnosis:
        """Compare a guess with the number of filters, and with what usual mistakes take for it."""
        return diagnose_maps(_layer(player), guess)

    def explain(self, player: Player) -> str:
        """Say what each filter does."""
        filters, read = _layer(player).weight.shape[:2]
        reads = f"adds up what the {read} channels that it reads give" if read > 1 else "reads one channel"
        if filters == 1:
            return f"There is one filter: it {reads}, and makes one map."
        return f"There are {filters} filters: each one {reads}, and makes one map."

    def hint(self, player: Player) -> str:
        """Say what to count."""
        return "Count the filters: each one adds up what the channels that it reads give, and makes one map."

    def move_on(self, player: Player) -> None:
        """Stay: the player shows the layer still."""


def _ending(step: Any, before_bias: str, before_activation: str) -> list[str]:
    """Say what a layer does to its sums, if it does anything."""
    if not isinstance(step, LayerStep):
        return []
    bias = [f"{before_bias}bias {numeral(step.bias)}"] if step.bias else []
    name = "the activation" if step.activation == "activation" else step.activation
    return [*bias, f"{before_activation}{name}"] if name else bias


def _cells(player: Player) -> WindowTrace | LayerTrace:
    trace = player.trace
    if not isinstance(trace, WindowTrace | LayerTrace):
        accepted = "accepted: a trace of conv_layer, correlate or convolve"
        raise TypeError(f"player shows a {type(trace).__name__}; {accepted}")
    return trace


def _layer(player: Player) -> LayerTrace:
    trace = player.trace
    if not isinstance(trace, LayerTrace):
        raise TypeError(f"player shows a {type(trace).__name__}; accepted: a trace of conv_layer")
    return trace
