"""A layer whose parts change one by one: shapes always go together, and what can be kept is kept."""

import os
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convviz import conv_layer, samples
from convviz.lessons.layer_spec import MOST_SLICES, LayerSpec

FILTERS = {title: make() for title, make in samples.FILTERS.items()}
INPUTS = {title: make() for title, make in samples.COLOUR_INPUTS.items()}


@pytest.fixture(scope="module")
def torch():
    """PyTorch, where it is installed; with ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails the test."""
    if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
        pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
    return import_module("torch")


def layer(channels=3, filters=2, side=3, cells=6, **more):
    """Give a layer with numbers of its own in every place."""
    x = np.arange(channels * cells * cells).reshape(channels, cells, cells)
    weight = np.arange(filters * channels * side * side).reshape(filters, channels, side, side) - 7
    return LayerSpec(x=x, weight=weight, bias=np.arange(1, filters + 1), **more)


def as_told(spec):
    """What `conv_layer` makes of the parts."""
    names = ("stride", "padding", "groups", "activation")
    return conv_layer(spec.x, spec.weight, spec.bias, **{name: getattr(spec, name) for name in names})


# --- any changes, in any order

integers = st.integers(-9, 9)
changes = st.one_of(
    st.tuples(st.just("with_channels"), st.integers(1, 9) | st.just(MOST_SLICES)),
    st.tuples(st.just("with_filters"), st.integers(1, 9) | st.just(MOST_SLICES)),
    st.tuples(st.just("with_kernel"), st.sampled_from([1, 3, 5])),
    st.tuples(st.just("with_stride"), st.integers(1, 4)),
    st.tuples(st.just("with_padding"), st.integers(0, 3)),
    st.tuples(st.just("with_activation"), st.sampled_from(["none", "relu", "sigmoid", "tanh"])),
    st.tuples(st.just("with_groups"), st.floats(0, 0.999)),
    st.tuples(st.just("with_input"), st.sampled_from(list(INPUTS.values()))),
    st.tuples(st.just("with_weight"), st.sampled_from(list(FILTERS.values()))),
    st.tuples(st.just("with_input"), hnp.arrays(float, (3, 4, 7), elements=integers)),
    st.tuples(st.just("typed weight"), integers),
    st.tuples(st.just("typed bias"), integers),
)


def changed(spec, change):
    """Make one change, as the form would; nothing comes of one that is refused."""
    name, value = change
    if name.startswith("typed"):
        array = getattr(spec, name.removeprefix("typed ")).copy()
        array.flat[-1] = value
        return spec.with_weight(array) if name == "typed weight" else spec.with_bias(array)
    if name == "with_groups":
        value = spec.possible_groups[int(value * len(spec.possible_groups))]
    if name == "with_weight" and value.shape[1] != spec.channels:
        with pytest.raises(ValueError, match="slices each, and the input has"):
            spec.with_weight(value)
        return None
    spec = getattr(spec, name)(value)
    window = max(k - n for k, n in zip(spec.weight.shape[2:], spec.x.shape[1:], strict=True))
    if window > 2 * spec.padding:
        with pytest.raises(ValueError, match="does not fit into a picture"):
            spec.trace()
        return None
    return spec


@given(st.lists(changes, min_size=1, max_size=8))
def test_whatever_is_changed_shapes_go_together_and_the_layer_is_pytorchs(torch, sequence):
    spec = layer()
    for change in sequence:
        spec = changed(spec, change) or spec
        assert spec.weight.shape[:2] == (spec.filters, spec.channels // spec.groups)
        assert spec.bias.shape == (spec.filters,)
        assert spec.groups in spec.possible_groups
        assert max(spec.channels, spec.filters) <= MOST_SLICES
    trace, told = spec.trace(), as_told(spec)
    assert np.array_equal(trace.output, told.output)
    tensors = [torch.tensor(array.astype(float)) for array in (spec.x, spec.weight, spec.bias)]
    names = ("stride", "padding", "groups")
    expected = torch.nn.functional.conv2d(
        tensors[0][None], *tensors[1:], **{name: getattr(spec, name) for name in names}
    )
    expected = getattr(torch, spec.activation)(expected) if spec.activation else expected
    np.testing.assert_allclose(trace.output, expected[0].numpy(), rtol=1e-9, atol=1e-8)


@given(st.lists(changes, min_size=1, max_size=5))
def test_a_change_leaves_the_layer_before_it_alone(sequence):
    before = layer()
    kept = {name: getattr(before, name).copy() for name in ("x", "weight", "bias")}
    spec = before
    for change in sequence:
        spec = changed(spec, change) or spec
    assert all(np.array_equal(getattr(before, name), array) for name, array in kept.items())


# --- each of them


@pytest.mark.parametrize("channels", [1, 2, 5, 8, MOST_SLICES])
def test_kept_channels_keep_their_numbers(channels):
    before = layer()
    spec = before.with_channels(channels)
    kept = min(channels, 3)
    assert spec.x.shape == (channels, 6, 6)
    assert spec.weight.shape == (2, channels, 3, 3)
    assert np.array_equal(spec.x[:kept], before.x[:kept])
    assert np.array_equal(spec.weight[:, :kept], before.weight[:, :kept])
    assert np.array_equal(spec.bias, before.bias)
    back = spec.with_channels(3)
    assert np.array_equal(back.x[:kept], before.x[:kept])
    assert np.array_equal(back.weight[:, :kept], before.weight[:, :kept])


@pytest.mark.parametrize("filters", [1, 5, MOST_SLICES])
def test_kept_filters_keep_their_numbers_and_their_biases(filters):
    before = layer()
    spec = before.with_filters(filters)
    kept = min(filters, 2)
    assert spec.weight.shape == (filters, 3, 3, 3)
    assert np.array_equal(spec.weight[:kept], before.weight[:kept])
    assert spec.bias.tolist() == [1, 2][:kept] + [0] * (filters - kept)
    assert spec.x is before.x


def test_new_channels_and_filters_are_not_empty():
    spec = layer().with_channels(7).with_filters(6)
    assert all(channel.any() for channel in spec.x)
    assert all(kernel.any() for kernel in spec.weight.reshape(-1, 3, 3)[1:])


def test_a_channel_added_to_a_picture_is_as_large_as_the_picture():
    assert layer().with_input(np.zeros((3, 2, 9), int)).with_channels(6).x.shape == (6, 2, 9)


@pytest.mark.parametrize(("brightest", "least", "most"), [(9, 5, 9), (255, 150, 255), (10**6, 150, 255), (-5, 5, 9)])
def test_a_channel_added_is_about_as_bright_as_the_others(brightest, least, most):
    x = np.full((3, 6, 6), -9)
    x[1, 2, 3] = brightest
    spec = layer().with_input(x).with_channels(9)
    assert least <= spec.x[3:].max() <= most
    assert np.array_equal(spec.x[:3], x)


def test_an_input_of_fewer_channels_takes_slices_away():
    before = layer(channels=8)
    spec = before.with_input(INPUTS["Sunset"])
    assert np.array_equal(spec.x, INPUTS["Sunset"])
    assert np.array_equal(spec.weight, before.weight[:, :3])


def test_filters_for_another_number_of_channels_are_refused():
    message = (
        "these filters have 3 slices each, and the input has 8 channels; "
        "accepted: an input of 3 channels, one for each slice"
    )
    with pytest.raises(ValueError, match=message):
        layer(channels=8).with_weight(FILTERS["Edges in each colour"])
    with pytest.raises(ValueError, match=message):
        layer(channels=8, side=1).with_matrix(np.ones((4, 3)))


def test_other_filters_for_all_channels_end_the_groups():
    spec = layer().with_groups(3)
    assert spec.weight.shape == (3, 1, 3, 3)
    spec = spec.with_weight(FILTERS["Edges in each colour"])
    assert (spec.groups, spec.weight.shape, spec.bias.shape) == (1, (4, 3, 3, 3), (4,))
    assert np.array_equal(spec.weight, FILTERS["Edges in each colour"])


def test_a_matrix_is_filters_of_one_by_one():
    spec = layer(side=1).with_matrix(np.array([[1, 2, 3], [4, 5, 6]]))
    assert spec.weight.tolist() == [[[[1]], [[2]], [[3]]], [[[4]], [[5]], [[6]]]]


@pytest.mark.parametrize(
    ("channels", "filters", "groups", "divided"),
    [(3, 2, 3, 3), (4, 5, 2, 6), (6, 6, 3, 6), (64, 1, 64, 64), (48, 64, 48, 48), (60, 64, 60, 60), (5, 1, 5, 5)],
)
def test_groups_divide_the_filters(channels, filters, groups, divided):
    spec = layer(channels, filters).with_groups(groups)
    assert spec.weight.shape == (divided, channels // groups, 3, 3)
    assert spec.bias.shape == (divided,)
    assert spec.trace().output.shape == (divided, 4, 4)


def test_groups_end_where_they_do_not_divide_any_more():
    spec = layer(channels=4, filters=4).with_groups(4)
    assert spec.with_channels(5).groups == 1
    assert spec.with_channels(8).groups == 4
    assert spec.with_filters(6).groups == 1
    assert spec.with_filters(8).groups == 4


@pytest.mark.parametrize("channels", [1, 7, 12, 64])
def test_possible_groups_are_the_divisors(channels):
    divisors = [number for number in range(1, channels + 1) if not channels % number]
    assert layer(channels).possible_groups == divisors


def test_floats_stay_and_do_not_spread_needlessly():
    spec = layer().with_weight(np.full((2, 3, 3, 3), 0.5))
    wider = spec.with_filters(4).with_channels(5)
    assert wider.weight[:2, :3].tolist() == spec.weight.tolist()
    assert (wider.x.dtype, wider.bias.dtype, wider.weight.dtype) == (np.int64, np.int64, np.float64)


def test_none_is_no_activation():
    assert layer(activation="relu").with_activation("none").activation is None
    assert layer().with_activation("tanh").activation == "tanh"


def test_no_layer_is_equal_to_another_by_its_numbers():
    spec = layer()
    assert spec == spec
    assert spec != spec.with_stride(1)


@pytest.mark.parametrize("change", ["with_channels", "with_filters"])
def test_sixty_four_of_each(change):
    spec = getattr(layer().with_channels(64).with_filters(64), change)(64)
    assert spec.trace().output.shape == (64, 4, 4)
    assert spec.with_groups(64).weight.shape == (64, 1, 3, 3)
