"""A photograph and a kernel: the state of lesson 07."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from convviz import samples
from convviz.lessons.states.one_kernel import OneKernel
from convviz.lessons.states.state import Samples
from convviz.samples import Sample
from convviz.trace import Array

_ROWS = 60
_INPUTS = ("step_edge", "impulse", "checkerboard", "stars", "digit_3", "landscape")
_TITLES = {"stars": "A few stars", "digit_3": "A 3"}
_LARGE = replace(samples.NAMED_KERNELS["gaussian_blur_5"], title="Gaussian blur, 5×5")
"""Too large for the small inputs of other lessons."""


@cache
def _read() -> Array:
    return samples.photograph(_ROWS)


def _photograph() -> Array:
    """Return a photograph; its file is read only once."""
    return _read().copy()


def _pictures() -> Samples:
    named = (samples.NAMED_PICTURES[name] for name in _INPUTS)
    photograph = Sample("photograph_60", "Grace Hopper, in grey, 60 pixels high.", _photograph, "Photograph")
    small = {sample.title or _TITLES[sample.name]: sample for sample in named}
    return MappingProxyType({photograph.title: photograph, **small})


@dataclass(frozen=True, eq=False, kw_only=True)
class Filtering(OneKernel):
    """A grey picture, a kernel, and what happens at the border.

    Parameters
    ----------
    x, w : ndarray, shape (rows, columns)
        The picture and the kernel.
    mode : {'valid', 'same', 'full'}
        As for `convviz.correlate`.

    Raises
    ------
    ValueError
        As `OneKernel` does.

    Examples
    --------
    >>> state = Filtering(x=np.eye(3), w=samples.kernel("sobel_x"))
    >>> state.named.title, state.with_turned().named.title
    ('Sobel, left to right', 'Sobel, top to bottom')
    """

    ready_made: ClassVar[Mapping[str, Samples]] = MappingProxyType(
        {"x": _pictures(), "w": MappingProxyType({**samples.KERNELS, _LARGE.title: _LARGE})}
    )
    dimensions: ClassVar[Mapping[str, tuple[int, ...]]] = MappingProxyType({"x": (2,), "w": (2,)})

    @property
    def named(self) -> Sample | None:
        """The ready-made kernel that this is; None where it is another one."""
        return self.ready_made["w"].get(self.name_of("w"))

    def with_turned(self) -> "Filtering":
        """Turn the kernel clockwise by a quarter."""
        return replace(self, w=np.rot90(self.w, -1).copy())

    @classmethod
    def made_up(cls, field: str, shape: tuple[int, ...]) -> Array | None:
        """Return the photograph: most large pictures are its like."""
        return _photograph() if field == "x" and shape == _read().shape else None
