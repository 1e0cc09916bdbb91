"""Operations as sums of products over indices: what each axis of each array reads, and what the panels show.

The names of the indices are the same everywhere, so that pictures of the same thing are linked:

==================  ===========================================================================================
``g``               groups
``f``, ``c``        filters within a group, channels within a group
``h``, ``i``, ``j``  positions of the window: plane, row, column (in a transposed convolution, those of the stamp)
``t``, ``u``, ``v``  cells of the kernel as applied: plane, row, column
``k``, ``m``        samples of a signal, and of its impulse response
``n``               updates of a kernel that is learned
==================  ===========================================================================================
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from convviz.geometry import Axis, Geometry
from convviz.terms import Coordinate, Terms, View

Coordinates = tuple[Coordinate, ...]
"""One coordinate for each axis."""


@dataclass(frozen=True, kw_only=True)
class Along:
    """The coordinates of a sliding window, one for each axis of its geometry; made by `along`.

    Parameters
    ----------
    place, cell : tuple of Coordinate
        The coordinates of the windows, and of the cells of the kernel as applied.
    given : tuple of Coordinate
        The coordinates of the cells of the kernel as given.
    padded, x : tuple of Coordinate
        The coordinates of the input that the windows read, with its border and without.
    ranges : dict of str to int
        The number of places or cells for each index.
    """

    place: Coordinates
    cell: Coordinates
    given: Coordinates
    padded: Coordinates
    x: Coordinates
    ranges: dict[str, int]

    @property
    def places(self) -> tuple[str, ...]:
        """The indices of the places."""
        return tuple(index for coordinate in self.place for index in coordinate.of)


def along(geometry: Geometry, *, flip: bool = False, origins: Sequence[Iterable[int]] = ()) -> Along:
    """Return the coordinates of a sliding window. The arguments are those of `sliding_window`.

    Examples
    --------
    >>> along(Geometry((Axis(size=5, kernel=3, before=1, after=1, stride=2),))).x
    (Coordinate(size=5, of={'j': 2, 'v': 1}, offset=-1, copies=()),)
    """
    names, count = list(zip("hij", "tuv", strict=True)), len(geometry.axes)
    each = [
        _along(axis, *pair, tuple(map(int, held)))
        for axis, pair, held in zip(geometry.axes, names[len(names) - count :], origins or [()] * count, strict=True)
    ]
    place, cell, padded, x = zip(*each, strict=True) if each else ((),) * 4
    flipped = (replace(axis, of=dict.fromkeys(axis.of, -1), offset=axis.size - 1) for axis in cell)
    ranges = {index: axis.size for axis in (*place, *cell) for index in axis.of}
    return Along(place=place, cell=cell, given=tuple(flipped) if flip else cell, padded=padded, x=x, ranges=ranges)


def _along(axis: Axis, place: str, cell: str, origins: tuple[int, ...]) -> Coordinates:
    copies = origins if axis.padded > axis.size else ()
    padded = Coordinate(size=axis.padded, of={place: axis.stride, cell: axis.dilation}, copies=copies)
    x = replace(padded, size=axis.size, offset=-axis.before)
    return Coordinate(size=axis.output, of={place: 1}), Coordinate(size=axis.kernel, of={cell: 1}), padded, x


def grouped(name: str, each: int, groups: int) -> Coordinate:
    """Return the coordinate of channels or filters, which are numbered through all groups.

    Examples
    --------
    >>> grouped("c", each=3, groups=2)
    Coordinate(size=6, of={'g': 3, 'c': 1}, offset=0, copies=())
    """
    return Coordinate(size=groups * each, of={"g": each, name: 1})


def panel(slices: Coordinates, axes: Coordinates, fixed: tuple[str, ...] = ()) -> View:
    """Return a view with the last two axes as rows and columns, the others as slices; without axes, slices as rows."""
    if not axes:
        return View(row=slices, fixed=fixed)
    return View(slice=slices + axes[:-2], row=axes[-2:-1], column=axes[-1:], fixed=fixed)


def sliding_window(
    geometry: Geometry,
    *,
    filters: int = 1,
    channels: int = 1,
    groups: int = 1,
    flip: bool = False,
    origins: Sequence[Iterable[int]] = (),
    bare: bool = False,
) -> Terms:
    """Declare ``output[f, i] = Σ x[c, i·stride + u·dilation − before] · w[f, c, u] + bias[f]``, along all axes.

    Parameters
    ----------
    geometry : Geometry
        The positions of the windows.
    filters, channels : int
        The numbers of filters and of channels in each group.
    groups : int
        The number of groups.
    flip : bool
        Whether the kernels as given are flipped before they are applied.
    origins : sequence of array
        For each axis and each padded cell, the index of the input cell that it is copied from. Empty if the border is
        zeros.
    bare : bool
        Whether the arrays have no axes for filters and channels, and there is no bias.

    Returns
    -------
    Terms
        A step is an output cell. The views are ``input`` (with its border) and ``x`` (without); for the step,
        ``window``, ``kernel`` (as applied), ``given``, ``products``, ``sums`` (one for each channel), ``bias`` and
        ``total``; ``filters`` (one slice for each kernel) and ``weights`` (one row for each filter), as given;
        ``output``, and ``map``, the step's part of it; and the matrices ``toeplitz`` and ``im2col``.

    Examples
    --------
    >>> terms = sliding_window(Geometry((Axis(size=5, kernel=3, before=1, after=1, stride=2),)))
    >>> terms.related(terms.views["output"], terms.views["input"], (0, 0, 2), step=0)
    [Block(slices=(0,), rows=(0,), columns=(4, 5, 6))]
    >>> terms.cell_of("x", terms.views["input"], (0, 0, 5), step=0)
    (0, 4)
    """
    axes = along(geometry, flip=flip, origins=origins)
    filter_, channel = grouped("f", filters, groups), grouped("c", channels, groups)
    own = Coordinate(size=channels, of={"c": 1})
    of_filter = ("g", "f")
    of_step = (*of_filter, *axes.places)
    window = panel((channel,), axes.cell, of_step)
    views = {
        "input": panel((channel,), axes.padded),
        "x": panel((channel,), axes.x),
        "window": window,
        "kernel": panel((channel,), axes.cell, of_filter),
        "given": panel((channel,), axes.given, of_filter),
        "filters": panel((filter_, own), axes.given),
        "weights": View(row=(filter_,), column=(own, *axes.given)),
        "products": window,
        "sums": View(slice=(channel,), fixed=of_step),
        "bias": View(fixed=of_filter),
        "total": View(fixed=of_step),
        "output": panel((filter_,), axes.place),
        "map": panel((), axes.place, of_filter),
        "toeplitz": View(row=(filter_, *axes.place), column=(channel, *axes.x)),
        "im2col": View(row=(channel, *axes.given), column=axes.place),
    }
    layer = {"x": (channel, *axes.x), "w": (filter_, own, *axes.given), "bias": (filter_,)}
    return Terms(
        indices={"g": groups, "f": filters, "c": channels, **axes.ranges},
        operands={"x": axes.x, "w": axes.given} if bare else layer,
        step=(filter_, *axes.place),
        bordered=() if origins else ("x",),
        views=views,
    )
