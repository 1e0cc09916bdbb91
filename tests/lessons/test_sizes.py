"""Lesson 10 does what its page says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import conv_layer
from convviz.lessons import Layers, Pools, Sizes, Stamps
from convviz.lessons.notes import linear_html, stack_code, stack_html
from convviz.lessons.states import Stack
from convviz.player import Edit
from convviz.questions import enlarged_size, further_sight, output_size, pooled_cell


def texts(html):
    return html.replace("<b>", "").replace("</b>", "")


def use(lesson, **values):
    for name, value in values.items():
        lesson.use(name.replace("_", " ", 1), value)
        assert not lesson.desk.content["error"], lesson.desk.content["error"]


def output(lesson):
    return lesson.traces["row"].output.shape[-1]


def note(lesson):
    return texts(lesson.note("size").value)


def test_the_count_is_written_with_the_numbers_on_the_screen():
    lesson = Sizes()
    assert "8 − 3 + 1 = 6" in note(lesson)
    use(lesson, number_stride="2")
    assert "⌊(8 − 3) / 2⌋ + 1 = ⌊2.5⌋ + 1 = 3" in note(lesson)
    assert "No window reads 1 of the 8 input cells" in note(lesson)
    assert lesson.traces["row"].unread[0].tolist() == [False] * 7 + [True]


def test_five_cells_need_two_on_each_side():
    lesson = Sizes()
    use(lesson, number_side="5", number_before="2", number_after="2")
    assert output(lesson) == 8
    assert lesson.state.padding == "own"


@pytest.mark.parametrize(("cells", "is_all_read"), [("7", True), ("8", False), ("9", True)])
def test_a_stride_that_divides_the_way_reads_all(cells, is_all_read):
    lesson = Sizes()
    use(lesson, number_stride="2", number_cells=cells)
    assert lesson.traces["row"].unread.any() != is_all_read


def test_dilation_spans_as_much_as_a_larger_kernel():
    lesson = Sizes()
    use(lesson, number_dilation="2")
    assert lesson.traces["row"].geometry.axes[0].extent == 5
    assert output(lesson) == output(Sizes(w=[1] * 5))


def test_same_in_both_libraries():
    lesson = Sizes()
    for side in "2345":
        use(lesson, number_side=side)
        for option in (1, 2):
            use(lesson, choice_padding=option)
            assert output(lesson) == 8
            assert lesson.state.after - lesson.state.before == 1 - int(side) % 2
    lesson = Sizes()
    use(lesson, number_stride="2")
    shown = next(c for g in lesson.desk.content["groups"] for c in g["controls"] if c["name"] == "choice padding")
    assert shown["fits"] == [True, False, True]
    use(lesson, choice_padding=2)
    assert (output(lesson), lesson.state.before, lesson.state.after) == (4, 0, 1)


def test_a_causal_filter_sees_nothing_later():
    lesson = Sizes()
    use(lesson, number_before="2")
    trace = lesson.traces["row"]
    for at in range(8):
        reads = trace.terms.related(trace.terms.views["output"], trace.terms.views["x"], (0, 0, at), step=0)
        assert max(column for block in reads for column in block.columns) == at


def test_pages_numbers_for_rows_and_columns():
    trace = conv_layer(np.arange(42).reshape(1, 6, 7), np.ones((1, 1, 3, 3), int), stride=2)
    assert trace.output.shape == (1, 2, 3)
    assert trace.unread[0].any(axis=1).tolist() == [False] * 5 + [True]


@given(
    size=st.integers(1, 12),
    kernel=st.integers(1, 5),
    stride=st.integers(1, 4),
    before=st.integers(0, 3),
    after=st.integers(0, 3),
    dilation=st.integers(1, 3),
)
def test_the_truth_is_what_the_changed_layer_makes(size, kernel, stride, before, after, dilation):
    x, w = np.ones((1, size)), np.ones((1, 1, kernel))
    options = {"stride": stride, "dilation": dilation}
    try:
        trace = conv_layer(x, w, padding=(before, after), **options)
    except ValueError:
        return
    question = output_size(trace)
    if question is None:
        return
    if "stride of" in question.prompt:
        changed = conv_layer(
            x, w, padding=(before, after), **{**options, "stride": int(question.prompt.split("stride of ")[1][0])}
        )
    else:
        changed = conv_layer(x, w, padding=(before + 1, after + 1), **options)
    assert question.truth == changed.output.shape[-1]


def test_usual_mistakes_about_the_first_example_differ():
    question = output_size(Sizes().traces["row"])
    wrong = {mistake.value for mistake in question.mistakes()} - {question.truth}
    assert wrong == {2, 3.5, 4, 6, 8}
    assert len({question.judge(str(value)).text for value in wrong}) == len(wrong)


def mistakes_of(question):
    return {mistake.value for mistake in question.mistakes()} - {question.truth}


def test_usual_mistakes_differ_in_every_first_example():
    for question in (
        pooled_cell(Pools().traces["pool"], 0),
        pooled_cell(Pools(kind="mean").traces["pool"], 0),
        enlarged_size(Stamps().traces["stamps"]),
        further_sight(Layers().traces["sight"]),
    ):
        assert len(mistakes_of(question)) >= 4


def test_a_maximum_sees_nothing_below_its_winner():
    lesson = Pools()
    lesson.edit(Edit(operand="x", cell=(0, 0, 1), text="3", live=False))
    assert lesson.traces["pool"].output[0, 0, 0] == 4
    use(lesson, choice_kind=1)
    assert lesson.traces["pool"].output[0, 0, 0] == 3


def test_overlapping_windows_keep_the_same_winners():
    lesson = Pools(stride=1)
    output = lesson.traces["pool"].output[0]
    assert output.shape == (5, 5)
    assert (output[:, 1:] == output[:, :-1]).any()


def test_the_border_of_a_maximum_never_wins():
    lesson = Pools(padding=1)
    lesson.edit(Edit(operand="x", cell=(0, 0, 0), text="-5", live=False))
    assert lesson.traces["pool"].output[0, 0, 0] == -5


def test_stamps_touch_overlap_and_are_cut():
    lesson = Stamps()
    assert set(lesson.traces["stamps"].overlaps.ravel()) == {1, 2, 4}
    use(lesson, number_side="2")
    assert set(lesson.traces["stamps"].overlaps.ravel()) == {1}
    assert lesson.traces["stamps"].output.shape == (1, 6, 6)
    use(lesson, number_side="4")
    assert set(lesson.traces["stamps"].overlaps[2:-2, 2:-2].ravel()) == {4}
    lesson = Stamps(padding=1)
    assert lesson.traces["stamps"].output.shape == (1, 5, 5)
    use(lesson, number_output_padding="1")
    assert lesson.traces["stamps"].output.shape == (1, 6, 6)
    for size in (5, 6):
        assert conv_layer(np.ones((1, size)), np.ones((1, 1, 3)), stride=2, padding=1).output.shape == (1, 3)


def test_a_stack_sees_what_its_page_says():
    assert Layers(layers="c3 c3 c3 c3").traces["sight"].size == (9,)
    lesson = Layers()
    assert lesson.traces["sight"].size == (5,)
    use(lesson, press_fewer=True)
    lesson.use("press added p2", True)
    lesson.use("press added c3", True)
    assert lesson.state.layers == "c3 p2 c3"
    assert lesson.traces["sight"].size == (8,)


@pytest.mark.parametrize("layers", ["c3 c3", "c3 p2 c3s2", "c3d2 p2", "c5s3"])
@pytest.mark.parametrize("padding", [0, 1])
def test_a_stack_is_what_pytorch_makes_of_it(layers, padding):
    torch = pytest.importorskip("torch")
    state = Stack(layers=layers, size=14, padding=padding, filters=5)
    fitted = state.with_fitted()
    names = {}
    exec(stack_code(fitted), names)
    assert names["result"].shape == (1, 10)
    assert "it fits" in linear_html(fitted)
    model, x = names["model"], torch.zeros(1, 3, 14, 14)
    for layer in model[:-2]:
        x = layer(x)
        assert "×".join(map(str, x.shape[1:])) in stack_html(fitted)
    with pytest.raises(RuntimeError) as error:
        exec(stack_code(state.with_field("features", state.flat + 1)), {})
    assert str(error.value) in texts(linear_html(state.with_field("features", state.flat + 1)))


def test_the_linear_layer_of_the_page():
    lesson = Layers()
    assert "it fits" in lesson.note("linear").value
    use(lesson, number_size="13")
    assert lesson.state.flat == 648
    assert "(1x648 and 512x10)" in lesson.note("linear").value
    use(lesson, press_fitted=True)
    assert "it fits" in lesson.note("linear").value
