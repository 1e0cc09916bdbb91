"""Transposed convolution: each input cell adds a scaled copy of its kernel, a stamp, to a larger output."""

from functools import cached_property
from math import prod
from typing import Any, SupportsIndex

import numpy as np

from convviz.faults import check_size, shown
from convviz.geometry import Axis, Geometry
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.per_axis import PerAxis, as_per_axis, as_whole
from convviz.operations.layers.channels_first import with_channels
from convviz.operations.layers.index_notation import stamping
from convviz.operations.layers.padding import Padding, padding_pairs
from convviz.operations.layers.stamps import StampStep, refuse_infinite_products, stamp, stamp_bound
from convviz.terms import Terms
from convviz.trace import Array, Trace

_ARGUMENTS = "x, weight and bias"


class StampTrace(Trace[StampStep]):
    """A transposed convolution; made by `conv_transpose`.

    Steps run through the input's cells, channel by channel. Their stamps add up to ``full``. ``padding`` cuts cells off
    ``full``; with the bias added, the rest is ``output``.
    """

    def __init__(
        self,
        x: Array,
        weight: Array,
        bias: Array,
        *,
        geometry: Geometry,
        full_shape: tuple[int, ...],
        crop: tuple[slice, ...],
        groups: int,
    ) -> None:
        self._x, self._weight, self._bias = x.copy(), weight.copy(), bias.copy()
        self._geometry, self._crop, self._groups = geometry, (slice(None), *crop), groups
        self._full_shape = full_shape
        self._cropped = any(kept.stop - kept.start < size for kept, size in zip(crop, full_shape, strict=True))
        self._dtype = np.result_type(x, weight, bias)
        refuse_infinite_products(x, weight, _ARGUMENTS)
        bound = stamp_bound(x, weight, groups)
        self._wide = exact.working_dtype(np.result_type(x, weight), bound).kind == "O"
        self._arithmetic = exact.working_dtype(self._dtype, bound + exact.magnitude(bias))
        with np.errstate(over="ignore", invalid="ignore"):
            full = self._stamped(self._x)
            output = full[self._crop] + self._column(self._bias.astype(self._arithmetic))
        exact.refuse_infinite(full, _ARGUMENTS)
        # Numbers in the cells that are cut off may be too large for int64 even if the others are not.
        self._full = exact.narrowed(full, self._dtype)
        for array in (self._x, self._weight, self._bias, self._full):
            array.setflags(write=False)
        settled = exact.settled(output, self._dtype, arguments=_ARGUMENTS, result="the output")
        super().__init__(settled, self._x.shape)

    @property
    def x(self) -> Array:
        """The input, shape (C_in, *spatial)."""
        return self._x

    @property
    def weight(self) -> Array:
        """The kernels, shape (C_in, C_out/groups, *kernel)."""
        return self._weight

    @property
    def bias(self) -> Array:
        """The number that is added to each output channel, shape (C_out,); zeros if none was given."""
        return self._bias

    @property
    def groups(self) -> int:
        """The number of groups into which the channels are divided; groups are independent of each other."""
        return self._groups

    @property
    def geometry(self) -> Geometry:
        """The positions of the stamps: the windows of a convolution from ``full`` back to the input's shape."""
        return self._geometry

    @property
    def full(self) -> Array:
        """The sum of all stamps before anything is cut off, without the bias, shape (C_out, *uncropped)."""
        return self._full

    @property
    def crop(self) -> tuple[slice, ...]:
        """The part of ``full`` that is kept: ``padding`` cells are cut off at the ends of each axis."""
        return self._crop

    @property
    def terms(self) -> Terms:
        """The operation in index notation, in which a step is an input cell: see `stamping` for its views.

        Examples
        --------
        >>> terms = conv_transpose([[1, 2]], [[[5, 6, 7]]], stride=2).terms
        >>> terms.steps_of(terms.views["output"], (0, 0, 2), step=0)
        [0, 1]
        >>> terms.related(terms.views["input"], terms.views["output"], (0, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(2, 3, 4))]
        """
        full = self._full_shape
        return stamping(self._geometry, self._crop[1:], full, self._weight.shape, self._groups)

    def partial(self, index: SupportsIndex) -> "np.ma.MaskedArray[Any, Any]":
        """Return the running total after step ``index``: the bias plus the stamps so far, cut to the output's shape.

        Cells that wait for their first stamp are masked. After the last step no cell is masked, and the total equals
        ``output``.

        Parameters
        ----------
        index : int
            A step; negative ones count from the end.
        """
        total, waiting = self._first(self._number(index) + 1)
        with np.errstate(over="ignore", invalid="ignore"):
            total = total[self._crop] + self._column(self._bias.astype(self._arithmetic))
        return np.ma.masked_array(exact.narrowed(total, self._dtype), mask=waiting[self._crop])

    def stamped(self, count: int) -> "np.ma.MaskedArray[Any, Any]":
        """Return the sum of the first ``count`` stamps, shaped like ``full``; cells that wait for one are masked.

        Examples
        --------
        >>> trace = conv_transpose([[1, 2]], [[[5, 6, 7]]], stride=2)
        >>> print(trace.stamped(0), trace.stamped(1))
        [[-- -- -- -- --]] [[5 6 7 -- --]]
        """
        accepted = f"accepted: an integer from 0 to {len(self)}, the number of stamps"
        number = as_whole("count", count, accepted)
        if not 0 <= number <= len(self):
            raise ValueError(f"count is {shown(count)}; {accepted}")
        total, waiting = self._first(number)
        return np.ma.masked_array(exact.narrowed(total, self._dtype), mask=waiting)

    @property
    def overlaps(self) -> Array:
        """The number of stamps that reach each cell of ``full``: the same in all channels, shaped like one of them."""
        ones = np.ones_like(self._weight, dtype=np.int64)
        counts: Array = stamp(
            np.ones_like(self._x, dtype=np.int64), ones, self._groups, self._geometry, self._full_shape
        )[0]
        counts.setflags(write=False)
        return counts

    def _step(self, index: int) -> StampStep:
        position = self._position(index)
        value, kernel = self._x[position], self._weight[position[0]]
        stamp = kernel.astype(object) * int(value) if self._wide else kernel * value
        stamp.setflags(write=False)
        channels = len(kernel)
        start = position[0] // (len(self._x) // self._groups) * channels
        window = (slice(start, start + channels), *self._geometry.window(position[1:]))
        return StampStep(index, position, value, window, kernel, stamp, self._cropped)

    def _stamped(self, x: Array) -> Array:
        weight = self._weight.astype(self._arithmetic, copy=False)
        return stamp(x.astype(self._arithmetic, copy=False), weight, self._groups, self._geometry, self._full_shape)

    def _first(self, count: int) -> tuple[Array, Array]:
        """Add up the first stamps; return the sum, and the cells that wait for one."""
        done = np.zeros(self._x.shape, dtype=bool)
        done.reshape(-1)[:count] = True
        with np.errstate(over="ignore", invalid="ignore"):
            total = self._stamped(np.where(done, self._x, 0))
        return total, self._arrivals >= count

    @cached_property
    def _arrivals(self) -> Array:
        """For each cell of ``full``, the number of the first stamp that reaches it; −1 where none does."""
        cells, never = self._x[0].size, self._x.size
        first = np.full(self._full_shape, never)
        places = np.arange(cells).reshape(self._x.shape[1:])
        for offset in np.ndindex(self._geometry.kernel_shape):
            reached = self._geometry.reads(offset)
            first[reached] = np.minimum(first[reached], places)
        before = np.arange(len(self._full)) // self._weight.shape[1] * (len(self._x) // self._groups) * cells
        return np.where(first == never, -1, first + self._column(before))

    def _column(self, bias: Array) -> Array:
        return bias.reshape(-1, *(1,) * (self._x.ndim - 1))


def conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> StampTrace:
    """Multiply the kernel by each input cell, and add these stamps up in a larger output.

    This is also called a deconvolution, although it does not undo a convolution.

    Parameters
    ----------
    x : array-like, shape (C_in, *spatial)
        The input: C_in channels with one, two or three spatial axes. Integers, floats or booleans (which count as 0 and
        1). If the kernels are 2D or 3D and for one channel, an array of as many dimensions is that channel.
    weight : array-like, shape (C_in, C_out/groups, *kernel)
        One kernel for each input channel and each output channel of its group.
    bias : array-like, shape (C_out,), optional
        One number for each output channel, which is added to each of its cells.
    stride : int or tuple of int
        The number of cells from one stamp to the next, at least 1: one number for all axes, or one for each. The same
        holds for ``output_padding`` and ``dilation``.
    padding : int, or tuple of int or (int, int)
        The number of cells cut off at both ends of each axis: the padding of the convolution that this one reverses.
        One number for all axes, or for each axis one number or a pair (before, after). With one axis, ``(1, 2)`` is
        its pair.
    output_padding : int or tuple of int
        The number of cells added at the end of each axis, less than ``stride`` or less than ``dilation``. A convolution
        with a stride turns inputs of several sizes into outputs of one size; this number chooses among those sizes.
    dilation : int or tuple of int
        The number of cells from one kernel cell to the next within a stamp, at least 1.
    groups : int
        The number of groups into which the channels are divided. It must divide ``C_in``.

    Returns
    -------
    StampTrace
        ``output`` has shape (C_out, *out) with ``out = (in - 1)·stride - before - after + dilation·(kernel - 1) +
        output_padding + 1``. It is int64 if all numbers are integers or booleans, else float64.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If a shape or a number does not fit the others, if no output is left, or if the result does not fit its dtype.

    Notes
    -----
    Equal to `torch.nn.functional.conv_transpose1d`, `conv_transpose2d` and `conv_transpose3d`. It reverses the
    shapes of a convolution, not its numbers: its matrix is the transposed matrix of that convolution. See Dumoulin and
    Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 4.

    Examples
    --------
    >>> trace = conv_transpose([[1, 2]], [[[5, 6, 7]]], stride=2)
    >>> trace.output
    array([[ 5,  6, 17, 12, 14]])
    >>> trace[1].stamp
    array([[10, 12, 14]])
    """
    x = as_numbers("x", x, dimensions=(2, 3, 4))
    weight = as_numbers("weight", weight, dimensions=(2, 3, 4, 5))
    x = with_channels(x, weight, channels=len(weight))
    groups, axes = _check_channels(x, weight, groups), x.ndim - 1
    strides = as_per_axis("stride", stride, axes, least=1)
    dilations = as_per_axis("dilation", dilation, axes, least=1)
    paddings = padding_pairs(padding, axes)
    added = as_per_axis("output_padding", output_padding, axes, least=0)
    reversed_axes = []
    for number, sizes in enumerate(zip(x.shape[1:], weight.shape[2:], strides, dilations, strict=True)):
        if added[number] >= max(strides[number], dilations[number]):
            raise ValueError(
                f"output_padding is {shown(output_padding)} with stride {shown(stride)} and dilation "
                f"{shown(dilation)}; accepted: less than the stride or less than the dilation, along each axis"
            )
        reversed_axes.append(_reversed_axis(*sizes))
    full = tuple(axis.size + more for axis, more in zip(reversed_axes, added, strict=True))
    given = f"x has shape {x.shape}, stride is {shown(stride)} and dilation {shown(dilation)}"
    check_size(weight.shape[1] * groups * prod(full), given, "the output before cropping")
    if any(size <= sum(cut) for size, cut in zip(full, paddings, strict=True)):
        raise ValueError(
            f"padding is {shown(padding)}, which cuts off all of {full} cells; "
            "accepted: less than all of them along each axis, before and after together"
        )
    return StampTrace(
        x,
        weight,
        _as_bias(bias, weight.shape[1] * groups),
        geometry=Geometry(tuple(reversed_axes)),
        full_shape=full,
        crop=tuple(slice(before, size - after) for size, (before, after) in zip(full, paddings, strict=True)),
        groups=groups,
    )


def _reversed_axis(size: int, kernel: int, stride: int, dilation: int) -> Axis:
    """Return the axis on which as many windows fit as there are input cells."""
    extent = dilation * (kernel - 1) + 1
    return Axis(size=(size - 1) * stride + extent, kernel=kernel, stride=stride, dilation=dilation)


def _check_channels(x: Array, weight: Array, groups: Any) -> int:
    if weight.ndim != x.ndim + 1:
        picked = "; x[0] is one input of a batch" if weight.ndim == x.ndim else ""
        raise ValueError(
            f"weight has {weight.ndim} dimensions (shape {weight.shape}) but x has {x.ndim} (shape {x.shape}); "
            f"accepted: x (channels, *spatial) and weight (channels, channels out / groups, *kernel){picked}"
        )
    if len(weight) != len(x):
        raise ValueError(
            f"weight has shape {weight.shape} but x has {len(x)} channels (shape {x.shape}); "
            f"accepted: ({len(x)}, channels out / groups, *kernel)"
        )
    accepted = f"accepted: an integer from 1 on that divides the {len(x)} channels of x"
    number = as_whole("groups", groups, accepted)
    if number < 1 or len(x) % number:
        raise ValueError(f"groups is {number}; {accepted}")
    return number


def _as_bias(bias: Any, channels: int) -> Array:
    if bias is None:
        return np.zeros(channels, dtype=np.int64)
    numbers = as_numbers("bias", bias, dimensions=(1,))
    if len(numbers) != channels:
        raise ValueError(f"bias has shape {numbers.shape}; accepted: ({channels},), one for each output channel")
    return numbers
