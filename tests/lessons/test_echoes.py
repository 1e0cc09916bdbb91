"""Lesson 03: what it asks its readers to do leads to what it says."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from convviz.lessons import Echoes
from convviz.player import Edit

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "03_echoes.ipynb"
PROSE = "\n".join(
    "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["source"]
)


def says(*sentences):
    for sentence in sentences:
        assert sentence in PROSE


def typed(lesson, *numbers):
    for at, number in enumerate(numbers):
        lesson.edit(Edit(operand="h", cell=(at,), text=str(number)))


def test_at_the_step_where_2_is_the_newest_the_story_holds():
    lesson = Echoes()
    step = lesson.traces["echoes"][1]
    assert step.scale == 2
    assert lesson.traces["echoes"].h[::-1].tolist() == [0.7, 0.8, 0.9, 1]
    assert 0 * 0.7 + 0 * 0.8 + 1 * 0.9 + 2 * 1 == pytest.approx(step.value) == step.total[1]
    says("0·0.7 + 0·0.8 + 1·0.9 + 2·1 = 2.9", "= 1·0.9 + 2·1 = 2.9")


def test_the_table_holds_the_same_products_in_another_order():
    lesson = Echoes()
    received, table = lesson.traces["echoes"], lesson.traces["table"]
    assert np.array_equal(received.output, table.output)
    for echo, row in zip(received, table.table, strict=True):
        np.testing.assert_allclose(echo.echo[echo.window], row)
    for echo, line in zip(received, table, strict=False):
        assert sorted(echo.products) == sorted(line.products)


def test_task_1_by_hand():
    lesson = Echoes()
    lesson.use("list x", "1 2 3 4")
    lesson.use("list h", "5 6 7")
    trace = lesson.traces["echoes"]
    assert [step.echo[step.window].tolist() for step in trace] == [[5, 6, 7], [10, 12, 14], [15, 18, 21], [20, 24, 28]]
    assert trace.output.tolist() == [5, 16, 34, 52, 45, 28] == np.convolve([1, 2, 3, 4], [5, 6, 7]).tolist()
    says("5 6 7, then 10 12 14, then 15 18 21, then 20 24 28", "5, 16, 34, 52, 45, 28")


def test_task_2_a_delay():
    lesson = Echoes()
    typed(lesson, 0, 0, 1, 0)
    assert lesson.traces["echoes"].output.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 0]
    says("0, 0, 1, 0:", "The output is 0 0 1 2 3 4 5 6 0.")
    lesson.use("list h", "A delay by 2")
    assert lesson.traces["echoes"].output.tolist() == [0, 0, 1, 2, 3, 4, 5, 6]


def test_task_3_a_symmetric_response_hides_the_flip():
    lesson = Echoes()
    typed(lesson, 1, 0.9, 0.9, 1)
    h = lesson.state.h
    assert np.array_equal(h, h[::-1])
    assert np.count_nonzero(h != Echoes().state.h) == 2
    says("1, 0.9, 0.9, 1, for example")


def test_mode_same_looks_into_the_future_and_the_causal_output_does_not():
    lesson = Echoes()
    full = lesson.traces["echoes"].output
    same = np.convolve(lesson.state.x, lesson.state.h, "same")
    assert same[0] == full[1]
    np.testing.assert_allclose(lfilter(lesson.state.h, 1, lesson.state.x), full[:6])
    says("Cell 0 of mode *same* is cell 1 of the full output")


def test_conv1d_slides_along_the_last_axis_and_along_channels_where_the_sizes_fit():
    torch = pytest.importorskip("torch")
    layer = torch.nn.Conv1d(4, 2, kernel_size=3)
    times, square = torch.zeros(1, 4, 9), torch.rand(1, 4, 4)
    assert layer(times).shape == (1, 2, 7)
    assert layer(square).shape == layer(square.transpose(1, 2)).shape
    assert not torch.equal(layer(square), layer(square.transpose(1, 2)))


def test_a_step_of_the_table_beyond_the_last_echo_asks_nothing():
    lesson = Echoes()
    lesson.player.index = 7
    assert lesson.desk.questions[0]["prompt"] == ""
    assert lesson.desk.questions[1]["prompt"]
    lesson.player.index = 0
    assert lesson.desk.questions[0]["prompt"]
