"""Inputs, kernels and pictures to try things on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from convviz import convolve, correlate
from convviz.operations.convolution.correlate import WindowTrace
from convviz.operations.layers.conv_layer import LayerTrace, conv_layer
from convviz.theme import Look
from tests import reference

MODES: tuple[Literal["full", "same", "valid"], ...] = ("full", "same", "valid")
PADDING_MODES = ("zeros", "reflect", "symmetric", "replicate", "circular")
INTEGERS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64", ">f4", ">f8", "longdouble")

modes = st.sampled_from(MODES)
looks = st.builds(
    Look,
    width=st.integers(320, 1400),
    density=st.sampled_from([0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0]),
    dark=st.booleans(),
)


SEEDS = st.integers(0, 2**16)
MOST = {"bool": 1, "float64": 9, "int64": 99}


def filled(draw: st.DrawFn, shape: tuple[int, ...], most: Mapping[str, int] = MOST) -> np.ndarray:
    """Draw an array of one of some dtypes, with numbers up to the most of each.

    All of it comes from one seed: hypothesis would take twenty times as long to draw each number. The smallest seeds
    give the smallest numbers. Those of some arrays are few, so that many are equal, or as large as can be.
    """
    seed = draw(SEEDS)
    variety, dtype = seed % 4, sorted(most)[seed // 4 % len(most)]
    random, is_float = np.random.default_rng(seed), np.dtype(dtype).kind == "f"
    low, high = -most[dtype], most[dtype]
    if not is_float:
        limits = (0, 1) if dtype == "bool" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
        low, high = max(low, limits[0]), min(high, limits[1])
    if variety == 1:
        return random.choice([low, 0, high], shape).astype(dtype)
    reach = (1, 0, 9, high)[variety]
    whole = random.integers(max(low, -reach), min(high, reach), shape, endpoint=True)
    return (halved(random, whole) if is_float and variety > 1 else whole).astype(dtype)


def halved(random: np.random.Generator, numbers: np.ndarray) -> np.ndarray:
    """Make floats of whole numbers, of all sizes down to none, with as many bits as float16 has."""
    smaller = np.float16(numbers * random.random(numbers.shape) / 2.0 ** random.integers(0, 9, numbers.shape))
    return np.where(np.abs(smaller) < np.finfo(np.float16).smallest_normal, np.float16(0), smaller)


@st.composite
def arrays(draw: st.DrawFn, dimensions: int, most: int, dtypes: tuple[str, ...] = INTEGERS + FLOATS) -> np.ndarray:
    """Draw an array of any dtype: in C or Fortran order, of either byte order, or a view with gaps."""
    dtype = draw(st.sampled_from(dtypes))
    shape = tuple(draw(st.integers(1, most)) for _ in range(dimensions))
    # Products and sums of these stay far from the ends of int64 and float64.
    array = filled(draw, shape, {dtype: 1000 if np.dtype(dtype).kind == "f" else 2**24})
    form = draw(st.sampled_from(("C", "Fortran", "swapped", "gaps", "backwards")))
    match form:
        case "Fortran":
            return np.asfortranarray(array)
        case "swapped":
            return array.astype(array.dtype.newbyteorder())
        case "gaps":
            wide = np.zeros([2 * n for n in shape], array.dtype)
            wide[(slice(None, None, 2),) * dimensions] = array
            return wide[(slice(None, None, 2),) * dimensions]
        case "backwards":
            return array[(slice(None, None, -1),) * dimensions]
    return array


@st.composite
def pairs(
    draw: st.DrawFn, most: int = 7, largest_kernel: int = 9, dtypes: tuple[str, ...] = INTEGERS + FLOATS
) -> tuple[np.ndarray, np.ndarray]:
    """Draw an input and a kernel, which may be larger than the input, of one or two dimensions."""
    dimensions = draw(st.integers(1, 2))
    return draw(arrays(dimensions, most, dtypes)), draw(arrays(dimensions, largest_kernel, dtypes))


def entries() -> st.SearchStrategy[Any]:
    """Draw numbers of the kinds that pictures must cope with."""
    return st.sampled_from(
        [
            st.integers(0, 1),
            st.integers(-9, 9),
            st.integers(-(10**6), 10**6),
            st.integers(-(2**62), 2**62),
            st.sampled_from([1 / 3, 1 / 9, -0.5, 0.1, 2.5]),
            st.floats(-1, 1, allow_subnormal=False),
            st.floats(-1e5, 1e5, allow_subnormal=False),
            st.floats(-1e140, 1e140),
        ]
    ).flatmap(lambda numbers: numbers)


@st.composite
def traces(draw: st.DrawFn, most: int = 12, largest_kernel: int = 5) -> WindowTrace:
    """Draw a run of either operation, with numbers as people have them, and as they have them when things go wrong."""
    dimensions = draw(st.integers(1, 2))
    grids = []
    for longest in (most, largest_kernel):
        shape = tuple(draw(st.integers(1, longest)) for _ in range(dimensions))
        # A few numbers spread over the cells: drawing each would be slow and show nothing new.
        values = draw(st.lists(entries(), min_size=1, max_size=6))
        grids.append(np.resize(np.array(values, dtype=float if any(map(is_float, values)) else np.int64), shape))
    x, w = grids
    fits = all(k <= n for n, k in zip(x.shape, w.shape, strict=True))
    mode = draw(st.sampled_from(MODES if fits else MODES[:2]))
    operation: Callable[..., WindowTrace] = draw(st.sampled_from([correlate, convolve]))
    try:
        return operation(x, w, mode)
    except ValueError:  # a result that does not fit
        reject()


def is_float(value: Any) -> bool:
    """Whether a number is a float and no integer."""
    return isinstance(value, float)


@dataclass(frozen=True)
class LayerCall:
    """The arguments of a layer, and its padding spelled out as a pair for each axis."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    parameters: dict[str, Any]

    def terms(self) -> list[Any]:
        """List every product of the layer: output cell, weight as given, input cell."""
        names = ("stride", "padding", "dilation", "groups", "padding_mode", "flip")
        return reference.layer_terms(self.x.shape, self.weight.shape, *(self.parameters[name] for name in names))


@st.composite
def layer_calls(
    draw: st.DrawFn, most: int = 5, most_axes: int = 3, flips: st.SearchStrategy[bool] | None = None
) -> LayerCall:
    """Draw a layer of any kind, in which at least one window fits."""
    axes, groups, mode = draw(st.integers(1, most_axes)), draw(st.integers(1, 2)), draw(st.sampled_from(PADDING_MODES))
    channels, filters = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    spatial = tuple(draw(st.integers(1, most if axes < 3 else 3)) for _ in range(axes))
    most_copies = [{"reflect": n - 1, "symmetric": n, "circular": n}.get(mode, 3) for n in spatial]
    padding = tuple((draw(st.integers(0, min(3, n))), draw(st.integers(0, min(3, n)))) for n in most_copies)
    dilation = tuple(draw(st.integers(1, 3)) for _ in range(axes))
    along = zip(spatial, padding, dilation, strict=True)
    kernel = tuple(draw(st.integers(1, min(3, (n + sum(p) - 1) // d + 1))) for n, p, d in along)
    return LayerCall(
        x=filled(draw, (groups * channels, *spatial)),
        weight=filled(draw, (groups * filters, channels, *kernel)),
        bias=filled(draw, (groups * filters,)) if draw(st.booleans()) else None,
        parameters={
            "stride": tuple(draw(st.integers(1, 3)) for _ in range(axes)),
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "padding_mode": mode,
            "flip": draw(st.booleans() if flips is None else flips),
        },
    )


@st.composite
def layer_traces(draw: st.DrawFn, most: int = 7) -> LayerTrace:
    """Draw a run of a layer as a picture must cope with it: few channels and filters or many, and any numbers."""
    axes, groups = draw(st.integers(1, 2)), draw(st.sampled_from([1, 2, 5]))
    mode: Any = draw(st.sampled_from(PADDING_MODES))
    channels, filters = draw(st.integers(1, 6 // groups + 1)), draw(st.integers(1, 6 // groups + 1))
    spatial = tuple(draw(st.integers(1, most)) for _ in range(axes))
    least = {"reflect": 2, "zeros": 0}.get(mode, 1)
    padding = tuple((draw(st.integers(0, 1)), draw(st.integers(0, 1))) if n >= least else (0, 0) for n in spatial)
    kernel = tuple(draw(st.integers(1, min(4, n))) for n in spatial)
    shapes = ((groups * channels, *spatial), (groups * filters, channels, *kernel), (groups * filters,))
    arrays = []
    for shape in shapes:
        values = draw(st.lists(entries(), min_size=1, max_size=6))
        arrays.append(np.resize(np.array(values, dtype=float if any(map(is_float, values)) else np.int64), shape))
    dilation = tuple(
        1 if k == 1 or 2 * k - 1 > n else draw(st.integers(1, 2)) for n, k in zip(spatial, kernel, strict=True)
    )
    try:
        return conv_layer(
            *arrays,
            stride=tuple(draw(st.integers(1, 3)) for _ in range(axes)),
            padding=padding,
            dilation=dilation,
            groups=groups,
            padding_mode=mode,
            flip=draw(st.booleans()),
            activation=draw(st.sampled_from([None, "relu", "sigmoid", "tanh", np.abs])),
        )
    except ValueError:  # a result that does not fit
        reject()


@st.composite
def window_calls(draw: st.DrawFn) -> tuple[WindowTrace, LayerCall]:
    """Draw a run of `correlate` or `convolve`, and the same as a layer."""
    x, w = draw(pairs(most=5, largest_kernel=4, dtypes=("int64", "float64")))
    operation = draw(st.sampled_from([correlate, convolve]))
    fits = all(k <= n for n, k in zip(x.shape, w.shape, strict=True))
    mode = draw(st.sampled_from(MODES if fits else MODES[:2]))
    around = {"full": lambda k: (k - 1, k - 1), "same": lambda k: (k // 2, (k - 1) // 2), "valid": lambda _: (0, 0)}
    ones = (1,) * x.ndim
    parameters = {
        "stride": ones,
        "padding": tuple(around[mode](k) for k in w.shape),
        "dilation": ones,
        "groups": 1,
        "padding_mode": "zeros",
        "flip": operation is convolve,
    }
    return operation(x, w, mode), LayerCall(x[None], w[None, None], None, parameters)
