"""A lesson's state in the address of its page: short for small arrays, checked when it comes back."""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import fields, replace
from math import prod
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote

import numpy as np

from convviz.lessons.editing import exact
from convviz.lessons.states import State
from convviz.numerals import read_number, typed
from convviz.trace import Array

StateT = TypeVar("StateT", bound=State)
MOST_CHARACTERS = 16_000
"""A longer address is refused, by servers as well."""
_WRITTEN_CELLS = 150
"""Up to so many numbers are written out; more are packed."""
_MOST_CELLS = 200_000
_LEVEL = 4
"""Of compression: higher ones do not make weights any shorter, and take up to 30 times as long, at every step."""
_SEPARATORS = ",;:!"
"""Between numbers, rows, channels and filters."""
_NAMED, _PACKED, _DIFFERENT = "~", "*", "*-"
"""What begins a ready-made array, a packed one, and one of which only what differs from a made-up one is packed."""
_TYPES = ("uint8", "int8", "int16", "int32", "int64", "float64")


def write(state: State, start: State) -> str:
    """Write the fields in which a state differs from the lesson's start.

    Returns
    -------
    str
        What follows the question mark; empty for the start itself, and where it would be too long.

    Examples
    --------
    >>> from convviz.lessons.states import OneKernel
    >>> a, b = np.array([1, 2]), np.array([0.5])
    >>> write(OneKernel(x=b, w=b, step=3), OneKernel(x=a, w=b))
    'step=3&x=0.5'
    """
    pairs = [
        f"{name}={quote(_written(state, name), safe='-._~,;:!*/')}"
        for name in names(start)
        if not np.array_equal(getattr(state, name), getattr(start, name))
    ]
    query = "&".join(pairs)
    return query if len(query) <= MOST_CHARACTERS else ""


def read(query: str, start: StateT) -> StateT:
    """Read a state that `write` wrote.

    Parameters
    ----------
    query : str
        What follows the question mark. Names that the state does not have are left to others.
    start : State
        The lesson's start, for what the address does not say.

    Raises
    ------
    ValueError
        If the address is too long, or a value is not what its name needs.
    """
    if len(query) > MOST_CHARACTERS:
        raise ValueError(f"it has {len(query)} characters; accepted: up to {MOST_CHARACTERS}")
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=100)
    own = [(name, text) for name, text in pairs if name in names(start)]
    if len(own) > len(dict(own)):
        raise ValueError("it says a thing twice; accepted: each name once")
    return replace(start, **{name: _value(name, text, start) for name, text in own})


def names(state: State) -> list[str]:
    """List the names that a state has in an address."""
    named = [field.name for field in fields(state) if not field.name.startswith("_")]
    return [name for name in named if state.has_steps or name != "step"]


def _written(state: State, name: str) -> str:
    value = getattr(state, name)
    if not isinstance(value, np.ndarray):
        return "none" if value is None else str(value)
    title = state.name_of(name)
    if title:
        return f"{_NAMED}{state.ready_made[name][title].name}"
    if value.size <= _WRITTEN_CELLS:
        return _text(value)
    like = state.made_up(name, value.shape)
    ways = [_PACKED + _pack(value), *([_DIFFERENT + _pack(exact(value - like))] if like is not None else [])]
    return min(ways, key=len)


def _text(array: Array, depth: int = 0) -> str:
    if array.ndim == 1:
        return ",".join(map(typed, array))
    text = _SEPARATORS[array.ndim - 1].join(map(_text, array))
    return text if len(array) > 1 else text + _SEPARATORS[array.ndim - 1]


def _pack(array: Array) -> str:
    kind = next(kind for kind in _TYPES if np.can_cast(_narrowest(array), kind))
    head = f"{kind} {' '.join(map(str, array.shape))}\n".encode("ascii")
    packed = zlib.compress(head + array.astype(np.dtype(kind).newbyteorder("<")).tobytes(), _LEVEL)
    return urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def _narrowest(array: Array) -> np.dtype[Any]:
    """Return the smallest type that holds every number."""
    return (
        array.dtype if array.dtype.kind == "f" else np.result_type(*map(np.min_scalar_type, (array.min(), array.max())))
    )


def _value(name: str, text: str, start: State) -> Any:
    now = getattr(start, name)
    if isinstance(now, np.ndarray):
        array = _array(name, text, start)
        if array.ndim not in start.dimensions[name] or not array.size:
            raise ValueError(f"{name} has {array.ndim} dimensions; accepted: {start.dimensions[name]}")
        return array
    if isinstance(now, float):
        try:
            return float(read_number(text))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if isinstance(now, int):
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise ValueError(f"{name} is {text!r:.40}; accepted: a whole number")
        return int(text)
    return None if text == "none" else text


def _array(name: str, text: str, start: State) -> Array:
    if text.startswith(_NAMED):
        for make in start.ready_made.get(name, {}).values():
            if make.name == text[1:]:
                return make()
        raise ValueError(f"{name} is {text!r:.40}; accepted: the name of a ready-made one")
    if text.startswith(_DIFFERENT):
        difference = _unpack(name, text.removeprefix(_DIFFERENT), start.sides[name])
        like = start.made_up(name, difference.shape)
        if like is None:
            raise ValueError(f"{name} is damaged")
        return exact(like + difference)
    if text.startswith(_PACKED):
        return _unpack(name, text.removeprefix(_PACKED), start.sides[name])
    try:
        array = np.array(_nested(text, max(start.dimensions[name])))
    except ValueError as error:
        why = "its rows differ in length" if "inhomogeneous" in str(error) else str(error)
        raise ValueError(f"{name}: {why}") from None
    if array.dtype.kind not in "if":
        raise ValueError(f"{name} holds numbers that do not fit 64 bits")
    return exact(array)


def _nested(text: str, dimensions: int) -> Any:
    """Read numbers by their separators; the deepest that occurs, or that an only part ends with, is the outer one."""
    for number in reversed(range(dimensions)):
        separator = _SEPARATORS[number]
        if number and separator in text:
            parts = text.removesuffix(separator).split(separator)
            return [_nested(part, number) for part in parts]
    return [read_number(word) for word in text.split(",")]


def _unpack(name: str, text: str, most: tuple[int, ...]) -> Array:
    wrong = ValueError(f"{name} is damaged")
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), 8 * _MOST_CELLS + 100)
        head, _, body = data.partition(b"\n")
        kind, *shape = head.decode("ascii").split(" ")
        sides = tuple(map(int, shape))
    except (zlib.error, binascii.Error, UnicodeError, ValueError):
        raise wrong from None
    is_small = 0 < len(sides) <= len(most) and all(
        0 < side <= limit for side, limit in zip(sides, most[-len(sides) :], strict=True)
    )
    if not (kind in _TYPES and unpacker.eof and is_small) or prod(sides) * np.dtype(kind).itemsize != len(body):
        raise wrong
    array = np.frombuffer(body, np.dtype(kind).newbyteorder("<")).reshape(sides)
    if not np.isfinite(array).all():
        raise wrong
    return exact(array.astype(np.float64 if kind == "float64" else np.int64))
