"""Layers one after the other: each reads the output of the one before."""

from collections.abc import Iterable, Sequence
from typing import Any, SupportsIndex, overload

from convviz.faults import listed
from convviz.operations.layers.folding import can_fold, fold_scale, follows
from convviz.trace import Array, Trace


class Chain(Sequence[Trace[Any]]):
    """Traces of layers, of which each reads the output of the one before.

    A chain is a sequence of traces: ``len(chain)``, ``chain[0]``, ``chain[-1]``, and ``chain[1:3]``, which is a chain
    too. ``convviz.show(*chain)`` shows all of them, and ``convviz.receptive_field(chain)`` is that of the whole chain.

    Parameters
    ----------
    traces : iterable of Trace
        The traces in order, at least one. Each has an input ``x``.
    names : iterable of str, optional
        A name for each trace; numbers from 0, if left out.

    Raises
    ------
    TypeError, ValueError
        If there is no trace, a trace does not read the output of the one before, or there are more or fewer names.

    Examples
    --------
    >>> from convviz.operations.layers.conv_layer import conv_layer
    >>> from convviz.operations.layers.elementwise import elementwise
    >>> layer = conv_layer([[1, 2, 3, 4]], [[[-1, 1]], [[1, -1]]])
    >>> chain = Chain([layer, elementwise(layer.output, "relu")], names=["edges", "relu"])
    >>> chain.output
    array([[1, 1, 1],
           [0, 0, 0]])
    >>> chain[1][0].describe()
    'Output [0, 0] = relu(1) = 1.'
    """

    def __init__(self, traces: Iterable[Trace[Any]], names: Iterable[str] = ()) -> None:
        self._traces: tuple[Trace[Any], ...] = tuple(listed("traces", traces, "accepted: traces of layers"))
        given: list[str] = listed("names", names, "accepted: a name for each trace")
        self._names = tuple(given or map(str, range(len(self._traces))))
        for number, trace in enumerate(self._traces):
            if not isinstance(trace, Trace) or not hasattr(trace, "x"):
                raise TypeError(
                    f"traces[{number}] is a {type(trace).__name__}; accepted: a trace of a layer, with its input x"
                )
        if not self._traces:
            raise ValueError("traces is empty; accepted: at least one trace")
        if len(self._names) != len(self._traces):
            raise ValueError(
                f"names has {len(self._names)} names for {len(self._traces)} traces; accepted: one for each"
            )
        for number in range(1, len(self._traces)):
            before, after = self._traces[number - 1 : number + 1]
            if not follows(before, after):
                raise ValueError(
                    f"traces[{number}].x (shape {after.x.shape}) is not the output of traces[{number - 1}] "  # type: ignore[attr-defined]
                    f"(shape {before.output.shape}); accepted: traces that each read the output of the one before"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each trace, such as the name of the layer in a network."""
        return self._names

    @property
    def x(self) -> Array:
        """The input of the first trace."""
        x: Array = self._traces[0].x  # type: ignore[attr-defined]
        return x

    @property
    def output(self) -> Array:
        """The output of the last trace."""
        return self._traces[-1].output

    def __len__(self) -> int:
        return len(self._traces)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Trace[Any]: ...
    @overload
    def __getitem__(self, key: slice) -> "Chain": ...
    def __getitem__(self, key: SupportsIndex | slice) -> "Trace[Any] | Chain":
        if isinstance(key, slice):
            return Chain(self._traces[key], self._names[key])
        return self._traces[key]

    def folded(self) -> "Chain":
        """Return the same chain with each scale and shift folded into the layer before it: see `fold_scale`.

        The folded layer has the steps of the scale and shift, and the same output up to rounding: two equal traces.

        Examples
        --------
        >>> from convviz.operations.layers.conv_layer import conv_layer
        >>> from convviz.operations.layers.scale_shift import scale_shift
        >>> layer = conv_layer([[1, 2, 3]], [[[1, 1]]])
        >>> chain = Chain([layer, scale_shift(layer.output, [10], [5])])
        >>> chain[1].output, chain.folded()[0].output, chain.folded().names
        (array([[35, 55]]), array([[35, 55]]), ('0+1',))
        """
        traces, names = [self._traces[0]], [self._names[0]]
        for trace, name in zip(self._traces[1:], self._names[1:], strict=True):
            if can_fold(traces[-1], trace):
                traces[-1] = fold_scale(traces[-1], trace)  # type: ignore[arg-type]
                names[-1] += f"+{name}"
            else:
                traces.append(trace)
                names.append(name)
        return Chain(traces, names)
