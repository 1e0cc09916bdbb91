"""Where windows land: padding, stride, dilation, output size. Integers only."""

from dataclasses import dataclass
from math import prod


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of a sliding window.

    Parameters
    ----------
    size : int
        Cells of the input along this axis.
    kernel : int
        Cells of the kernel along this axis.
    before, after : int
        Zero cells put before the first and after the last input cell.
    stride : int
        Cells from one window to the next.
    dilation : int
        Cells from one kernel cell to the next within a window.

    Examples
    --------
    >>> Axis(size=5, kernel=3).output
    3
    >>> Axis(size=5, kernel=3, before=1, after=1, stride=2).window(2)
    slice(4, 7, 1)
    """

    size: int
    kernel: int
    before: int = 0
    after: int = 0
    stride: int = 1
    dilation: int = 1

    @property
    def padded(self) -> int:
        """Cells of the input with its border."""
        return self.before + self.size + self.after

    @property
    def extent(self) -> int:
        """Cells from the first to the last one that a window spans."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output(self) -> int:
        """How many windows fit."""
        return (self.padded - self.extent) // self.stride + 1

    def window(self, position: int) -> slice:
        """Cells of the padded input that the window at ``position`` reads."""
        start = position * self.stride
        return slice(start, start + self.extent, self.dilation)


@dataclass(frozen=True)
class Geometry:
    """A sliding window over one or more axes, rows before columns.

    Examples
    --------
    >>> geometry = Geometry((Axis(size=5, kernel=3), Axis(size=6, kernel=3)))
    >>> geometry.output_shape
    (3, 4)
    >>> geometry.window((1, 2))
    (slice(1, 4, 1), slice(2, 5, 1))
    """

    axes: tuple[Axis, ...]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Windows along each axis."""
        return tuple(axis.output for axis in self.axes)

    @property
    def padded_shape(self) -> tuple[int, ...]:
        """Cells of the input with its border, along each axis."""
        return tuple(axis.padded for axis in self.axes)

    @property
    def kernel_shape(self) -> tuple[int, ...]:
        """Cells of the kernel along each axis."""
        return tuple(axis.kernel for axis in self.axes)

    @property
    def interior(self) -> tuple[slice, ...]:
        """Where the input itself lies within its border."""
        return tuple(slice(axis.before, axis.before + axis.size) for axis in self.axes)

    @property
    def windows(self) -> int:
        """How many windows there are in all."""
        return prod(self.output_shape)

    def window(self, position: tuple[int, ...]) -> tuple[slice, ...]:
        """Cells of the padded input that the window at ``position`` reads."""
        return tuple(axis.window(at) for axis, at in zip(self.axes, position, strict=True))

    def reads(self, offset: tuple[int, ...]) -> tuple[slice, ...]:
        """Cells of the padded input that the kernel cell at ``offset`` meets, over all windows.

        Examples
        --------
        >>> Geometry((Axis(size=5, kernel=3, stride=2),)).reads((1,))
        (slice(1, 4, 2),)
        """
        return tuple(
            slice(at * axis.dilation, at * axis.dilation + (axis.output - 1) * axis.stride + 1, axis.stride)
            for axis, at in zip(self.axes, offset, strict=True)
        )
