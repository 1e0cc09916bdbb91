"""Texts set from cached glyphs are where they are said to be, and as wide as they are said to be."""

import numpy as np
import pytest
from matplotlib import colors

from convviz.scenes.drawing.lettering import text_width
from convviz.scenes.drawing.sheet import Sheet
from convviz.theme import Look
from tests.scenes.extents import letters_of

TEXTS = ["7", "42", "−1.5", "≈0.33", "1/9", "1234567890", "(−2)×(1/3)", "… 7 more …", "≈−4.6e+02"]


def sheet_with(text, *, density=2.0, size_px=14.0, align=0.5, colour="#000000"):
    sheet = Sheet(Look(density=density), 300, 60)
    lettering = sheet.lettering([(150.0, 30.0)], size_px, colour, moving=False, align=align)
    lettering.set_texts([text])
    sheet.figure.canvas.draw()
    return lettering, np.asarray(sheet.figure.canvas.buffer_rgba())[..., :3]


def ink(pixels, density):
    """Return where there is anything but paper, in CSS pixels."""
    rows, columns = np.nonzero((pixels < 200).any(axis=-1))
    return [edge / density for edge in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("density", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("align", [0, 0.5, 1])
def test_a_text_is_drawn_where_it_says(text, density, align):
    lettering, pixels = sheet_with(text, density=density, align=align)
    (said,) = letters_of(lettering)
    left, top, right, bottom = ink(pixels, density)
    assert left >= said.left - 1.5
    assert right <= said.right + 1.5
    assert right - left >= 0.6 * (said.right - said.left) - 3  # marks such as 1 leave room on their sides
    if text.isdigit():
        assert top == pytest.approx(said.top, abs=1.5)
        assert bottom == pytest.approx(said.bottom, abs=1.5)
        assert (top + bottom) / 2 == pytest.approx(30, abs=1)


def test_texts_are_as_wide_as_their_glyphs():
    assert text_width("77", 10) == 2 * text_width("7", 10) == pytest.approx(12.7, abs=0.1)
    assert text_width("", 10) == 0
    assert text_width("7", 20) == 2 * text_width("7", 10)


def test_each_text_has_its_colour():
    sheet = Sheet(Look(density=2), 100, 40)
    lettering = sheet.lettering([(25, 20), (75, 20)], 16, "#000000", moving=False)
    lettering.set_texts(["8", "8"], ["#c25100", "#0072b2"])
    sheet.figure.canvas.draw()
    pixels = np.asarray(sheet.figure.canvas.buffer_rgba())[..., :3].astype(int)
    for part, colour in ((pixels[:, :100], "#c25100"), (pixels[:, 100:], "#0072b2")):
        wanted = np.multiply(colors.to_rgb(colour), 255).round()
        assert (np.abs(part - wanted).sum(axis=-1) <= 3).any()


@pytest.mark.parametrize("text", ["", " ", "   "])
def test_nothing_leaves_no_ink(text):
    _, pixels = sheet_with(text)
    assert (pixels == 255).all()


def test_a_hidden_lettering_leaves_no_ink():
    sheet = Sheet(Look(), 100, 40)
    lettering = sheet.lettering([(50, 20)], 16, "#000000", moving=False)
    lettering.set_texts(["8"])
    lettering.set_visible(False)
    sheet.figure.canvas.draw()
    assert (np.asarray(sheet.figure.canvas.buffer_rgba())[..., :3] == 255).all()


def test_what_is_put_stands_there():
    sheet = Sheet(Look(), 100, 40)
    lettering = sheet.lettering([], 16, "#000000", moving=True)
    assert (lettering.texts, lettering.centres) == ([], [])
    lettering.put([(1.0, 2.0)], ["9"])
    assert (lettering.texts, lettering.centres, lettering.colours) == (["9"], [(1.0, 2.0)], ["#000000"])
    assert sheet.moving == [lettering]
