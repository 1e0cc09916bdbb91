"""The parts that a step reads: the input, the window on it, and the kernels; and the products of the two."""

from dataclasses import replace
from typing import Any

from convviz.scenes.layout.arrange import SLICE_GAP_PX, readable, room
from convviz.scenes.lens import Lens
from convviz.scenes.panels.flip import Flip
from convviz.scenes.panels.marks import Fade, Frame, Hatch, Skip
from convviz.scenes.panels.part import Mark, Part
from convviz.scenes.panels.words import count, size

_THUMB_PX, _SMALL_THUMB_PX, _MANY = 34.0, 16.0, 64
"""Longest side of a thumbnail, and of one among more than so many."""
_BORDERS = {"zeros": "a zero border", "reflect": "a mirrored border", "replicate": "its edge cells again"}


def input_parts(lens: Lens) -> list[Part]:
    """Show the input; and the window by itself where the input is too large for numbers."""
    title, captions = f"Channel {lens.channel}" if lens.is_deep else "Input", lens.captions("channel")
    plan = {"first": lens.shown.start, "captions": captions, "begins": lens.is_deep}
    part = _input(lens, "input", title, _size_of(lens), lens.shown, **plan)
    if readable(part.plan, lens.look.width):
        return [replace(part, edits="x")]
    return [part, replace(window_part(lens), edits="x")]


def window_part(lens: Lens, sign: str = "→") -> Part:
    """Show the window by itself."""
    what, sample = ("window", "input", "Window", f"under the {'kernel' if lens.is_alone else 'filter'}"), lens.padded
    part = lens.of_step("patch", *what, sample=sample, sign=sign, captions=lens.captions())
    return replace(part, border=lens.border_of if lens.interior else None)


def kernel_parts(lens: Lens) -> list[Part]:
    """Show the step's filter, a kernel for each channel; a kernel that is alone also as given, if it is flipped."""
    layer = lens.layer
    if not lens.is_alone:
        note = f"kernel {lens.channel}" if lens.is_deep else size(layer.weight.shape[1:])
        what = ("kernel", "kernel", "Filter", note + (", flipped" if layer.flip else ""))
        plan: dict[str, Any] = {"sign": "×", "captions": lens.captions()}
        return [replace(lens.in_turn(lens.of_step("kernel", *what, sample=layer.kernel, **plan)), edits="w")]
    if not layer.flip:
        return [_kernel(lens, "kernel", "Kernel", size(layer.geometry.kernel_shape), sign="×")]
    flipped = _kernel(lens, "kernel", "Flipped kernel", "as applied", sign="↻", follows=True)
    given = replace(_kernel(lens, "given", "Kernel", "as given", sign="×"), values=layer.weight)
    return [given, replace(flipped, marks=(Flip(given=layer.weight),))]


def products_part(lens: Lens) -> Part:
    """Show the products, slice by slice."""
    what = ("products", "products", "Products", "cell by cell")
    return lens.of_step("products", *what, sample=lens.sample("products"), sign="=", captions=lens.captions())


def channel_thumbnails(lens: Lens, *, marked: bool = True) -> Part:
    """Show all channels as thumbnails, and mark the one that stands large."""
    plan = thumbnails(lens) | {"marked": lens.channel if marked else None}
    return _input(lens, "channels", "Input", count(lens.channels, "channel"), slice(0, lens.channels), **plan)


def kernel_thumbnails(lens: Lens) -> Part:
    """Show all kernels of the step's filter as thumbnails, and mark the one that stands large."""
    what = ("kernels", "kernel", "Filter", f"a kernel for each of {count(lens.channels, 'channel')}")
    plan = thumbnails(lens) | {"marked": lens.channel, "begins": True}
    return lens.in_turn(lens.of_step("kernel", *what, sample=lens.layer.kernel, every=True, **plan))


def thumbnails(lens: Lens, sign_px: float = 0.0) -> dict[str, Any]:
    """Return what makes the slices of a panel thumbnails, in even rows."""
    side = _SMALL_THUMB_PX if max(lens.channels, lens.filters) > _MANY else _THUMB_PX
    wide = side + SLICE_GAP_PX
    most = (32, 16, 8, 4, 2) if side < _THUMB_PX else (16, 8, 4, 2)
    across = next((n for n in most if n * wide <= room(lens.look.width) - sign_px), 1)
    return {"across": across, "thumb_px": side}


def _input(lens: Lens, name: str, title: str, note: str, shown: slice, **plan: Any) -> Part:
    values = lens.padded[shown]
    marks: list[Mark] = [Hatch(rows=lens.unread[0], columns=lens.unread[1])] if any(lens.unread) else []
    marks += [Fade(read_by=lens.group_of)] if lens.layer.groups > 1 else []
    marks += [Skip(block_of=lens.window_of)] if max(lens.layer.geometry.dilation) > 1 else []
    marks.append(Frame(block_of=lens.window_of, colour=lens.look.theme.kernel.strong))
    part = lens.part(name, "input", title, note, shape=values.shape, sample=values, values=values, **plan)
    return replace(part, interior=lens.interior, marks=tuple(marks))


def _kernel(lens: Lens, name: str, title: str, note: str, **plan: Any) -> Part:
    """Show a kernel that stays."""
    kernel, shape = lens.layer.kernel, lens.kernel_shape
    return replace(lens.part(name, "kernel", title, note, shape=shape, sample=kernel, values=kernel, **plan), edits="w")


def _size_of(lens: Lens) -> str:
    """Write how large the input is, and what is around it."""
    shape = size(lens.layer.x.shape[1:])
    note = shape if lens.is_deep or lens.is_alone else f"{count(lens.channels, 'channel')}, {shape}"
    if any(lens.unread):
        return f"{note}, hatched: unread"
    mode = getattr(lens.trace, "padding_mode", "zeros")
    return f"{note} in {_BORDERS.get(mode, 'a border')}" if lens.interior else note
