"""What a wrong guess at the number of a layer's feature maps gives away."""

from convviz.operations.layers.conv_layer import LayerTrace
from convviz.questions.mistakes import Candidate, Diagnosis, told


def diagnose_maps(trace: LayerTrace, guess: float) -> Diagnosis:
    """Compare a guess at how many feature maps a layer makes with the truth, and with what usual mistakes would give.

    Parameters
    ----------
    trace : LayerTrace
        Of `convviz.conv_layer`. It makes one map for each filter.
    guess : int or float
        The number guessed.

    Raises
    ------
    TypeError
        If ``trace`` is of another operation.

    Examples
    --------
    >>> from convviz import conv_layer
    >>> trace = conv_layer([[1, 2], [3, 4], [5, 6]], [[[1], [0], [2]], [[0], [1], [1]]])
    >>> diagnose_maps(trace, 2).correct
    True
    >>> print(*diagnose_maps(trace, 6).mistakes)
    6 is how many kernel slices there are, 2 filters of 3 slices each: each filter adds up what its slices give...
    """
    if not isinstance(trace, LayerTrace):
        raise TypeError(f"trace is {trace!r:.60} ({type(trace).__name__}); accepted: a trace of conv_layer")
    return told(guess, len(trace.weight), [*_slices(trace), *_channels(trace), *_sizes(trace)])


def _slices(trace: LayerTrace) -> list[Candidate]:
    filters, read = trace.weight.shape[:2]
    found: list[Candidate] = []
    # A single filter has as many slices as channels, and channels are what a learner sees.
    if filters > 1 and read > 1:
        found.append(
            (
                filters * read,
                f"how many kernel slices there are, {filters} filters of {read} slices each: each filter adds up "
                "what its slices give, and so makes one map",
            )
        )
    if trace.groups > 1:
        group = f"{read} channels" if read > 1 else "one channel"
        found.append(
            (
                filters * len(trace.x),
                f"{len(trace.x)} channels times {filters} filters: each filter reads only the {group} of its group, "
                "and makes one map",
            )
        )
    return found


def _channels(trace: LayerTrace) -> list[Candidate]:
    filters, channels = len(trace.weight), len(trace.x)
    if channels == 1:
        return [(1, "how many channels go in: each filter makes a map of its own, and so count the filters")]
    if filters == 1:
        return [(channels, "how many channels go in: the filter adds up what they give, and so makes one map")]
    return [
        (channels, "how many channels go in: each filter makes one map, however many channels it reads"),
        (1, "what it would be if everything were added up into a single map: each filter keeps a map of its own"),
    ]


def _sizes(trace: LayerTrace) -> list[Candidate]:
    filters, channels, shape = len(trace.weight), len(trace.x), trace.geometry.output_shape
    found: list[Candidate] = []
    if trace.geometry.windows > 1:
        size = f", {'×'.join(map(str, shape))}" if len(shape) > 1 else ""
        found.append((trace.geometry.windows, f"how many cells one map has{size}: that is its size, not how many maps"))
    plural = "channel" if channels == 1 else "channels", "filter" if filters == 1 else "filters"
    added = f"{channels} {plural[0]} plus {filters} {plural[1]}: maps come from filters alone, one from each"
    return [*found, (channels + filters, added)]
