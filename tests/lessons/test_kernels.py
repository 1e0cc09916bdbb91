"""Lesson 07, first part: what its text claims, done on the lesson."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from scipy import ndimage

from convviz import correlate, samples
from convviz.lessons import Kernels
from convviz.lessons.notes import kernel_verdict, separable_verdict, slopes_html
from convviz.lessons.states import Filtering
from convviz.player import Edit

PHOTOGRAPH = samples.photograph(60)
NOISE = np.random.default_rng(0).integers(0, 256, (30, 90, 3), dtype=np.uint8)


@pytest.fixture
def lesson():
    return Kernels()


def output(lesson, *used):
    """Use controls, and return the output on the screen."""
    for name, value in used:
        lesson.use(name, value)
        assert not lesson.desk.content["error"]
    return lesson.traces["filtered"].output


def test_every_named_kernel_of_two_axes_is_offered_and_says_what_it_does(lesson):
    for title, sample in lesson.state.ready_made["w"].items():
        found = output(lesson, ("list w", title))
        expected = ndimage.correlate(PHOTOGRAPH.astype(float), sample().astype(float), mode="constant")
        rows, columns = sample().shape
        inside = expected[rows // 2 : rows // 2 + len(found), columns // 2 : columns // 2 + found.shape[1]]
        np.testing.assert_allclose(found, inside, atol=1e-9)
        assert sample.says.split(":")[0].rstrip(".") in lesson.note("kernel").value
    offered = {sample.name for sample in lesson.state.ready_made["w"].values()}
    assert offered == {sample.name for sample in samples.NAMED_KERNELS.values() if sample().ndim == 2}


def test_the_whole_output_is_shown_at_every_step(lesson):
    panel = lesson.player.pictures[0]["panels"][-1]
    assert (panel["name"], panel["changing"]) == ("output", False)


def test_a_dragged_weight_changes_the_output_at_once(lesson):
    for weight in (1, 2, 3):
        lesson.edit(Edit(operand="w", cell=(1, 1), text=str(weight), live=True))
        kernel = samples.kernel("sobel_x")
        kernel[1, 1] = weight
        assert np.array_equal(lesson.traces["filtered"].output, correlate(PHOTOGRAPH, kernel).output)
        assert "Your own kernel" in lesson.note("kernel").value
    lesson.edit(Edit(operand="w", cell=(1, 1), text="3", live=False))
    lesson.undo()
    assert lesson.state.named.title == "Sobel, left to right"


def test_a_picture_of_ones_own_is_read_in_grey(lesson):
    file = BytesIO()
    Image.fromarray(NOISE).save(file, "png")
    lesson.use("file x", file.getvalue())
    assert not lesson.desk.content["error"]
    assert lesson.state.x.shape == (21, 64)
    Image.fromarray(NOISE[:30, :40]).save(file := BytesIO(), "png")
    lesson.use("file x", file.getvalue())
    assert np.array_equal(lesson.state.x, np.asarray(Image.fromarray(NOISE[:30, :40]).convert("L")))


def test_even_areas_keep_their_brightness_or_become_0(lesson):
    even = np.full((9, 9), 100)
    for title, factor in (("Box blur", 1), ("Gaussian blur", 1), ("Sharpen", 1), ("Laplacian", 0), ("Identity", 1)):
        found = correlate(even, samples.KERNELS[title]()).output
        np.testing.assert_allclose(found, 100 * factor)
        output(lesson, ("list w", title))
        lesson.predictions.guess(0, str(100 * factor))
        assert lesson.desk.questions[0]["before"][1] == "✓"


def test_turned_sobel_looks_downwards(lesson):
    output(lesson, ("press turned", True))
    assert lesson.state.named.title == "Sobel, top to bottom"
    for name in ("prewitt", "scharr"):
        turned = Filtering(x=PHOTOGRAPH, w=samples.kernel(f"{name}_x")).with_turned()
        assert np.array_equal(turned.w, samples.kernel(f"{name}_y"))


def test_task_1_an_edge_is_36(lesson):
    found = output(lesson, ("list x", "Step edge"))
    assert found.max() == 36
    assert not output(lesson, ("press turned", True)).any()


def test_task_2_sharpen_less_one_is_the_laplacian_with_other_signs(lesson):
    output(lesson, ("list w", "Sharpen"))
    lesson.edit(Edit(operand="w", cell=(1, 1), text="4", live=False))
    assert np.array_equal(lesson.traces["filtered"].output, -correlate(PHOTOGRAPH, samples.kernel("laplacian")).output)


def test_task_3_what_is_separable(lesson):
    products = {"Motion blur": 3, "Emboss": 3, "Laplacian": 2}
    for title in ("Gaussian blur, 5×5", "Scharr, left to right", *products):
        output(lesson, ("list w", title))
        html = lesson.note("separable").value
        if title in products:
            assert f"It takes {products[title]} such products, added up." in html
        else:
            assert "<b>This kernel is separable.</b>" in html
            assert f"all {lesson.traces['filtered'].output.size:,} output cells are equal" in html


numbers = st.integers(-9, 9)
sides = st.integers(1, 5)


@given(st.lists(numbers, min_size=1, max_size=5), st.lists(numbers, min_size=1, max_size=5), st.booleans())
def test_what_is_separable_is_found_to_be_equal(column, row, is_float):
    w = np.outer(column, row) / (7 if is_float else 1)
    trace = correlate(samples.picture("landscape"), w if is_float else np.outer(column, row))
    html = separable_verdict(trace)
    assert f"all {trace.output.size} output cells are equal" in html
    assert f"{len(column)} + {len(row)} = {len(column) + len(row)} multiplications" in html


@given(arrays(np.int64, (3, 3), elements=numbers))
def test_slopes_are_those_of_scipy(patch):
    html = slopes_html(correlate(patch, samples.kernel("sobel_x"))[0])
    for name, operator in (("Prewitt", ndimage.prewitt), ("Sobel", ndimage.sobel)):
        along, down = (operator(patch, axis=axis)[1, 1] for axis in (1, 0))
        assert f"{name}</th><td>{along}</td><td>{down}</td>" in html


def test_a_slope_of_one_is_one_for_the_whole_family():
    rows, columns = np.indices((3, 3))
    html = slopes_html(correlate(3 * rows + 4 * columns, samples.kernel("sobel_x"))[0])
    assert html.count("<td>5</td>") == 3
    assert "pick another one" in slopes_html(correlate(PHOTOGRAPH, np.ones((5, 5)))[0])


def test_a_kernel_without_a_name_says_so():
    assert "Your own kernel" in kernel_verdict(None)
