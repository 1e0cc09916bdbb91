"""The lesson on a learner's own numbers from end to end, in Voila."""

from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from convviz import conv_layer, correlate, echoes
from convviz.samples.picture_file import read_picture
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

X = np.array([[2, 5, 0, 9], [3, 7, 6, 6], [8, 4, 2, 4], [2, 5, 3, 9]])
W = np.array([[1, 5], [6, -3]])
PASTED = "array([[1, 2, 3],\n       [4, 5, 6]])"


def test_own_numbers(visit_lesson, tmp_path):
    page = visit_lesson("11_own").page
    player, desk = PlayerOnPage(page), DeskOnPage(page)
    player.shows(0)
    player.says(correlate(X, W)[0].describe())
    predict(player, desk)
    save(page, desk, tmp_path)
    paste(page, player, desk)
    load(player, desk, tmp_path)


def predict(player, desk):
    """Flip the kernel by mistake, then be right; edit a number in the picture, and take it back."""
    desk.answers("26", "26 is the result of the flipped kernel")
    player.shows(0)
    desk.answers("29", f"✓ Right! {correlate(X, W)[1].describe()}")
    player.shows(1)
    player.type_in(player.cell("kernel", 0, 0), "5")
    player.says(correlate(X, [[5, 5], [6, -3]])[1].describe())
    desk.press("Undo")
    player.says(correlate(X, W)[1].describe())


def paste(page, player, desk):
    """Paste what is no array, which stays with the reason; then one that is, and see it under another operation."""
    area = desk.field("Paste the input")
    area.fill("1 2\n3 __import__('os')")
    desk.press("Paste the input: use these numbers")
    control = desk.root.locator('[data-control="paste x"]')
    expect(control.get_by_role("alert")).to_contain_text("line 2, number 2", timeout=LIMIT_MS)
    expect(area).to_have_attribute("aria-invalid", "true")
    player.says(correlate(X, W)[1].describe())
    area.fill("1 " * 100_001)
    desk.press("Paste the input: use these numbers")
    expect(control.get_by_role("alert")).to_contain_text("this has 200002 characters; accepted: up to 200000")
    area.fill(PASTED)
    area.press("Control+Enter")
    expect(control.get_by_role("status")).to_have_text("Shown: 2×3 numbers.", timeout=LIMIT_MS)
    player.says(correlate([[1, 2, 3], [4, 5, 6]], W)[1].describe())
    desk.pick("Operation", "echoes: delayed copies")
    player.says(echoes([1, 2, 3], [1, 5])[1].describe())
    expect(desk.root.get_by_text("Of your input this takes its first row.")).to_be_visible(timeout=LIMIT_MS)
    expect(desk.root.get_by_text("Mode", exact=True)).to_be_hidden()
    page.wait_for_url("**/*operation=echoes*", timeout=LIMIT_MS)


def load(player, desk, folder):
    """Load a table and a colour picture, which a layer takes with its channels."""
    upload = desk.root.get_by_label("Load the input from a file (CSV, TXT, PNG or JPEG, up to 4 MB)")
    said = desk.root.locator('[data-control="file x"]').get_by_role("status")
    (folder / "table.csv").write_text("1;0,5\n2;3\n")
    upload.set_input_files(folder / "table.csv")
    expect(said).to_have_text("table.csv, shown with 2 numbers", timeout=LIMIT_MS)
    file = BytesIO()
    Image.linear_gradient("L").resize((6, 5)).convert("RGB").save(file, "png")
    (folder / "small.png").write_bytes(file.getvalue())
    desk.pick("Operation", "conv_layer: filters")
    upload.set_input_files(folder / "small.png")
    expect(said).to_have_text("small.png, shown with 3×5×6 numbers", timeout=LIMIT_MS)
    player.says(conv_layer(read_picture(file.getvalue()), np.tile(W, (1, 3, 1, 1)))[0].describe())


def save(page, desk, folder):
    """Save a step, and all steps."""
    for ending in ("PNG", "GIF"):
        with page.expect_download(timeout=LIMIT_MS) as download:
            desk.press(ending)
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        with Image.open(path) as picture:
            assert (path.name, picture.format) == (f"convviz.{ending.lower()}", ending)
    expect(desk.root.get_by_text("Saved as convviz.gif, all 9 steps.")).to_be_visible(timeout=LIMIT_MS)
