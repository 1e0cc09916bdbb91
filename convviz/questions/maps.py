"""The question how many feature maps a layer makes."""

from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.as_layer import Layer, as_layer
from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.question import Mistake, Question


def map_count(trace: WindowTrace | LayerTrace) -> Question:
    """Ask how many feature maps a layer makes: one for each filter.

    Parameters
    ----------
    trace : WindowTrace or LayerTrace
        Of `convviz.conv_layer`; of `convviz.correlate` or `convviz.convolve`, as a layer of one filter.

    Raises
    ------
    TypeError
        If the trace is of another operation.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> question = map_count(conv_layer([[1, 2], [3, 4], [5, 6]], [[[1], [0], [2]], [[0], [1], [1]]]))
    >>> question.judge("6").text
    'Not yet. 6 is the number of kernels, 2 filters of 3 kernels each: ...'
    >>> question.judge("2").text
    'Right! There are 2 filters. Each one adds up the results of the 3 channels that it reads, and makes one map.'
    """
    layer = as_layer(trace)
    filters, read = layer.weight.shape[:2]
    return Question(
        subject=("map count", filters, read, len(layer.x), layer.geometry.output_shape),
        prompt="How many feature maps does this layer make?",
        truth=filters,
        mistakes=lambda: [*_kernels(layer), *_channels(layer), *_sizes(layer)],
        explanation=_explanation(filters, read),
        hint="Count the filters: each one adds up the results of all channels that it reads, and makes one map.",
    )


def _explanation(filters: int, read: int) -> str:
    reads = f"adds up the results of the {read} channels that it reads" if read > 1 else "reads one channel"
    if filters == 1:
        return f"There is one filter. It {reads}, and makes one map."
    return f"There are {filters} filters. Each one {reads}, and makes one map."


def _kernels(layer: Layer) -> list[Mistake]:
    filters, read = layer.weight.shape[:2]
    channels, found = len(layer.x), []
    # A single filter has as many kernels as channels, and channels are what a learner sees.
    if filters > 1 and read > 1:
        what = f"the number of kernels, {filters} filters of {read} kernels each"
        found.append(Mistake(filters * read, f"{what}: a filter adds up what its kernels make into one map"))
    if layer.groups > 1:
        group = f"{read} channels" if read > 1 else "one channel"
        remedy = f"a filter reads only the {group} of its group, and makes one map"
        found.append(Mistake(filters * channels, f"{channels} channels times {filters} filters: {remedy}"))
    return found


def _channels(layer: Layer) -> list[Mistake]:
    filters, channels = len(layer.weight), len(layer.x)
    what = "the number of channels that go in"
    if channels == 1:
        return [Mistake(1, f"{what}: each filter makes a map of its own, so count the filters")]
    if filters == 1:
        return [Mistake(channels, f"{what}: the filter adds up their results to one map")]
    return [
        Mistake(channels, f"{what}: each filter makes one map, however many channels it reads"),
        Mistake(1, "what it would be if all results were added up to a single map: each filter keeps its own map"),
    ]


def _sizes(layer: Layer) -> list[Mistake]:
    filters, channels, shape = len(layer.weight), len(layer.x), layer.geometry.output_shape
    found = []
    if layer.geometry.windows > 1:
        size = f", {'×'.join(map(str, shape))}" if len(shape) > 1 else ""
        what = f"the number of cells in one map{size}"
        found.append(Mistake(layer.geometry.windows, f"{what}: that is its size, not how many maps there are"))
    added = f"{_count(channels, 'channel')} plus {_count(filters, 'filter')}"
    return [*found, Mistake(channels + filters, f"{added}: each filter makes one map, and channels make none")]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
