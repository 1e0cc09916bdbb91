"""Lesson 04 from end to end, in Voila."""

import pytest
from playwright.sync_api import expect

from convviz import correlate, matrix_view
from convviz.lessons import TiedAndFree
from convviz.operations.matrix.as_dense import as_dense
from tests.browser.lesson_page import DeskOnPage, PlayerOnPage
from tests.browser.visits import LIMIT_MS

X, W = [1, 2, 3, 4], [5, 6, 7]


@pytest.fixture
def open_lesson(visit_lesson):
    """Open a lesson: its page and its desk."""

    def open_lesson(name):
        page = visit_lesson(name).page
        return page, DeskOnPage(page)

    return open_lesson


def test_matrix(open_lesson):
    page, desk = open_lesson("04_matrix")
    matrix, neurons = PlayerOnPage(page), PlayerOnPage(page, 1)
    matrix.shows(0)
    matrix.says(matrix_view(correlate(X, W))[0].describe())
    point_at_a_weight(matrix)
    predict(matrix, desk)
    change(matrix, neurons, desk)


def point_at_a_weight(matrix):
    """An entry of the matrix lights up its weight, its input and its output; pointing away ends it."""
    matrix.cell("toeplitz", 1, 3).hover()
    matrix.outlines("kernel", "0", "2")
    matrix.outlines("vector", "3", "0")
    matrix.outlines("output", "0", "1")
    matrix.is_free()
    expect(matrix.outlined("kernel")).to_have_count(0)


def predict(matrix, desk):
    """Forget a term, then be right; count entries, then weights."""
    matrix.shows(0)
    desk.answers("28", "one term was forgotten")
    matrix.shows(0)
    desk.answers("56", "Right! Output [1] = 2×5 + 3×6 + 4×7 = 56.")
    matrix.shows(1)
    desk.answers("6", "the number of entries that hold a weight", number=1)
    desk.answers("3", "Right! The kernel has 3 weights.", number=1)


def change(matrix, neurons, desk):
    """Change a weight where it is drawn, the activation and the mode; then go on to two dimensions."""
    matrix.type_in(matrix.cell("kernel", 0, 2), "-7")
    matrix.says(matrix_view(correlate(X, [5, 6, -7]))[1].describe())
    desk.press("relu")
    neurons.holds("neurons", as_dense(correlate(X, [5, 6, -7]), "relu").output)
    desk.press("Reset")
    desk.press("full")
    matrix.holds("toeplitz", matrix_entries(correlate(X, W, "full")))
    desk.press("2D")
    expect(matrix.grid("toeplitz").get_by_role("row")).to_have_count(20, timeout=LIMIT_MS)


def matrix_entries(trace):
    view = matrix_view(trace)
    pairs = zip(view.toeplitz.ravel(), view.tied.ravel(), strict=True)
    return [number if weight >= 0 else "empty" for number, weight in pairs]


def test_training(open_lesson):
    page, desk = open_lesson("04_training")
    player, lesson = PlayerOnPage(page), TiedAndFree()
    player.shows(0)
    player.says(*(lesson.traces[name][0].describe() for name in ("tied", "free")))
    desk.refuses("Target", "1 2 3", "target has shape (3,); accepted: (2,)")
    desk.answers("2", "the entry of the first row alone")
    player.shows(0)
    desk.answers("8", "Right! The first weight stands in 2 entries. Their gradients are added up: 2×1 + 3×2 = 8.")
    player.shows(1)
    player.holds("weight", [8, 13, 18])
    desk.press("Train one step")
    lesson.use("press steps_ahead", True)
    player.holds("toeplitz", ["4.84", "5.74", "6.64", "empty", "empty", "4.84", "5.74", "6.64"])
    player.holds("toeplitz", ["4.96", "5.92", "6.88", "−0.16", "−0.06", "4.88", "5.82", "6.76"], picture=1)
    expect(page.get_by_text("0 of 2", exact=True)).to_be_visible(timeout=LIMIT_MS)
    change_weights(player, desk)


def change_weights(player, desk):
    """A weight of the convolution is two entries, one of the dense layer is one; another target moves both errors."""
    desk.press("Reset")
    player.type_in(player.cell("toeplitz", 1, 1), "9")
    player.holds("sums", [42, 64])
    player.type_in(player.cell("toeplitz", 0, 3, picture=1), "1")
    player.holds("sums", [42, 56], picture=1)
    player.holds("sums", [42, 64])
    desk.type_in("Target", "42 60")
    player.holds("local", [0, 4])
    player.holds("local", [0, -4], picture=1)
