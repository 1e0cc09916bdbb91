"""Named inputs and kernels: usable, small, and nobody's to spoil."""

import numpy as np
import pytest

from convviz import convolve, correlate, samples


@pytest.mark.parametrize("name", samples.INPUTS)
@pytest.mark.parametrize("kernel", samples.KERNELS)
def test_any_kernel_goes_on_any_input(name, kernel):
    for operation in (correlate, convolve):
        trace = operation(samples.INPUTS[name](), samples.KERNELS[kernel](), "valid")
        assert len(trace) >= 9


@pytest.mark.parametrize("make", [*samples.INPUTS.values(), *samples.KERNELS.values()])
def test_each_call_makes_a_new_small_array(make):
    first = make()
    assert first.ndim == 2
    assert max(first.shape) <= 8
    first[...] = 77
    assert not (make() == 77).any()


def test_the_classic_example_is_the_one_of_the_lesson():
    trace = correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]())
    assert trace.output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_what_the_names_promise():
    assert samples.KERNELS["Counting 1 to 9"]().ravel().tolist() == list(range(1, 10))
    assert samples.INPUTS["Counting 1 to 25"]().ravel().tolist() == list(range(1, 26))
    impulse = samples.INPUTS["Impulse: a single one"]()
    assert (impulse.sum(), impulse[2, 2]) == (1, 1)
    assert samples.KERNELS["Box blur"]().sum() == pytest.approx(1)
    picture = samples.INPUTS["The classic 5×5"]()
    np.testing.assert_array_equal(correlate(picture, samples.KERNELS["Identity"](), "same").output, picture)
    assert samples.KERNELS["Sharpen"]().sum() == 1
    assert samples.KERNELS["Sobel, left to right"]().sum() == 0
    edge = correlate(samples.INPUTS["Step edge"](), samples.KERNELS["Sobel, left to right"]()).output
    assert (edge >= 0).all()
    assert edge.any()
    board = samples.INPUTS["Checkerboard"]()
    assert (board[:, 1:] != board[:, :-1]).all()
    assert (board[1:] != board[:-1]).all()
