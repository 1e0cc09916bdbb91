"""Named kernels, filters, signals and pictures: usable, small, true to their names, and nobody's to spoil."""

import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from types import SimpleNamespace
from typing import Any

import matplotlib.cbook
import matplotlib.image
import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from convviz import convolve, correlate, samples
from convviz.samples import pictures


@pytest.mark.parametrize("name", samples.INPUTS)
@pytest.mark.parametrize("kernel", samples.KERNELS)
def test_any_kernel_goes_on_any_input(name, kernel):
    for operation in (correlate, convolve):
        trace = operation(samples.INPUTS[name](), samples.KERNELS[kernel](), "valid")
        assert len(trace) >= 9


@pytest.mark.parametrize("make", [*samples.INPUTS.values(), *samples.KERNELS.values()])
def test_each_call_makes_a_new_small_array(make):
    first = make()
    assert first.ndim == 2
    assert max(first.shape) <= 8
    first[...] = 77
    assert not (make() == 77).any()


def test_the_classic_example_is_the_one_of_the_lesson():
    trace = correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]())
    assert trace.output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_what_the_names_promise():
    assert samples.KERNELS["Counting 1 to 9"]().ravel().tolist() == list(range(1, 10))
    assert samples.INPUTS["Counting 1 to 25"]().ravel().tolist() == list(range(1, 26))
    impulse = samples.INPUTS["Impulse: a single one"]()
    assert (impulse.sum(), impulse[2, 2]) == (1, 1)
    assert samples.KERNELS["Box blur"]().sum() == pytest.approx(1)
    picture = samples.INPUTS["The classic 5×5"]()
    np.testing.assert_array_equal(correlate(picture, samples.KERNELS["Identity"](), "same").output, picture)
    assert samples.KERNELS["Sharpen"]().sum() == 1
    assert samples.KERNELS["Sobel, left to right"]().sum() == 0
    edge = correlate(samples.INPUTS["Step edge"](), samples.KERNELS["Sobel, left to right"]()).output
    assert (edge >= 0).all()
    assert edge.any()
    board = samples.INPUTS["Checkerboard"]()
    assert (board[:, 1:] != board[:, :-1]).all()
    assert (board[1:] != board[:-1]).all()


# --- what has a name

CATALOGS = (
    samples.NAMED_KERNELS,
    samples.NAMED_SIGNALS,
    samples.NAMED_PICTURES,
    samples.NAMED_COLOUR_PICTURES,
    samples.NAMED_FILTERS,
)
EVERY_SAMPLE = [sample for catalog in CATALOGS for sample in catalog.values()]
PICTURE = samples.photograph(40)


def filtered(name, picture=PICTURE):
    return correlate(picture, samples.kernel(name)).output


def test_the_lessons_offer_what_they_did():
    assert list(samples.INPUTS) == [
        "The classic 5×5",
        "Small numbers, 5×5",
        "Impulse: a single one",
        "Step edge",
        "Checkerboard",
        "Counting 1 to 25",
    ]
    assert list(samples.KERNELS) == [
        "The classic ×",
        "Counting 1 to 9",
        "Identity",
        "Box blur",
        "Sharpen",
        "Sobel, left to right",
        "Corner",
    ]
    assert samples.INPUTS["Step edge"]().tolist() == [[0, 0, 9, 9, 9]] * 5
    assert samples.INPUTS["Checkerboard"]()[:2].tolist() == [[0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0]]


@pytest.mark.parametrize("sample", EVERY_SAMPLE, ids=lambda sample: sample.name)
def test_each_says_in_one_line_what_it_does(sample):
    assert sample.says[0].isupper() or sample.says[0].isdigit()
    assert sample.says.endswith(".")
    assert "\n" not in sample.says
    assert len(sample.says) <= 100


@pytest.mark.parametrize("sample", EVERY_SAMPLE, ids=lambda sample: sample.name)
def test_each_call_makes_a_new_array_of_finite_numbers(sample):
    first = sample()
    assert first.dtype in (np.int64, np.float64)
    assert np.isfinite(first).all()
    before = first.copy()
    first[...] = 77
    np.testing.assert_array_equal(sample(), before)


def test_no_list_and_no_sample_can_be_changed():
    for catalog in (*CATALOGS, samples.INPUTS, samples.KERNELS, samples.COLOUR_INPUTS, samples.FILTERS):
        with pytest.raises(TypeError, match="item assignment"):
            catalog["mine"] = None
    with pytest.raises(FrozenInstanceError):
        EVERY_SAMPLE[0].name = "mine"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("gaussian_blur", np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16),
        ("sobel_x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("scharr_x", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("edge", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        ("multipath", [1, 0.9, 0.8, 0.7]),
    ],
)
def test_kernels_have_their_usual_numbers(name, expected):
    np.testing.assert_array_equal(samples.kernel(name), expected)


@pytest.mark.parametrize("name", ["sobel", "scharr", "prewitt"])
def test_x_and_y_are_one_kernel_and_its_transpose(name):
    np.testing.assert_array_equal(samples.kernel(f"{name}_x").T, samples.kernel(f"{name}_y"))
    ramp = np.tile(np.arange(6), (6, 1))
    assert (filtered(f"{name}_x", ramp) > 0).all()
    assert not filtered(f"{name}_x", ramp.T).any()
    assert (filtered(f"{name}_y", ramp.T) > 0).all()


@pytest.mark.parametrize("name", ["box_blur", "gaussian_blur", "gaussian_blur_5", "motion_blur", "moving_average"])
def test_blurs_keep_the_mean_and_lose_detail(name):
    assert samples.kernel(name).sum() == pytest.approx(1)
    if samples.kernel(name).ndim == 2:
        assert np.abs(np.diff(filtered(name))).mean() < np.abs(np.diff(PICTURE)).mean()


@pytest.mark.parametrize("name", ["laplacian", "edge", "difference"])
def test_what_finds_changes_finds_none_on_even_ground(name):
    kernel = samples.kernel(name)
    assert not correlate(np.full((6,) * kernel.ndim, 7), kernel).output.any()


@pytest.mark.parametrize(
    ("name", "filter_", "options"),
    [
        ("sobel_x", scipy.ndimage.sobel, {"axis": 1}),
        ("sobel_y", scipy.ndimage.sobel, {"axis": 0}),
        ("prewitt_x", scipy.ndimage.prewitt, {"axis": 1}),
        ("prewitt_y", scipy.ndimage.prewitt, {"axis": 0}),
        ("laplacian", scipy.ndimage.laplace, {}),
    ],
)
def test_equal_to_scipys_filters(name, filter_, options):
    np.testing.assert_array_equal(filtered(name), filter_(PICTURE, **options)[1:-1, 1:-1])


def test_sharpening_adds_detail():
    assert np.abs(np.diff(filtered("sharpen"))).mean() > np.abs(np.diff(PICTURE)).mean()
    np.testing.assert_array_equal(filtered("sharpen"), filtered("identity") - filtered("laplacian"))


def test_signals_are_what_they_say():
    assert samples.signal("impulse", 5).tolist() == [0, 0, 1, 0, 0]
    assert samples.signal("step", 5).tolist() == [0, 0, 1, 1, 1]
    assert samples.signal("ramp", 4).tolist() == [0, 1, 2, 3]
    waves = np.abs(np.fft.rfft(samples.signal("sine")))
    assert waves.argmax() == 4
    assert np.delete(waves, 4).max() < 1e-9
    turns = np.flatnonzero(np.diff(np.sign(samples.signal("chirp", 512))))
    assert np.diff(turns)[2] > 3 * np.diff(turns)[-1]
    noise = samples.signal("noise", 10_000)
    assert abs(noise.mean()) < 0.05
    assert noise.std() == pytest.approx(1, abs=0.05)
    for name in samples.NAMED_SIGNALS:
        assert samples.signal(name, 1).shape == (1,)
        assert samples.signal(name).shape == (64,)


def test_pictures_are_what_they_say():
    assert "\n".join("".join(".#"[cell] for cell in row) for row in samples.picture("digit_3")) == (
        "........\n..####..\n.....##.\n...###..\n.....##.\n.....##.\n..####..\n........"
    )
    np.testing.assert_array_equal(samples.picture("glare")[1:4, 1:4], samples.picture("plus"))
    np.testing.assert_array_equal(samples.picture("photograph"), samples.photograph())


# --- colours, channels and filters


def layer(x, w, padding="valid"):
    """Sum each filter's correlations over the channels, by SciPy."""
    return np.array([sum(map(scipy.signal.correlate2d, x, kernels, [padding] * len(x))) for kernels in w])


@pytest.mark.parametrize("make", samples.COLOUR_INPUTS.values(), ids=samples.COLOUR_INPUTS)
def test_colour_pictures_are_small_in_every_way(make):
    picture = make()
    assert picture.dtype == np.int64
    assert picture.flags.c_contiguous
    assert picture.shape[0] == 3
    assert 4 <= min(picture.shape[1:]) <= max(picture.shape[1:]) <= 8
    assert 0 <= picture.min() < picture.max() == 9


def test_colours_are_those_that_the_names_promise():
    apple = samples.picture("apple")
    assert apple[:, 3, 3].tolist() == [9, 2, 0]
    assert apple[:, 0, 0].tolist() == [3, 5, 1]
    assert samples.picture("sunset")[:, 2, 2].tolist() == [9, 8, 2]
    lamps = samples.picture("traffic_light")[:, 1::2, 2].T
    assert lamps.argmax(1).tolist() == [0, 0, 1]
    assert samples.picture("traffic_light").shape == (3, 7, 5)
    white = samples.picture("white_pixel")
    assert white[:, 2, 2].tolist() == [9, 9, 9]
    assert white.sum() == 27
    filters = samples.FILTERS["One 3×3 filter, three kernels"]()
    [answer] = layer(white, filters)
    np.testing.assert_array_equal(answer, 9 * np.rot90(filters[0].sum(0), 2))
    assert samples.COLOUR_INPUTS["Sunset"] is samples.NAMED_COLOUR_PICTURES["sunset"]


def test_grey_hides_the_flags_edges_and_a_filter_of_one_colour_finds_them():
    flag = samples.picture("flag_stripes")
    np.testing.assert_array_equal(flag.mean(0), np.full((6, 6), 3))
    red, green, blue, together = layer(flag, samples.NAMED_FILTERS["colour_edges"]())
    assert (red < 0).any()
    assert (green != 0).any()
    assert (blue > 0).any()
    assert not together.any()


@pytest.mark.parametrize("make", samples.FILTERS.values(), ids=samples.FILTERS)
def test_filters_suit_every_colour_picture(make):
    filters = make()
    assert filters.shape[1] == 3
    assert filters.any(axis=(1, 2, 3)).all()
    for picture in samples.COLOUR_INPUTS.values():
        assert layer(picture(), filters).size


def test_the_lessons_filter_shows_mixed_up_channels():
    [slices] = next(iter(samples.FILTERS.values()))()
    assert slices.shape == (3, 3, 3)
    assert set(slices.flat) == {-1, 0, 1, 2}
    for at, kernel in enumerate(slices):
        turns = [turned for other in np.delete(slices, at, 0) for turned in all_turns(other)]
        assert not any(np.array_equal(kernel, turned) for turned in turns)


def all_turns(kernel):
    return [np.rot90(side, turn) for side in (kernel, kernel.T) for turn in range(4)]


def test_filters_do_what_they_say():
    apple, grey = samples.picture("apple"), np.full((3, 6, 6), 5)
    filters = {name: sample() for name, sample in samples.NAMED_FILTERS.items()}
    np.testing.assert_allclose(layer(apple, filters["grey"])[0], apple.mean(0)[1:-1, 1:-1])
    [balance] = layer(apple, filters["red_against_green"])
    assert balance[2, 2] > 0
    assert layer(apple[[1, 0, 2]], filters["red_against_green"])[0, 2, 2] < 0
    assert not layer(grey, filters["red_against_green"]).any()
    assert filters["yellow_spot"].shape == (1, 3, 5, 5)
    spot = np.zeros((3, 9, 9), np.int64)
    spot[2], spot[:, 3:6, 3:6] = 9, np.reshape([9, 9, 0], (3, 1, 1))
    [found] = layer(spot, filters["yellow_spot"])
    assert np.unravel_index(found.argmax(), found.shape) == (2, 2)
    red, green, blue = apple
    np.testing.assert_array_equal(layer(apple, filters["colour_mixers"]), [red, red + green, blue - red, apple.sum(0)])


def test_feature_maps_do_not_depend_on_how_many_are_asked_for():
    maps = samples.feature_maps(64)
    assert maps.shape == (64, 6, 6)
    assert maps.dtype == np.int64
    np.testing.assert_array_equal(samples.feature_maps(3), maps[:3])
    assert {(int(map_.min()), int(map_.max())) for map_ in maps} == {(0, 9)}
    assert samples.feature_maps(2, 1).shape == (2, 1, 1)
    assert 1 <= samples.feature_maps(50, 1).min() <= samples.feature_maps(50, 1).max() <= 9


def test_feature_maps_are_soft_and_no_two_are_alike():
    maps = samples.feature_maps(32, 8)
    apart = [np.abs(one - other).mean() for at, one in enumerate(maps) for other in maps[:at]]
    assert min(apart) > 0.5
    assert np.abs(np.diff(maps)).mean() < np.abs(maps[:, :, ::-1] - maps).mean() / 1.5


@pytest.mark.parametrize("size", [(1,), (3,), (5,), (2, 4)])
def test_a_filter_bank_does_not_depend_on_its_counts(size):
    bank = samples.filter_bank(8, 16, *size)
    assert bank.shape == (8, 16, size[0], size[-1])
    assert bank.dtype == np.int64
    assert set(bank.flat) == ({-2, -1, 1, 2} if size == (1,) else {-2, -1, 0, 1, 2})
    assert bank.any(axis=(2, 3)).all()
    np.testing.assert_array_equal(samples.filter_bank(2, 3, *size), bank[:2, :3])
    assert not np.array_equal(bank[0, 1], bank[1, 0])


# --- the photograph


def test_the_photograph_is_the_one_that_matplotlib_reads():
    theirs = matplotlib.image.imread(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    ours = samples.photograph(600, colour=True)
    assert ours.shape == (3, 600, 512)
    np.testing.assert_array_equal(ours, np.moveaxis(theirs, -1, 0))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (32, 27), (64, 55), (600, 512)])
def test_the_photograph_keeps_its_shape_and_its_brightness(rows, columns):
    grey, colour = samples.photograph(rows), samples.photograph(rows, colour=True)
    assert grey.shape == (rows, columns)
    assert colour.shape == (3, rows, columns)
    for picture in (grey, colour):
        assert picture.dtype == np.int64
        assert picture.flags.c_contiguous
        assert 0 <= picture.min() <= picture.max() <= 255
    assert grey.mean() == pytest.approx(samples.photograph(600).mean(), abs=2)
    # Each grey value is the usual mixture of the three colours.
    np.testing.assert_allclose(grey, np.tensordot([0.299, 0.587, 0.114], colour, 1), atol=2.5)


def test_a_photograph_is_opened_without_matplotlib():
    code = "from convviz import samples; samples.photograph(8); import sys; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'PIL.Image'" in loaded
    assert "matplotlib" not in loaded


@pytest.mark.parametrize("spec", [None, SimpleNamespace(submodule_search_locations=["nowhere"])])
def test_a_missing_photograph_is_explained(monkeypatch, spec):
    monkeypatch.setattr(pictures, "find_spec", lambda name: spec)
    with pytest.raises(FileNotFoundError, match=r"here was installed without them; accepted: .*'digit_3'"):
        samples.picture("photograph")


FAULTS: list[Any] = [
    (samples.kernel, ("sobel",), {}, ValueError, "name is 'sobel'; accepted: 'classic', 'counting', 'identity', "),
    (samples.kernel, (None,), {}, ValueError, "name is None; accepted: 'classic', 'counting', 'identity', "),
    (samples.kernel, (["edge"],), {}, ValueError, "name is ['edge']; accepted: 'classic', 'counting', 'identity', "),
    (samples.signal, ("cosine",), {}, ValueError, "name is 'cosine'; accepted: 'impulse', 'step', 'ramp', 'sine', "),
    (samples.signal, ("sine", 0), {}, ValueError, "size is 0; accepted: an integer from 1 to 134217728"),
    (samples.signal, ("sine", 2.5), {}, TypeError, "size is 2.5 (float); accepted: an integer from 1 to 134217728"),
    (samples.signal, ("sine", True), {}, TypeError, "size is True (bool); accepted: an integer from 1 to 134217728"),
    (samples.picture, ("lena",), {}, ValueError, "name is 'lena'; accepted: 'classic', 'landscape', 'impulse', "),
    (samples.picture, (7,), {}, ValueError, "'photograph', 'apple', 'sunset', "),
    (samples.feature_maps, (10**9, 9), {}, ValueError, "channels is 1000000000 and rows 9, with which the maps would"),
    (
        samples.filter_bank,
        (9, 9, 10**9),
        {},
        ValueError,
        "rows 1000000000, columns 1000000000, with which the filters",
    ),
    (samples.feature_maps, (0,), {}, ValueError, "channels is 0; accepted: an integer from 1 on"),
    (samples.feature_maps, (2, 2.5), {}, TypeError, "rows is 2.5 (float); accepted: an integer from 1 on"),
    (samples.filter_bank, (-1, 3), {}, ValueError, "filters is -1; accepted: an integer from 1 on"),
    (samples.filter_bank, (1, None), {}, TypeError, "channels is None (NoneType); accepted: an integer from 1 on"),
    (samples.filter_bank, (1, 1, 0), {}, ValueError, "rows is 0; accepted: an integer from 1 on"),
    (samples.filter_bank, (1, 1, 3, True), {}, TypeError, "columns is True (bool); accepted: an integer from 1 on"),
    (samples.photograph, (0,), {}, ValueError, "rows is 0; accepted: an integer from 1 to 600"),
    (samples.photograph, (601,), {}, ValueError, "rows is 601; accepted: an integer from 1 to 600"),
    (samples.photograph, ("64",), {}, TypeError, "rows is '64' (str); accepted: an integer from 1 to 600"),
]


@pytest.mark.parametrize(
    ("function", "arguments", "options", "error", "message"), FAULTS, ids=[fault[-1][:40] for fault in FAULTS]
)
def test_each_fault_is_named(function, arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        function(*arguments, **options)
