"""Lesson 11: any arrays under any operation, what its text claims, and the files that it offers."""

import re
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import convviz
from convviz import samples
from convviz.lessons import OwnNumbers, address
from convviz.lessons.controls import Choice, Loaded
from convviz.lessons.downloads import MOST_STEPS
from convviz.lessons.notes import library_calls
from convviz.lessons.notes.numbers_in_code import numbers_in_code
from convviz.lessons.states import OPERATIONS, Own
from convviz.player import Edit, Paste, Resize
from convviz.questions import next_number
from convviz.questions.guess import same

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "11_own.ipynb"
NUMBERS = st.integers(-9, 9)
INPUTS = arrays.arrays(np.int64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=NUMBERS)
KERNELS = arrays.arrays(np.int64, arrays.array_shapes(min_dims=1, max_dims=4, max_side=4), elements=NUMBERS)
NAMES = st.sampled_from(list(OPERATIONS))


@pytest.fixture(scope="module")
def shared():
    return OwnNumbers()


@pytest.fixture
def lesson(shared):
    shared.reset()
    return shared


def control(lesson, label):
    return next(each for group in lesson.controls for each in group.controls if each.label == label)


def use(lesson, label, value=True):
    """Use a control by its label, and an option by what it begins with."""
    used = control(lesson, label)
    if isinstance(used, Choice):
        [value] = [at for at, (_, text) in enumerate(used.options(lesson.state)) if text.startswith(value)]
    lesson.use(used.name, value)
    assert not lesson.desk.content["error"]
    return lesson.traces["own"].output


def refused(lesson, label, value):
    """Use a control in vain, and return what the page says."""
    before = lesson.state
    lesson.use(control(lesson, label).name, value)
    assert lesson.state is before
    return lesson.desk.content["error"]["text"]


@given(INPUTS, KERNELS, NAMES)
def test_every_operation_takes_arrays_of_any_shape(x, w, name):
    state = Own(x=x, w=w, operation=name)
    again = Own(x=state.x, w=state.w, bias=state.bias, operation=name)
    assert again.same_as(state)
    assert again.taken() == ("", "")
    assert state.trace().output.size
    for said, given_array, taken in zip(state.taken(), (x, w), (state.x, state.w), strict=True):
        assert said or np.array_equal(taken.ravel(), given_array.ravel())


@given(INPUTS, KERNELS, st.lists(NAMES, max_size=4))
def test_what_was_given_is_taken_anew_by_each_operation(x, w, names):
    state = Own(x=x, w=w)
    for name in [*names, "correlate"]:
        state = state.with_field("operation", name)
        assert state.same_as(Own(x=x, w=w, operation=name, bias=state.bias))


def test_operations_compute_what_the_functions_do():
    x, w = np.arange(48).reshape(3, 4, 4) % 7, np.arange(12).reshape(3, 2, 2) - 5
    grey = np.rint(x.mean(axis=0)).astype(int)
    expected = {
        "correlate": convviz.correlate(grey, w[0]),
        "convolve": convviz.convolve(grey, w[0], "valid"),
        "echoes": convviz.echoes(x[0, 0], w[0, 0]),
        "conv_layer": convviz.conv_layer(x, w[None]),
        "pool": convviz.pool(x, 2, stride=1),
        "conv_transpose": convviz.conv_transpose(grey[None], w[:1, None].transpose(1, 0, 2, 3)),
        "dense": convviz.dense(x.ravel(), np.tile(w.reshape(3, 4), 12)),
        "match_template": convviz.match_template(grey, w[0], "ssd"),
    }
    assert expected.keys() == OPERATIONS.keys()
    for name, trace in expected.items():
        state = Own(x=x, w=w, operation=name)
        assert type(state.trace()) is type(trace)
        assert np.array_equal(state.trace().output, trace.output)


def test_a_colour_picture_keeps_its_colours_while_it_is_looked_at_in_grey(lesson):
    file = BytesIO()
    Image.linear_gradient("L").resize((6, 5)).convert("RGB").save(file, "png")
    use(lesson, "Load the input from a file", file.getvalue())
    assert lesson.state.x.shape == (5, 6)
    assert "the mean of its 3 channels, rounded" in lesson.desk.content["hint"]
    use(lesson, "Operation", "conv_layer")
    assert lesson.state.x.shape == (3, 5, 6)
    assert "the same kernel for each of the 3 channels" in lesson.desk.content["hint"]


def test_a_lesson_begins_with_arrays_of_any_shape():
    lesson = OwnNumbers(np.ones((3, 4, 4)), np.ones((2, 3, 2, 2)), "conv_layer")
    assert lesson.traces["own"].output.tolist() == np.full((2, 3, 3), 12).tolist()
    with pytest.raises(ValueError, match="operation is 'blur'; accepted: correlate, convolve"):
        OwnNumbers(operation="blur")


def test_options_that_no_longer_fit_return_to_the_start(lesson):
    use(lesson, "Operation", "conv_layer")
    use(lesson, "Dilation", "3")
    assert lesson.state.dilation == 3
    use(lesson, "Paste the input", "[[1, 2], [3, 4]]")
    assert (lesson.state.dilation, lesson.traces["own"].output.tolist()) == (1, [[[17]]])


def test_only_what_an_operation_uses_is_shown(lesson):
    for name in OPERATIONS:
        use(lesson, "Operation", name)
        shown = {each["name"].split()[1] for each in lesson.desk.content["groups"][0]["controls"] if not each["hidden"]}
        assert shown == {"operation", *OPERATIONS[name].options}


@pytest.mark.parametrize(
    ("alias", "name"), [("h", "echoes"), ("image", "match_template"), ("template", "match_template")]
)
def test_arrays_are_edited_by_the_names_that_the_operation_gives_them(lesson, alias, name):
    use(lesson, "Operation", name)
    cell = (0,) * getattr(lesson.state, alias).ndim
    lesson.edit(Edit(operand=alias, cell=cell, text="7", live=False))
    assert getattr(lesson.traces["own"], alias)[cell] == 7
    lesson.edit(Paste(operand=alias, cell=cell, text="8 9"))
    assert getattr(lesson.traces["own"], alias).ravel()[:2].tolist() == [8, 9]
    lesson.edit(Resize(operand=alias, axis=len(cell) - 1, by=-1))
    lesson.undo()
    assert getattr(lesson.traces["own"], alias)[cell] == 8


def cases():
    """Every operation, with each value of each of its options, on one channel and on three."""
    w = np.array([[1, -2], [3, 2]])
    for x in (np.array([[2, 0, 1, 3], [1, 4, 0, 2], [5, 2, 3, 1], [0, 3, 6, 2]]), samples.picture("apple")[:, :4, :4]):
        for name, operation in OPERATIONS.items():
            state = Own(x=x, w=w, operation=name)
            yield state.trace()
            for used in OwnNumbers.controls[0].controls:
                for value in used.examples(state) if used.field in operation.options else ():
                    yield used.changed(state, value).trace()


def test_every_library_call_gives_the_output_of_every_operation():
    pytest.importorskip("torch").set_num_threads(1)
    seen = set()
    for trace in cases():
        for call in library_calls(trace):
            code = f"{numbers_in_code(trace)}\n{call.code}"
            if code not in seen:
                seen.add(code)
                names = {"trace": trace}
                exec(code, names)
                np.testing.assert_allclose(np.asarray(names["result"]), trace.output, rtol=1e-9, atol=1e-9)
    assert len(seen) > 150


def test_every_operation_asks_what_comes_next():
    for trace in cases():
        question = next_number(trace, 0)
        assert question or len(trace) == 1
        if question:
            assert question.judge(str(question.truth)).correct
            assert not question.judge("123456").correct


def test_the_first_question_tells_usual_mistakes_apart(lesson):
    for step in range(len(lesson.traces["own"]) - 1):
        question = next_number(lesson.traces["own"], step)
        usual = [each.value for each in question.mistakes() if "term" not in each.what and not each.missing]
        assert len(usual) >= 8
        values = [question.truth, *usual]
        assert not any(same(value, other) for at, value in enumerate(values) for other in values[:at])


LIMITS = [
    ("Paste the input", "x\ny", "line 1, number 1: “x” is no number"),
    ("Paste the input", "7", "single number"),
    (
        "Paste the input",
        str(np.ones((65, 2), int).tolist()),
        "the input is 65×2; accepted: up to 64 along the axis of 65",
    ),
    ("Paste the input", str(np.ones((17, 2, 2), int).tolist()), "the input is 17×2×2; accepted: up to 16"),
    ("Paste the input", "[[[[1]]]]", "the input has 4 axes"),
    ("Paste the kernel", str(np.ones((17, 2), int).tolist()), "the kernel is 17×2; accepted: up to 16"),
    ("Paste the kernel", "[[[[[1]]]]]", "lists in lists, 5 deep"),
    ("Load the input from a file", b"", "nothing in this file"),
    ("Load the input from a file", b"1,2\n3", "line 2 has 1 numbers"),
    ("Load the input from a file", b"PK\x03\x04", "a table saved as CSV"),
    ("Load the input from a file", b"\x93NUMPY", "neither text nor a picture"),
    ("Load the input from a file", b"\x80\x04K\x01.", "neither text nor a picture"),
    ("Load the input from a file", b"1 " * 200_000, "this file has 400000 bytes"),
    ("Load the input from a file", b"\x89PNG\r\n\x1a\n", "damaged or cut off"),
    ("Load the input from a file", b"GIF89a", "single number"),
]


@pytest.mark.parametrize(("label", "value", "says"), LIMITS[:-1], ids=range(len(LIMITS) - 1))
def test_what_is_refused_is_named_and_loses_nothing(lesson, label, value, says):
    assert says in refused(lesson, label, value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_numbers_is_loaded(lesson, encoding):
    use(lesson, "Load the input from a file", "1;2,5\n3;4".encode(encoding))
    assert lesson.state.x.tolist() == [[1, 2.5], [3, 4]]
    assert Loaded(field="x", label="").about(lesson.state)["size"] == "2×2 numbers"


def test_the_largest_arrays_are_shown(lesson):
    use(lesson, "Paste the input", str(np.arange(4096).reshape(64, 64).tolist()))
    use(lesson, "Paste the kernel", str(np.eye(16, dtype=int).tolist()))
    for name in OPERATIONS:
        use(lesson, "Operation", name)
        back = address.read(lesson.desk.address, lesson._start)
        assert back.same_as(lesson.state) or not lesson.desk.address


def test_task_1_four_paths(lesson):
    use(lesson, "Paste the input", "1 2 3 4 5 6")
    use(lesson, "Paste the kernel", "1 0.9 0.8 0.7")
    output = use(lesson, "Operation", "echoes")
    assert (len(output), output[-1]) == (9, pytest.approx(4.2))
    use(lesson, "Operation", "convolve")
    np.testing.assert_allclose(use(lesson, "Mode", "full"), output)


def test_task_2_a_checkerboard(lesson):
    use(lesson, "Paste the input", "0 1 0 1\n1 0 1 0\n0 1 0 1\n1 0 1 0")
    output = use(lesson, "Paste the kernel", "[[1, -1], [-1, 1]]")
    assert output[0].tolist() == [-2, 2, -2]
    assert np.array_equal(np.abs(output), np.full((3, 3), 2))
    use(lesson, "Operation", "pool")
    for stride in ("1", "2"):
        use(lesson, "Stride", stride)
        assert (use(lesson, "Takes the", "maximum") == 1).all()
        assert (use(lesson, "Takes the", "mean") == 0.5).all()


def test_task_3_weights(lesson):
    use(lesson, "Operation", "dense")
    assert lesson.state.w.shape[1] == 16
    use(lesson, "Operation", "conv_layer")
    assert lesson.state.w.size == 4
    use(lesson, "Paste the input", str(np.ones((64, 64), int).tolist()))
    assert lesson.state.w.size == 4
    use(lesson, "Operation", "dense")
    assert lesson.state.w.shape[1] == 4096


def test_the_model_in_the_text_is_opened():
    """What it says of a single layer is tested with all quoted code."""
    torch = pytest.importorskip("torch")
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    [code] = re.findall(r"```python\n([^`]*explain\(model[^`]*)```", "\n".join(cell.source for cell in cells))
    *lines, last = code.strip().splitlines()
    names = {}
    exec("\n".join(lines), names)
    torch.manual_seed(0)
    trace = eval(last, names).trace
    torch.manual_seed(0)
    assert [step.trace is not None for step in trace] == [True] * 5
    np.testing.assert_allclose(trace.output, names["model"](torch.rand(1, 8, 8)[None]).detach()[0], atol=1e-5)


@pytest.fixture
def sent(lesson, monkeypatch):
    """What the kernel sends to the page."""
    messages = []
    monkeypatch.setattr(lesson.desk, "send", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


@pytest.mark.parametrize("ending", ["png", "gif", "mp4", "html"])
def test_the_picture_is_sent_as_a_file(lesson, sent, ending):
    if ending == "mp4":
        pytest.importorskip("imageio_ffmpeg")
    use(lesson, "Operation", "convolve")
    lesson.desk._handlers["download"](ending=ending)
    *told, (content, [file]) = sent
    assert (content["type"], content["name"]) == ("saved", f"convviz.{ending}")
    if ending == "gif":
        frames = Image.open(BytesIO(file)).n_frames
        assert frames >= len(lesson.traces["own"])
    beginning = {"png": b"\x89PNG", "gif": b"GIF89a", "mp4": b"\0\0\0", "html": b"<!"}[ending]
    assert file.startswith(beginning)
    if ending != "png":
        done = [content["done"] for content, _ in told]
        assert done == sorted(set(done))
        assert told[-1][0]["done"] == told[-1][0]["of"]
        assert len(told) <= 21


def test_of_many_steps_those_from_the_one_on_the_screen_on_are_saved(lesson, sent):
    use(lesson, "Paste the input", str(np.ones((10, 10), int).tolist()))
    assert lesson.desk.content["saves"]["steps"] == f"the {MOST_STEPS} steps from the one on the screen on, of 81"
    for index, first in ((0, 0), (7, 7), (80, 21)):
        lesson.player.index = index
        assert lesson._downloads._steps() == range(first, first + MOST_STEPS)


@pytest.mark.parametrize("ending", ["exe", "../x.png", None, 3, ["png"], ""])
def test_other_files_are_not_made(lesson, sent, ending):
    lesson.desk._on_message(None, {"type": "download", "ending": ending}, [])
    assert not sent


def test_what_cannot_be_made_is_said(lesson, sent, monkeypatch):
    def fail(*_, **__):
        raise ImportError(".mp4 needs imageio-ffmpeg")

    monkeypatch.setattr(type(lesson.player), "save", fail)
    lesson.download("mp4")
    assert sent == [({"type": "unsaved", "text": "This file could not be made: .mp4 needs imageio-ffmpeg"}, [])]
