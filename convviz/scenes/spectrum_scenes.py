"""Scenes of waves: two spectra multiplied and transformed back, and what a kernel does to each wave."""

from operator import attrgetter
from typing import Any

import numpy as np

from convviz.numerals import settle, settled
from convviz.operations.convolution.frequency_response import FrequencyResponse
from convviz.operations.convolution.spectrum import SpectrumTrace
from convviz.scenes.layout.box import READABLE_CELLS
from convviz.scenes.panels.cells import bare
from convviz.scenes.panels.part import Part
from convviz.scenes.panels.words import size
from convviz.scenes.parts.grid import grid_part, is_readable, marked, number_part
from convviz.scenes.parts.waves import Spectra
from convviz.scenes.scene import Scene
from convviz.theme import DESKTOP, Look
from convviz.trace import Array

_WITHIN = 2.0**-46
"""How far rounding can move what is transformed back, as a share of all waves' strengths together."""


_WIDE_PX = 800
"""So wide, there is room for the waves beside the response."""
_WITHIN_DEGREES = 1e-10
"""How far rounding can move an angle."""


def spectra(trace: SpectrumTrace, look: Look = DESKTOP) -> Scene:
    """Show the convolution theorem: two spectra, their product frequency by frequency, and the waves added up again.

    Parameters
    ----------
    trace : SpectrumTrace
        Made by `convviz.spectrum`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import spectrum
    >>> scene = spectra(spectrum([1, 2, 3], [1, 1]))
    >>> [panel.name for panel in scene.panels]
    ['input', 'kernel', 'x', 'w', 'product', 'back', 'frequency', 'x_number', 'w_number', 'number']
    """
    waves = Spectra(look, trace.frequencies)
    w_title = "Kernel's spectrum" + (", conjugated" if trace.conjugate else "")
    note = "strength of each wave"
    known: Any = {"known": lambda step: trace.partial(step.index)}
    parts = [
        grid_part(look, "input", "input", "Input", size(trace.x.shape), values=np.atleast_2d(trace.x)),
        grid_part(look, "kernel", "kernel", "Kernel", size(trace.w.shape), values=np.atleast_2d(trace.w)),
        waves.strengths("x", "input", "Input's spectrum", note, values=trace.x_spectrum, begins=True),
        waves.strengths("w", "kernel", w_title, "strength", values=trace.w_spectrum, sign="×"),
        waves.strengths("product", "output", "Product", "strength", values=trace.output, sign="=", **known),
        _back(trace, look),
        *_numbers(trace, waves),
    ]
    return Scene(trace, look, parts, written=None)


def _numbers(trace: SpectrumTrace, waves: Spectra) -> list[Part]:
    """Show the numbers of the step's frequency."""
    shown = (
        ("x_number", "input", "Input", "", "x", trace.x_spectrum),
        ("w_number", "kernel", "Kernel", "×", "w", trace.w_spectrum),
        ("number", "output", "Product", "=", "value", trace.output),
    )
    numbers = [
        number_part(waves.look, *what, "", value_of=attrgetter(name), sample=sample, sign=sign, follows=True)
        for *what, sign, name, sample in shown
    ]
    return [waves.frequency(), *numbers]


def _back(trace: SpectrumTrace, look: Look) -> Part:
    """Show the waves of the product added up again, as far as the step has come."""
    shape = np.atleast_2d(trace.back).shape
    within = float(np.abs(trace.output).sum()) / trace.output.size * _WITHIN

    def back_at(index: int) -> Array:
        values = trace.back_so_far(index).reshape(shape)
        return settle(values, within) if max(shape) <= READABLE_CELLS else values

    every = max(1, len(trace) // 32)
    sample = np.stack([back_at(index) for index in (*range(0, len(trace), every), len(trace) - 1)])
    what = ("back", "output", "Back", "waves so far, added up")
    return grid_part(look, *what, values=lambda step: back_at(step.index), sample=sample, shape=shape, sign="→")


def response(trace: FrequencyResponse, look: Look = DESKTOP) -> Scene:
    """Show which waves a kernel keeps: its number for each frequency, and a wave of the step's before and after it.

    Parameters
    ----------
    trace : FrequencyResponse
        Made by `convviz.frequency_response`.
    look : Look
        The room at hand.

    Examples
    --------
    >>> from convviz import frequency_response
    >>> scene = response(frequency_response([0.25, 0.5, 0.25], 8))
    >>> [panel.name for panel in scene.panels]
    ['kernel', 'response', 'frequency', 'number', 'strength', 'shift', 'before', 'after']
    """
    waves, most = Spectra(look, trace.frequencies), max(1.0, float(trace.magnitude.max()))
    kernel, follows, numbers, degrees = trace.kernel, {"follows": True}, trace.response, np.degrees(trace.phase)
    what = ("response", "kernel", "Response", "1 keeps a wave, 0 removes it")
    number, strength = ("number", "kernel", "Kernel's number", ""), ("strength", "kernel", "Strength", "how far from 0")
    shift = number_part(look, "shift", "kernel", "Shift", "degrees", value_of=_shift, sample=degrees, **follows)
    views, is_wide = trace.terms.views, kernel.ndim > 1 and look.width >= _WIDE_PX
    weights = ("kernel", "kernel", "Kernel", size(kernel.shape))
    given = grid_part(look, *weights, values=np.atleast_2d(kernel), view=views["kernel"])
    map_view: Any = {"view": views["response"]} if kernel.ndim > 1 and "response" in views else {}
    shown = [
        marked(given, edits="w" if is_readable(given, look) else ""),
        waves.strengths(*what, values=numbers, is_even=True, sign="→", **map_view),
    ]
    both = [
        waves.wave("before", "input", "Wave", "before", number_of=lambda step: 1.0, most=most, begins=not is_wide),
        waves.wave("after", "output", "Wave", "after the kernel", number_of=_value, most=most, sign="→"),
    ]
    told = [
        waves.frequency(),
        number_part(look, *number, value_of=_value, sample=numbers, sign="→", **follows),
        number_part(look, *strength, value_of=lambda s: abs(s.value), sample=trace.magnitude, sign="→", **follows),
        marked(shift, bare),
    ]
    parts = [*shown, *both, *told] if is_wide else [*shown, *told, *both]
    return Scene(trace, look, parts, written=None)


def _value(step: Any) -> Any:
    return step.value


def _shift(step: Any) -> Array:
    """Return by how much a wave is shifted: nothing for one that is removed."""
    angle = settled(float(np.degrees(np.angle(step.value))), _WITHIN_DEGREES)
    return np.ma.masked_array(angle, not step.value)
