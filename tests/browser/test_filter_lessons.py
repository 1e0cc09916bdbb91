"""The lessons on filters from end to end, in Voila."""

from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from convviz import conv_layer, correlate, frequency_response, pool, samples
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

PHOTOGRAPH, SOBEL = samples.photograph(60), samples.kernel("sobel_x")
OWN = np.random.default_rng(0).integers(0, 256, (9, 12), dtype=np.uint8)


def test_kernels(visit_lesson):
    page = visit_lesson("07_kernels").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    player.says(correlate(PHOTOGRAPH, SOBEL)[0].describe())
    desk.answers("100", "100 is the brightness of the area: a kernel keeps it only if its weights add up to 1.")
    desk.answers("0", "✓ Right! All products are 100 times a weight")
    change_the_kernel(page, player, desk)
    load_a_picture(page, player, desk)


def change_the_kernel(page, player, desk):
    """Type a weight, step, pick another kernel, and turn it."""
    player.slider.press("ArrowRight")
    player.shows(1)
    kernel = SOBEL.copy()
    kernel[1, 1] = 3
    player.type_in(player.cell("kernel", 1, 1), "3")
    player.says(correlate(PHOTOGRAPH, kernel)[1].describe())
    expect(page.get_by_text("Your own kernel.")).to_be_visible(timeout=LIMIT_MS)
    desk.pick("Kernel", "Sobel, left to right")
    expect(page.get_by_text("This kernel is separable.")).to_be_visible(timeout=LIMIT_MS)
    desk.press("Turn the kernel")
    player.says(correlate(PHOTOGRAPH, samples.kernel("sobel_y"))[1].describe())
    expect(page.get_by_role("table", name="How steep the picture is under window [0, 1]")).to_be_visible(
        timeout=LIMIT_MS
    )


def load_a_picture(page, player, desk):
    """Load a picture of one's own: it is read in grey."""
    file = BytesIO()
    Image.fromarray(OWN).convert("RGB").save(file, "png")
    field = desk.root.locator("input[type=file]")
    field.set_input_files({"name": "own.png", "mimeType": "image/png", "buffer": file.getvalue()})
    player.says(correlate(OWN.astype(int), samples.kernel("sobel_y"))[1].describe())


def test_waves(visit_lesson):
    page = visit_lesson("07_waves").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    blur, edges = (frequency_response(samples.kernel(name), 24).centred for name in ("box_blur", "sobel_x"))
    player.shows(0)
    player.says(blur[0].describe())
    desk.answers("1", "1 is the sum of the weights: every second column counts with the other sign.")
    desk.answers("1/3", "✓ Right! The columns add up to 1/3, 1/3, 1/3")
    player.shows(12 * 24)
    player.says(blur[12 * 24].describe())
    desk.pick("Kernel", "Sobel, left to right")
    player.says(edges[12 * 24].describe())
    player.slider.press("ArrowRight")
    player.says(edges[12 * 24 + 1].describe())
    kernel = samples.kernel("sobel_x")
    kernel[1, 1] = 3
    player.type_in(player.cell("kernel", 1, 1), "3")
    player.says(frequency_response(kernel, 24).centred[12 * 24 + 1].describe())


def test_shifts(visit_lesson):
    page = visit_lesson("07_shifts").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    digit, kernel = samples.picture("digit_3"), SOBEL.copy()

    def says(index, trace, after):
        player.says(trace(digit)[index].describe(), trace(after)[index].describe())

    def convolved(x):
        return conv_layer(x[None], kernel[None, None])

    player.shows(0)
    says(0, convolved, shifted(digit, 1))
    desk.answers("36", "36 is all output cells: most windows do not hold this cell.")
    desk.answers("9", "✓ Right! Those whose window holds the cell: 3 rows of 3 windows, 3·3 = 9.")
    expect(page.get_by_text("The output is shifted by 1 cell:")).to_be_visible(timeout=LIMIT_MS)
    digit[0, 1] = 5
    player.type_in(player.cell("input", 0, 1), "5")
    says(0, convolved, shifted(digit, 1))
    player.slider.press("ArrowRight")
    player.shows(1)
    desk.pick("Layer", "Max pooling, 2×2")
    says(1, lambda x: pool(x[None], 2), shifted(digit, 1))
    expect(page.get_by_text("The outputs differ by more than a shift.")).to_be_visible(timeout=LIMIT_MS)


def shifted(picture, by):
    return np.pad(picture, ((0, 0), (by, 0)))[:, : picture.shape[1]]
