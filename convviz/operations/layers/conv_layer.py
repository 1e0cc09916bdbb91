"""A convolutional layer: many filters over many channels, in one, two or three dimensions."""

from typing import Any

import numpy as np

from convviz.faults import shown
from convviz.geometry import Geometry
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.arithmetic.per_axis import PerAxis
from convviz.operations.layers.activation import Activation, OfOneNumber, activate, activation_name, check_activation
from convviz.operations.layers.channels_first import with_channels
from convviz.operations.layers.layer_arguments import as_bias, check_channels, layer_geometry
from convviz.operations.layers.layer_step import LayerStep
from convviz.operations.layers.padding import Padding, PaddingMode, check_padding_mode, origins, pad, unread
from convviz.operations.layers.window_sums import needs_objects, window_sums
from convviz.terms import Terms
from convviz.trace import Array, Trace


class LayerTrace(Trace[LayerStep]):
    """Filters that slide over the channels of an input; made by `conv_layer`."""

    def __init__(
        self,
        x: Array,
        weight: Array,
        bias: Array,
        *,
        geometry: Geometry,
        padding_mode: PaddingMode,
        flip: bool,
        activation: Activation,
    ) -> None:
        self._geometry, self._padding_mode, self._flip, self._activation = geometry, padding_mode, flip, activation
        self._weight, self._bias = weight.copy(), bias.copy()
        self._kernel = np.ascontiguousarray(np.flip(self._weight, _spatial(weight))) if flip else self._weight
        filled = () if isinstance(padding_mode, str) else (np.asarray(padding_mode),)
        self._padded = pad(x, geometry, padding_mode, np.result_type(x, weight, bias, *filled))
        self._preactivation = window_sums(self._padded, self._kernel, self._bias, geometry)
        for array in (self._weight, self._bias, self._kernel, self._padded, self._preactivation):
            array.setflags(write=False)
        self._wide = needs_objects(self._padded, self._kernel, self._bias)
        self._activation_name = activation_name(activation)
        self._function = OfOneNumber(activation, x.ndim)
        super().__init__(activate(activation, self._preactivation))

    @property
    def x(self) -> Array:
        """The input, shape (channels, ...)."""
        return self._padded[(slice(None), *self._geometry.interior)]

    @property
    def weight(self) -> Array:
        """The filters as given, shape (filters, channels / groups, ...)."""
        return self._weight

    @property
    def kernel(self) -> Array:
        """The filters as applied: ``weight``, each kernel flipped if ``flip``."""
        return self._kernel

    @property
    def bias(self) -> Array:
        """The number that is added to each sum of a filter, shape (filters,); zeros if none was given."""
        return self._bias

    @property
    def groups(self) -> int:
        """The number of groups into which channels and filters are divided."""
        return len(self._padded) // int(self._weight.shape[1])

    @property
    def flip(self) -> bool:
        """Whether the kernels are flipped: true for a convolution as mathematics defines it."""
        return self._flip

    @property
    def padding_mode(self) -> PaddingMode:
        """What fills the border: a name, or the number itself."""
        return self._padding_mode

    @property
    def activation(self) -> Activation:
        """The function that turns ``preactivation`` into ``output``, as given."""
        return self._activation

    @property
    def padded(self) -> Array:
        """The input with its border, shape (channels, ...)."""
        return self._padded

    @property
    def geometry(self) -> Geometry:
        """The positions of the windows along the spatial axes."""
        return self._geometry

    @property
    def preactivation(self) -> Array:
        """The sums, including the bias, to which the activation is applied; shaped like ``output``."""
        return self._preactivation

    @property
    def origins(self) -> tuple[Array, ...]:
        """For each axis, the index of the input cell that each padded cell is copied from; −1 for a constant."""
        return tuple(origins(axis, self._padding_mode) for axis in self._geometry.axes)

    @property
    def unread(self) -> Array:
        """Which input cells no window reads, neither directly nor as a copy in the border; shaped like ``x``."""
        return np.broadcast_to(unread(self._geometry, self.origins), self.x.shape)

    @property
    def terms(self) -> Terms:
        """The layer in index notation: see `sliding_window` for its views.

        Examples
        --------
        >>> terms = conv_layer([[1, 2, 3], [4, 5, 6]], [[[1, 1], [1, -1]]]).terms
        >>> terms.related(terms.views["input"], terms.views["output"], (1, 0, 1), step=0)
        [Block(slices=(0,), rows=(0,), columns=(0, 1))]
        >>> terms.cell_of("w", terms.views["kernel"], (1, 0, 0), step=0)
        (0, 1, 0)
        """
        return sliding_window(
            self._geometry,
            filters=len(self._weight) // self.groups,
            channels=self._weight.shape[1],
            groups=self.groups,
            flip=self._flip,
            origins=() if self._padding_mode == "zeros" else self.origins,
        )

    def _step(self, index: int) -> LayerStep:
        position = self._position(index)
        number, channels = position[0], self._weight.shape[1]
        first = number // (len(self._weight) // self.groups) * channels
        window = (slice(first, first + channels), *self._geometry.window(position[1:]))
        patch, kernel = self._padded[window], self._kernel[number]
        # Products may be too large for int64 even if their sum is not; Python's integers have no limit.
        products = (patch.astype(object) if self._wide else patch) * kernel
        sums = products.reshape(channels, -1).sum(axis=1)
        for array in (products, sums):
            array.setflags(write=False)
        bias, preactivation, value = self._bias[number], self._preactivation[position], self._output[position]
        return LayerStep(
            index,
            position,
            value,
            products,
            bias,
            preactivation,
            self._activation_name,
            window,
            patch,
            kernel,
            sums,
            function=self._function,
        )


def _spatial(weight: Array) -> tuple[int, ...]:
    return tuple(range(2, weight.ndim))


def conv_layer(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    flip: bool = False,
    activation: Activation = None,
) -> LayerTrace:
    """Slide many filters over many channels: a convolutional layer, in which each filter makes one feature map.

    A filter has one kernel for each channel that it reads; the results of its kernels are added up. This operation
    includes 1×1 convolutions, depthwise convolutions (as many groups as channels: each filter reads one channel), and
    everything between.

    Parameters
    ----------
    x : array-like, shape (C_in, *spatial)
        The input: C_in channels with one, two or three spatial axes. Integers, floats or booleans. If the kernels are
        2D or 3D and read one channel, an array of as many dimensions is that channel.
    weight : array-like, shape (C_out, C_in / groups, *kernel)
        The weights of C_out filters. Each filter has one kernel for each channel that it reads.
    bias : array-like, shape (C_out,), optional
        One number for each filter, which is added to each of its sums.
    stride : int or tuple of int
        The number of cells from one window to the next: one number for all axes, or one for each.
    padding : int, str, or tuple of int or (int, int)
        The number of cells put around the input: one number for all axes, or for each axis one number or a pair
        (before, after). With two spatial axes, ``(1, 2)`` means one number for each, and ``((1, 1), (0, 2))`` a pair
        for each; with one axis, ``(1, 2)`` is its pair. A name is also accepted. ``'valid'``: no padding. ``'same'``:
        PyTorch's, for stride 1, with as many outputs as inputs. ``'same_tf'``: TensorFlow's, with
        ceil(inputs / stride) outputs. If the total is odd, both put the extra cell at the end (mode 'same' of
        `convviz.correlate` and SciPy puts it at the beginning).
    dilation : int or tuple of int
        The number of cells from one kernel cell to the next within a window.
    groups : int
        The number of groups into which channels and filters are divided. A filter reads the channels of its group.
    padding_mode : {'zeros', 'reflect', 'symmetric', 'replicate', 'circular'} or number
        What the padding is filled with. 'reflect': the input, mirrored at its edge cells, which are not repeated.
        'symmetric': the same, with the edge cells repeated. 'replicate': copies of the edge cells. 'circular': the
        opposite end of the input. A number: that number.
    flip : bool
        Whether to flip each kernel first (see `convviz.convolve`), as mathematics does and deep learning does not.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        The function that is applied to the sums. A callable takes an array, and returns finite numbers in its shape.

    Returns
    -------
    LayerTrace
        ``output`` has shape (C_out, *spatial). It is int64 if x, weight and bias hold integers or booleans and the
        activation keeps integers, else float64. Steps run filter by filter, row by row.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If the shapes do not fit each other; if no window fits; if ``padding`` is more than ``padding_mode`` can fill
        ('reflect' needs more input cells than padding, 'symmetric' and 'circular' at least as many); if a result does
        not fit its number type.

    See Also
    --------
    convviz.correlate, convviz.convolve : one kernel over one array.

    Notes
    -----
    Equal to `torch.nn.Conv1d`, `Conv2d` and `Conv3d` for a batch of one. The padding 'same_tf' equals TensorFlow's
    'SAME', as `tf.nn.convolution` documents it.

    Examples
    --------
    >>> trace = conv_layer([[1, 2, 3, 4], [5, 6, 7, 8]], [[[1, 1], [1, -1]]], [10])
    >>> trace.output
    array([[12, 14, 16]])
    >>> trace[0].channel_sums
    array([ 3, -1])
    >>> conv_layer([[1, 2, 3, 4, 5, 6]], [[[1, 1, 1]]], stride=2).unread
    array([[False, False, False, False, False,  True]])
    """
    # A trace looks at all numbers anyway: that x is finite is not checked twice.
    x, weight = as_numbers("x", x, (2, 3, 4), finite=False), as_numbers("weight", weight, (2, 3, 4, 5))
    given = x
    x = with_channels(x, weight, channels=weight.shape[1])
    check_channels(x, weight, groups)
    bias = as_bias(bias, weight, each="filters")
    if not isinstance(flip, bool | np.bool_):
        raise TypeError(f"flip is {shown(flip)}; accepted: True or False")
    check_activation(activation)
    geometry = layer_geometry(x, weight, stride=stride, padding=padding, dilation=dilation)
    mode = check_padding_mode(padding_mode, geometry)
    more: dict[str, Any] = {"geometry": geometry, "padding_mode": mode, "flip": bool(flip), "activation": activation}
    try:
        return LayerTrace(x, weight, bias, **more)
    except ValueError as error:
        as_numbers("x", given, (given.ndim,))  # it says where x is not finite
        if isinstance(mode, str) or not str(error).startswith("x, weight and bias are"):
            raise
        raise ValueError(str(error).replace("x, weight", "x, padding_mode, weight", 1)) from None
