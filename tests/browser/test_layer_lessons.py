"""The lessons on layers from end to end, in Voila."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from convviz import conv_layer, samples
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.samples import read_picture
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

APPLE, MOSAIC = samples.picture("apple"), samples.picture("mosaic")
ONE_FILTER = samples.FILTERS["One 3×3 filter, three kernels"]()
FOUR_FILTERS = samples.FILTERS["Four filters: edges and colours"]()
MIXERS, MIXERS_BIAS = samples.FILTERS["Four 1×1 filters"](), np.array([1, 4, -2, 2])


def layer(x=APPLE, w=ONE_FILTER, bias=(1,), activation="relu", **options):
    return conv_layer(x, w, bias, activation=activation, **options)


@pytest.fixture
def open_lesson(visit_lesson):
    """Open a lesson: its page, its pictures, its desk."""

    def open_lesson(name):
        page = visit_lesson(name).page
        return page, PlayerOnPage(page), DeskOnPage(page)

    return open_lesson


def test_channels(open_lesson, tmp_path):
    page, player, desk = open_lesson("05_channels")
    player.shows(0)
    player.says(layer()[0].describe())
    player.press("next step")
    player.shows(1)
    player.says(layer()[1].describe())
    point_along_the_depth(player)
    edit_a_filter(player, desk)
    predict_a_sum(player, desk)
    choose_files(player, desk, tmp_path)
    have_many_channels(page, player, desk)


def point_along_the_depth(player):
    """Point at a channel's sum, which lights up its parts, and at a cell of the map, which shows its step."""
    player.cell("sums", 0, 0, part=1).hover()
    player.outlines("input", "0 1 2", "1 2 3", slices="1")
    player.outlines("kernel", "0 1 2", "0 1 2", slices="1")
    player.outlines("products", "0 1 2", "0 1 2", slices="1")
    player.is_free()
    expect(player.outlined("kernel")).to_have_count(0)
    player.cell("output", 3, 2).hover()
    player.shows(14)
    player.is_free()
    player.shows(1)


def edit_a_filter(player, desk):
    """Change a number of a channel, a weight and the bias, each where it is drawn; then the activation."""
    x, w = APPLE.copy(), ONE_FILTER.copy()
    x[1, 1, 3] = -40  # the step reads it with a weight that is not 0: its sentence says when all is drawn anew
    player.type_in(player.cell("input", 1, 3, part=1), "-40")
    player.says(layer(x)[1].describe())
    w[0, 2, 1, 1] = 5
    with player.dragged(player.cell("kernel", 1, 1, part=2), 5):
        player.says(layer(x, w)[1].describe())
    player.type_in(player.cell("bias", 0, 0), "100")
    player.says(layer(x, w, (100,))[1].describe())
    player.type_in(player.cell("bias", 0, 0), "much")
    expect(player.cell("bias", 0, 0)).to_have_attribute("aria-invalid", "true", timeout=LIMIT_MS)
    expect(player.alert).to_contain_text("“much” is no number")
    player.says(layer(x, w, (100,))[1].describe())
    desk.open("The layer")
    desk.press("none")
    player.says(layer(x, w, (100,), activation=None)[1].describe())
    desk.press("Reset")
    player.says(layer()[0].describe())
    player.holds("input", APPLE.ravel())


def predict_a_sum(player, desk):
    """Take the mean of the channels, with the digits that one writes down, then the right number."""
    player.shows(0)
    expect(desk.question()).to_contain_text("[0, 0, 1] hold, after bias 1 and relu?", timeout=LIMIT_MS)
    desk.answers("5.33", "the mean of the channels' sums 8, 3 and 2, plus bias 1: the sums are added, not averaged.")
    player.shows(0)
    desk.answers("14", f"✓ Right! {layer()[1].describe()}")
    player.shows(1)


def picture_file(kind, size=(6, 5)):
    file = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, kind)
    return file.getvalue()


def choose_files(player, desk, folder):
    """Choose a small picture and a large one, which is edited in its window; what is refused leaves the picture."""
    files = {
        "small.png": picture_file("png"),
        "large.jpg": picture_file("jpeg", (90, 60)),
        "notes.txt": b"Dear diary",
        "moving.gif": picture_file("gif"),
        "huge.png": bytes(5 * 2**20),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    desk.open("Change the numbers")
    upload = desk.root.get_by_label("Your own picture (PNG or JPEG, up to 4 MB)")
    control = desk.root.locator('[data-control="file x"]')
    upload.set_input_files(folder / "small.png")
    expect(control.get_by_role("status")).to_have_text("small.png, shown with 6×5 pixels", timeout=LIMIT_MS)
    small = read_picture(files["small.png"])
    player.says(layer(small)[1].describe())
    player.shows(1)
    for name, why in (
        ("notes.txt", "this is no picture that can be read; accepted: PNG or JPEG"),
        ("moving.gif", "this is a GIF; accepted: PNG or JPEG"),
        ("huge.png", "this file has ≈5.0 MB; accepted: up to 4 MB"),
    ):
        upload.set_input_files(folder / name)
        said = f"⚠ {name}: {why}. The picture on the screen stays."
        expect(control.get_by_role("alert")).to_have_text(said, timeout=LIMIT_MS)
    player.says(layer(small)[1].describe())

    upload.set_input_files(folder / "large.jpg")
    large = read_picture(files["large.jpg"]).copy()
    player.says(layer(large)[1].describe())
    large[2, 1, 3] = 200
    player.type_in(player.cell("window", 1, 2, part=2), "200")
    player.says(layer(large)[1].describe())
    desk.press("Undo")
    desk.press("Undo")
    player.says(layer(small)[1].describe())
    desk.pick("Input", "A red apple on grass")
    player.holds("input", APPLE.ravel())


def have_many_channels(page, player, desk):
    """Have more channels than there is room for: one of them is large, the reader picks it, and can change it."""
    desk.type_in("Channels", "16")
    player.says(re.compile("from channel 15"))
    player.shows(1)
    [caption] = player.caption.locator("p").all_inner_texts()
    large = player.root.get_by_role("combobox", name="channel", exact=True)
    large.select_option("channel 5")
    grid = player.grid("input")
    expect(grid).to_have_attribute("aria-label", re.compile("5"), timeout=LIMIT_MS)
    player.says(caption)
    player.type_in(player.cell("input", 0, 1), "-50")
    expect(player.caption).not_to_contain_text(caption, timeout=LIMIT_MS)
    desk.pick("Filters", "Edges in each colour")
    refused = desk.root.locator('[data-control="list w"]').get_by_role("alert")
    expect(refused).to_contain_text("the input has 16 channels", timeout=LIMIT_MS)
    expect(desk.root.get_by_role("combobox", name="Filters")).to_have_value("Your own numbers")
    desk.type_in("Channels", "3")
    player.says(layer()[1].describe())
    expect(refused).to_be_hidden()


def test_filters(open_lesson):
    page, player, desk = open_lesson("05_filters")
    four = layer(w=FOUR_FILTERS, bias=(0, 0, 0, 0))
    player.shows(0)
    player.says(four[0].describe())
    desk.answers("12", "12 is the number of kernels, 4 filters of 3 kernels each")
    desk.answers("4", "✓ Right! There are 4 filters.")
    player.shows(0)
    player.root.get_by_role("combobox", name="map", exact=True).select_option("map 2")
    player.shows(32)
    player.says(four[32].describe())
    player.holds("kernel", FOUR_FILTERS[2].ravel())
    expect(desk.question(1)).to_contain_text("[2, 0, 1]", timeout=LIMIT_MS)
    desk.answers("5", f"✓ Right! {four[33].describe()}", number=1)
    player.shows(33)

    changed = FOUR_FILTERS.copy()
    changed[2, 1, 0, 0] = -7
    player.type_in(player.cell("kernel", 0, 0, part=1), "-7")
    player.says(layer(w=changed, bias=(0, 0, 0, 0))[33].describe())
    count_parameters(page, player, desk)
    desk.press("Reset")
    player.says(four[0].describe())
    player.slider.press("End")
    player.shows(63)
    player.holds("output", four.output.ravel())


def count_parameters(page, player, desk):
    """Have fewer filters and fewer channels: the counts follow, and what was taken away comes back."""
    counts = page.locator("section", has=page.get_by_role("heading", name="Parameters"))
    expect(counts).to_contain_text("3·3·3·4 + 4 = 112")
    desk.press("Filters: one less")
    expect(counts).to_contain_text("3·3·3·3 + 3 = 84", timeout=LIMIT_MS)
    desk.refuses("Filters", "2.7", "Filters is 2.7; accepted: a whole number from 1 to 64")
    desk.type_in("Channels", "1")
    expect(counts).to_contain_text("3·3·1·3 + 3 = 30", timeout=LIMIT_MS)
    player.holds("input", APPLE[0].ravel())
    desk.type_in("Channels", "3")
    player.holds("input", APPLE.ravel())
    desk.press("1×1")
    expect(counts).to_contain_text("1·1·3·3 + 3 = 12", timeout=LIMIT_MS)


def test_strides(open_lesson):
    page, player, desk = open_lesson("05_strides")
    player.shows(0)
    player.says(layer(stride=2)[0].describe())
    player.press("last step")
    player.shows(3)
    player.holds("output", layer(stride=2).output.ravel())
    desk.press("Padding: one more")
    expect(player.readout).to_have_text("step 4 of 9", timeout=LIMIT_MS)
    player.says(layer(stride=2, padding=1)[3].describe())
    border, inside = player.cell("input", 0, 0), player.cell("input", 1, 1)
    expect(border).not_to_have_attribute("data-operand", "x")
    changed = APPLE.copy()
    changed[0, 0, 0] = 9
    player.type_in(inside, "9")
    player.says(layer(changed, stride=2, padding=1)[3].describe())
    desk.press("Reset")
    desk.press("3, depthwise")
    player.says(re.compile(r"^Output \[0, 0, 0\] = relu\(3×0 \+ "))
    expect(player.readout).to_have_text("step 1 of 12", timeout=LIMIT_MS)
    expect(page.locator("section", has=page.get_by_role("heading", name="Parameters"))).to_contain_text("3·3·1·3 + 3")
    desk.refuses("Stride", "5", "Stride is 5; accepted: a whole number from 1 to 4")
    player.slider.press("End")
    player.shows(11)
    desk.type_in("Stride", "4")
    expect(player.readout).to_have_text("step 3 of 3", timeout=LIMIT_MS)


def test_one_by_one(open_lesson):
    page, both, desk = open_lesson("06_one_by_one")
    say(both, 0)
    expect(page.get_by_text("Shape 3×4×4 → 4×4×4")).to_be_visible()
    both.press("next step")
    say(both, 1)
    both.root.get_by_role("combobox", name="map", exact=True).select_option("map 3")
    say(both, 49)
    both.cell("output", 2, 1, part=1).hover()
    say(both, 25)
    both.is_free()
    say(both, 49)
    both.cell("neurons", 2, 0, picture=1).click()
    both.is_free()
    say(both, 33)
    both.cell("weights", 2, 1).hover()
    both.outlines("pixel", "1", "0")
    both.is_free()

    weights = MIXERS.copy()
    weights[2, 0] = 7
    both.type_in(both.cell("weights", 2, 0), "7")
    say(both, 33, weights)
    expect(page.get_by_text("64 numbers, equal in every one")).to_be_visible()
    desk.type_in("Filters", "2")
    expect(page.get_by_text("Shape 3×4×4 → 2×4×4")).to_be_visible(timeout=LIMIT_MS)
    say(both, 31, weights[:2], MIXERS_BIAS[:2])
    have_many(page, both, desk)
    desk.answers("43", "43 is the sum without the bias: bias 1 is added.")
    desk.answers("44", "✓ Right! ")
    say(both, 1)


def have_many(page, both, desk):
    """Have 64 channels and 64 filters, and the lesson's own again."""
    desk.type_in("Channels", "64")
    desk.type_in("Filters", "64")
    expect(page.get_by_text("Shape 64×4×4 → 64×4×4")).to_be_visible(timeout=LIMIT_MS)
    both.shows(31)
    desk.press("Reset")
    say(both, 0)


def say(both, step, w=MIXERS, bias=MIXERS_BIAS):
    """Wait until both pictures show a step of the same numbers, each in its own words."""
    both.shows(step)
    one, other = conv_layer(MOSAIC, w, bias), pointwise_dense(MOSAIC, w[:, :, 0, 0], bias)
    both.says(one[step].describe(), other[step].describe())
