"""A convolutional layer: many filters over many channels, in one, two or three dimensions."""

from typing import Any

import numpy as np

from convviz.geometry import Geometry
from convviz.operations.arithmetic import exact
from convviz.operations.arithmetic.arguments import as_numbers
from convviz.operations.arithmetic.index_notation import sliding_window
from convviz.operations.arithmetic.per_axis import PerAxis
from convviz.operations.layers.activation import Activation, activate, activation_name, check_activation
from convviz.operations.layers.layer_arguments import as_bias, check_channels, lay_windows
from convviz.operations.layers.layer_step import LayerStep
from convviz.operations.layers.padding import Padding, PaddingMode, check_padding_mode, origins, pad, unread
from convviz.operations.layers.window_sums import reach, window_sums
from convviz.terms import Terms
from convviz.trace import Array, Trace


class LayerTrace(Trace[LayerStep]):
    """Filters sliding over the channels of an input; made by `conv_layer`."""

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
        self._kernel = np.flip(self._weight, _spatial(weight)) if flip else self._weight
        self._padded = pad(x, geometry, padding_mode, np.result_type(x, weight, bias))
        self._preactivation = window_sums(self._padded, self._kernel, self._bias, geometry)
        for array in (self._weight, self._bias, self._kernel, self._padded, self._preactivation):
            array.setflags(write=False)
        limit = reach(self._padded, self._kernel, self._bias)
        self._wide = exact.working_dtype(self._padded.dtype, limit).kind == "O"
        self._activation_name = activation_name(activation)
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
        """The filters as laid on the input: ``weight``, its pictures turned by 180° if ``flip``."""
        return self._kernel

    @property
    def bias(self) -> Array:
        """What is added to the sums of each filter, shape (filters,); zeros if none was given."""
        return self._bias

    @property
    def groups(self) -> int:
        """Into how many groups channels and filters are divided."""
        return len(self._padded) // int(self._weight.shape[1])

    @property
    def flip(self) -> bool:
        """Whether the filters are turned by 180°: true in a convolution as mathematics defines it."""
        return self._flip

    @property
    def padding_mode(self) -> PaddingMode:
        """What fills the border."""
        return self._padding_mode

    @property
    def activation(self) -> Activation:
        """What makes ``output`` of ``preactivation``: as given."""
        return self._activation

    @property
    def padded(self) -> Array:
        """The input with its border, shape (channels, ...)."""
        return self._padded

    @property
    def geometry(self) -> Geometry:
        """Where the windows land, along rows and columns."""
        return self._geometry

    @property
    def preactivation(self) -> Array:
        """The sums, bias included, to which the activation is applied; shaped as ``output``."""
        return self._preactivation

    @property
    def origins(self) -> tuple[Array, ...]:
        """For each axis, which input cell each cell of the padded input is copied from; −1 for a zero."""
        return tuple(origins(axis, self._padding_mode) for axis in self._geometry.axes)

    @property
    def unread(self) -> Array:
        """Where the input has cells that no window reads, nor a copy of them in the border; shaped as ``x``."""
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
        # Products may need more than int64 even where their sum does not; Python's integers have no end.
        products = (patch.astype(object) if self._wide else patch) * kernel
        sums = products.reshape(channels, -1).sum(axis=1)
        for array in (products, sums):
            array.setflags(write=False)
        bias, preactivation, value = self._bias[number], self._preactivation[position], self._output[position]
        return LayerStep(
            index, position, value, products, bias, preactivation, self._activation_name, window, patch, kernel, sums
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
    """Slide many filters over many channels: a convolutional layer, whose every filter makes one feature map.

    A filter has a kernel for each channel it reads; what the channels give is summed. Filters of 1×1, one filter a
    channel (depthwise: as many groups as channels) and all between are this one operation.

    Parameters
    ----------
    x : array-like, shape (C_in, *spatial)
        The input, channels first, with one, two or three spatial axes: integers, floats or booleans.
    weight : array-like, shape (C_out, C_in / groups, *kernel)
        The filters.
    bias : array-like, shape (C_out,), optional
        A number for each filter, added to its sums.
    stride : int or tuple of int
        Cells from one window to the next: one number for all axes, or one for each.
    padding : int, str, or tuple of int or (int, int)
        Cells put around the input: one number for all axes, or for each axis one number or a pair (before, after).
        Of two spatial axes, ``(1, 2)`` is one number for each and ``((1, 1), (0, 2))`` a pair for each; of a
        single axis, ``(1, 2)`` is its pair. Or a name: ``'valid'`` is none; ``'same'`` is PyTorch's, for stride 1,
        with as many outputs as inputs; ``'same_tf'`` is TensorFlow's, with ceil(inputs / stride) outputs. Both put
        the odd cell at the end.
    dilation : int or tuple of int
        Cells from one kernel cell to the next within a window.
    groups : int
        Into how many groups channels and filters are divided; a filter reads the channels of its group.
    padding_mode : {'zeros', 'reflect', 'replicate', 'circular'}
        What the padding holds: zeros; the input mirrored at its edge cells; its edge cells again; or its other end.
    flip : bool
        Whether to turn each kernel by 180° first, as mathematics does and deep learning does not.
    activation : {'relu', 'sigmoid', 'tanh'} or callable, optional
        What is done to the sums at the end. A callable takes an array and gives finite numbers in the same shape.

    Returns
    -------
    LayerTrace
        ``output`` has shape (C_out, *spatial), and is int64 if x, weight and bias hold integers or booleans and the
        activation keeps them, else float64. Steps run filter by filter, row by row.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If shapes do not go together; if no window fits; if ``padding`` is more than ``padding_mode`` can fill
        (reflect: less than the input has cells, circular: as many); if a result does not fit its number type.

    See Also
    --------
    convviz.correlate, convviz.convolve : one kernel over one array.

    Notes
    -----
    Equal to `torch.nn.Conv1d`, `Conv2d` and `Conv3d` for a batch of one; the padding 'same_tf' to TensorFlow's
    'SAME' as `tf.nn.convolution` documents it.

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
    x, weight = as_numbers("x", x, dimensions=(2, 3, 4)), as_numbers("weight", weight, dimensions=(3, 4, 5))
    check_channels(x, weight, groups)
    bias = as_bias(bias, weight, each="filters")
    if not isinstance(flip, bool | np.bool_):
        raise TypeError(f"flip is {flip!r:.60}; accepted: True or False")
    check_activation(activation)
    geometry = lay_windows(x, weight, stride=stride, padding=padding, dilation=dilation)
    return LayerTrace(
        x,
        weight,
        bias,
        geometry=geometry,
        padding_mode=check_padding_mode(padding_mode, geometry),
        flip=bool(flip),
        activation=activation,
    )
