"""The lessons on layers from end to end, in Voila and in JupyterLab."""

from functools import partial
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from convviz import conv_layer, samples
from convviz.operations.layers.pointwise import pointwise_dense
from convviz.samples import read_picture
from convviz.scenes import channels, pixel_vector
from tests.browser.lesson_page import PlayerOnPage, fits_a_telephone, number_field, pick, type_in
from tests.browser.visits import LIMIT_MS, VoilaVisit

APPLE = samples.COLOUR_INPUTS["A red apple on grass"]()
KERNELS = samples.FILTERS["One 3×3 filter, three kernels"]()
EDGES = samples.FILTERS["Edges in each colour"]()
MIXERS = samples.FILTERS["1×1 colour mixers"]()[:, :, 0, 0]
MIXERS_BIAS = [1, 0, 2, -3]
IN_COLOUR = partial(channels, names=("red", "green", "blue"))


@pytest.fixture(params=["voila", "lab"])
def visit(request):
    """Both places where lessons are opened."""
    return request.getfixturevalue(f"visit_{request.param}")


def picture_file(kind):
    file = BytesIO()
    Image.linear_gradient("L").resize((6, 5)).convert("RGB").save(file, kind)
    return file.getvalue()


def relu_layer(x, weight=KERNELS, bias=(1,)):
    return conv_layer(x, weight, bias, activation="relu")


def ask(task, guess, answer):
    """Check a guess, and wait for the answer."""
    type_in(task.locator("input"), guess)
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text(answer, timeout=LIMIT_MS)


def test_channels(visit, tmp_path):
    opened = visit("05_channels")
    page = opened.page
    player, trace = PlayerOnPage(page), relu_layer(APPLE)
    player.shows(0)
    player.says(trace[0].describe())
    player.press("next step")
    player.shows(1)
    player.says("4 from channel 0 + 13 from channel 1 + (-1) from channel 2 + bias 1")
    point_at_cells(page, player, trace)
    type_in_channel_1(page, player)
    predict(page, player)
    choose_files(page, player, tmp_path)
    have_several_maps(page, player)
    have_many_channels(page, player)
    if isinstance(opened, VoilaVisit):
        fits_a_telephone(page)


def point_at_cells(page, player, trace):
    """Point at a channel's sum, which lights up its slices, and at a cell of the map, which shows its step."""
    player.point_at(IN_COLOUR, trace, "sums", 1)
    places = {"input": ("0 1 2", "1 2 3"), "kernel": ("0 1 2", "0 1 2"), "products": ("0 1 2", "0 1 2")}
    for role, (rows, columns) in places.items():
        outline = player.outlined(role)
        expect(outline).to_have_count(1, timeout=LIMIT_MS)
        expect(outline).to_have_attribute("data-slice", "1")
        expect(outline).to_have_attribute("data-rows", rows)
        expect(outline).to_have_attribute("data-columns", columns)
    page.mouse.move(0, 0)
    expect(player.outlined("kernel")).to_have_count(0)
    player.point_at(IN_COLOUR, trace, "output", 14)
    player.shows(14)
    page.mouse.move(0, 0)
    player.shows(1)


def type_in_channel_1(page, player):
    """Turn to a channel of the input, change a number in it, and pick the picture again."""
    cell, number = number_field(page, 0, 2), str(APPLE[1, 0, 2])
    pick(page, "Input: channel to type in", "channel 1")
    expect(cell).to_have_value(number, timeout=LIMIT_MS)
    type_in(cell, "-40")
    changed = APPLE.copy()
    changed[1, 0, 2] = -40
    player.says(relu_layer(changed)[1].describe())
    pick(page, "Input: ready-made", "A red apple on grass")
    player.says(relu_layer(APPLE)[1].describe())
    expect(cell).to_have_value(number, timeout=LIMIT_MS)


def predict(page, player):
    """Take the mean of the channels for the next cell, and then the right number, which leads to its step."""
    task = page.locator(".convviz-prediction").first
    expect(task).to_contain_text("[0, 0, 2]", timeout=LIMIT_MS)
    ask(task, "10", "plus bias 1: the sums are added up, not averaged")
    player.shows(1)
    ask(task, "28", f"Right! {relu_layer(APPLE)[2].describe()}")
    player.shows(2)


def choose_files(page, player, folder):
    """Choose a picture, then files that are refused: the picture stays."""
    upload, said = page.get_by_label("Your own picture").first, page.locator(".convviz-said").first
    files = {
        "grey.png": picture_file("png"),
        "notes.txt": b"Dear diary",
        "moving.gif": picture_file("gif"),
        "huge.png": bytes(5 * 2**20),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    upload.set_input_files(folder / "grey.png")
    expect(said).to_have_text("grey.png, 6×5", timeout=LIMIT_MS)
    own = relu_layer(read_picture(files["grey.png"]))
    player.says(own[2].describe())
    player.shows(2)
    picture = player.picture
    for name, why in (
        ("notes.txt", "this is no picture that can be read; accepted: PNG or JPEG"),
        ("moving.gif", "accepted: PNG or JPEG"),
        ("huge.png", "this file has ≈5.0 MB; accepted: up to"),
    ):
        upload.set_input_files(folder / name)
        expect(said).to_contain_text(f"{name}: ", timeout=LIMIT_MS)
        expect(said).to_contain_text(why)
        expect(said).to_contain_text("The picture on the screen stays.")
    player.says(own[2].describe())
    assert player.picture == picture
    pick(page, "Input: ready-made", "A red apple on grass")
    player.says(relu_layer(APPLE)[2].describe())


def have_several_maps(page, player):
    """Pick four filters, go from map to map, and count the maps."""
    pick(page, "Filters: ready-made", "Edges in each colour")
    edges = relu_layer(APPLE, EDGES, [1, 0, 0, 0])
    player.says(edges[2].describe())
    player.root.get_by_label("map", exact=True).select_option("map 2")
    player.shows(34)
    player.says(edges[34].describe())
    maps = page.locator(".convviz-prediction").nth(1)
    ask(maps, "12", "12 is how many kernel slices there are")
    ask(maps, "4", "Right! There are 4 filters")
    player.shows(34)


def have_many_channels(page, player):
    """Have more channels than there is room for: one of them is shown large, and which one is for the reader to say."""
    picture = player.picture
    type_in(page.get_by_label("channels", exact=True).first, "16")
    player.shows_a_picture_after(picture)
    player.says("from channel 15")
    player.shows(34)
    caption, picture = player.caption.inner_text(), player.picture
    large = player.root.get_by_label("channel", exact=True)
    expect(large).to_be_visible()
    large.select_option("channel 5")
    player.shows_a_picture_after(picture)
    player.shows(34)
    expect(player.caption).to_have_text(caption)
    expect(large).to_have_value("5")


def test_one_by_one(visit):
    page = (opened := visit("06_one_by_one")).page
    convolution, dense = PlayerOnPage(page, 0), PlayerOnPage(page, 1)
    verdict = page.locator(".convviz-verdict")
    layer = conv_layer(APPLE, MIXERS[:, :, None, None], MIXERS_BIAS)
    beside = pointwise_dense(APPLE, MIXERS, MIXERS_BIAS)
    convolution.shows(0)
    dense.shows(0)
    expect(verdict).to_contain_text("144 numbers, equal in every one. Shape 3×6×6 → 4×6×6")
    convolution.press("next step")
    both_show(1, layer, beside, convolution, dense)
    convolution.root.get_by_label("map", exact=True).select_option("map 3")
    both_show(109, layer, beside, convolution, dense)

    convolution.point_at(pixel_vector, layer, "output", 40)
    both_show(40, layer, beside, convolution, dense)
    page.mouse.move(0, 0)
    both_show(109, layer, beside, convolution, dense)

    weights = MIXERS.copy()
    weights[3, 0] = 7
    type_in(number_field(page, 1, 9), "7")
    layer = conv_layer(APPLE, weights[:, :, None, None], MIXERS_BIAS)
    both_show(109, layer, pointwise_dense(APPLE, weights, MIXERS_BIAS), convolution, dense)
    expect(verdict).to_contain_text("equal in every one.")

    picture = dense.picture
    type_in(page.get_by_label("filters", exact=True).first, "2")
    expect(verdict).to_contain_text("72 numbers, equal in every one. Shape 3×6×6 → 2×6×6", timeout=LIMIT_MS)
    dense.shows_a_picture_after(picture)
    layer = conv_layer(APPLE, weights[:2, :, None, None], MIXERS_BIAS[:2])
    both_show(71, layer, pointwise_dense(APPLE, weights[:2], MIXERS_BIAS[:2]), convolution, dense)
    if isinstance(opened, VoilaVisit):
        fits_a_telephone(page)


def both_show(step, layer, beside, convolution, dense):
    """Wait until both pictures of the lesson show a step, each in its own words."""
    assert layer[step].value == beside[step].value
    for player, trace in ((convolution, layer), (dense, beside)):
        player.shows(step)
        player.says(trace[step].describe())
