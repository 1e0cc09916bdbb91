"""A state in an address: whole, short, and checked when it comes back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convviz import samples
from convviz.lessons import address
from convviz.lessons.states import LayerState, OneKernel, ThreeArrays

START = OneKernel(x=samples.picture("classic"), w=samples.kernel("classic"))
LAYER = LayerState(x=samples.picture("apple"), w=samples.filter_bank(1, 3), bias=np.array([1]))
NUMBERS = st.one_of(
    st.integers(-999, 999), st.fractions(max_denominator=64).map(float), st.floats(-1e6, 1e6, allow_subnormal=False)
)


def shaped(*sides):
    return arrays.arrays(np.float64, st.tuples(*sides), elements=NUMBERS).map(np.array)


GRIDS = st.one_of(shaped(st.integers(1, 9)), shaped(st.integers(1, 9), st.integers(1, 9)))


@given(GRIDS, GRIDS, st.sampled_from(["valid", "same", "full"]), st.integers(0, 99))
def test_a_state_with_one_kernel_comes_back_as_it_was(x, w, mode, step):
    state = OneKernel(x=x, w=w, mode=mode, step=step)
    back = address.read(address.write(state, START), START)
    assert back.same_as(state)
    assert (back.step, back.x.ndim, back.w.ndim) == (step, x.ndim, w.ndim)


@given(st.data())
def test_a_layer_comes_back_as_it_was(data):
    side = st.integers(1, 4)
    channels, filters = data.draw(side), data.draw(side)
    state = LayerState(
        x=data.draw(shaped(st.just(channels), st.integers(1, 9), st.integers(1, 9))),
        w=data.draw(shaped(st.just(filters), st.just(channels), side, side)),
        bias=data.draw(shaped(st.just(filters))),
        stride=data.draw(side),
        padding=data.draw(st.integers(0, 3)),
        activation=data.draw(st.sampled_from([None, "relu", "tanh"])),
    )
    back = address.read(address.write(state, LAYER), LAYER)
    assert back.same_as(state)


def test_the_start_has_no_address_and_a_small_change_a_short_one():
    assert address.write(START, START) == ""
    changed = START.w.copy()
    changed[1, 1] = -2
    assert address.write(replace(START, w=changed, step=4), START) == "step=4&w=1,0,1;0,-2,0;1,0,1"


def test_ready_made_arrays_are_named():
    state = replace(START, w=samples.kernel("sobel_x"), x=samples.picture("impulse"))
    assert address.write(state, START) == "x=~impulse&w=~sobel_x"


def test_a_picture_is_packed():
    x = np.random.default_rng(1).integers(0, 256, (3, 32, 32))
    query = address.write(replace(LAYER, x=x), LAYER)
    assert query.startswith("x=*")
    assert len(query) < 4500
    assert np.array_equal(address.read(query, LAYER).x, x)


def test_numbers_are_exact():
    w = np.array([[1 / 9, 0.1 + 0.2], [2**53 + 0.0, -1e-30]])
    assert np.array_equal(address.read(address.write(replace(START, w=w), START), START).w, w)


def test_names_of_others_are_left_to_them():
    assert address.read("?theme=dark&utm_source=x&a=1", START).same_as(START)


HOSTILE = [
    "x=", "x=,", "x=;", "x=1,2;3", "x=1e999", "x=nan", "x=inf", "x=1/0", "x=~", "x=~nobody",
    "x=~__class__", "x=*", "x=*!!",     "x=*AAAA", "x=*eJwDAAAAAAE", "x=1,2:3,4", "x=1!2",
    "x=<script>alert(1)</script>", "x=%3Cscript%3E", "x=0x10", "x=1_000",     "x=" + "9" * 400, "x=" +
    "1," * 4000, "x=" + "1;" * 4000, "x=" + ",".join(["1"] * 65), "x=" + "1,2;" * 65,
    "x=\u0661,\u0662", "x=1,,2", "x=1;;2", "x=__import__('os')", "x=1&x=2", "mode=", "mode=VALID",
    "mode=valid%00", "mode=__init__",     "step=", "step=-1", "step=1.5", "step=1e9", "step=" + "9" *
    40, "step=\u0661", "step=none", "w=", "w=~classic&w=~classic",     "w=" + "1," * 9 + "1", "w=*" +
    "A" * 15_000, "x=" + "A" * 20_000, "w=9" + "0" * 30, "x=1;2,3", "&".join(["x=1"] * 200),
    "x=\x00", "x=%", "x=%ff%fe", "x=1+2", "x=1e400,2", "w=()", "w=[1]",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_refused_in_words(query):
    with pytest.raises(ValueError, match=r"\w"):
        address.read(query, START)


def test_a_bomb_is_not_unpacked():
    import zlib
    from base64 import urlsafe_b64encode

    bomb = urlsafe_b64encode(zlib.compress(b"int8 100000 10000\n" + bytes(50_000_000), 9)).decode()
    assert len(bomb) > address.MOST_CHARACTERS
    small = urlsafe_b64encode(zlib.compress(b"int8 3000 3000\n" + bytes(9_000_000), 9)).decode()
    assert len(small) < address.MOST_CHARACTERS
    with pytest.raises(ValueError, match="damaged"):
        address.read(f"x=*{small}", START)


def test_short_arrays_keep_their_limits():
    three = ThreeArrays(a=np.array([1]), b=np.array([1]), c=np.array([1, 2]))
    with pytest.raises(ValueError, match="9"):
        address.read("a=1,2,3,4,5,6,7,8,9", three)
    with pytest.raises(ValueError, match="A holds 1000"):
        address.read("a=1000", three)
