"""What deep learning calls convolution is cross-correlation: the same numbers as PyTorch's, where it is installed.

With ``CONVVIZ_REQUIRE_TORCH=1`` its absence fails these tests instead of skipping them.
"""

import os
from importlib import import_module

import numpy as np
import pytest
from hypothesis import assume, given

from convviz import convolve, correlate
from tests import reference
from tests.strategies import pairs

if os.environ.get("CONVVIZ_REQUIRE_TORCH") != "1":
    pytest.importorskip("torch", reason="PyTorch is not installed; CONVVIZ_REQUIRE_TORCH=1 insists on it")
torch = import_module("torch")


def torchs(x, w):
    """Let PyTorch compute it, with one picture of one channel."""
    conv = {1: torch.nn.functional.conv1d, 2: torch.nn.functional.conv2d}[x.ndim]
    x, w = (torch.tensor(array.astype(np.float64).copy())[None, None] for array in (x, w))
    return conv(x, w)[0, 0].numpy()


@given(pairs(most=9, largest_kernel=4))
def test_correlate_is_what_a_convolution_layer_computes(pair):
    x, w = pair
    assume(all(k <= n for n, k in zip(x.shape, w.shape, strict=True)))
    np.testing.assert_allclose(correlate(x, w).output, torchs(x, w), rtol=0, atol=reference.rounding(x, w))


@given(pairs(most=9, largest_kernel=4))
def test_convolve_is_a_layer_with_its_weights_flipped(pair):
    x, w = pair
    assume(all(k <= n for n, k in zip(x.shape, w.shape, strict=True)))
    expected = torchs(x, np.flip(w))
    np.testing.assert_allclose(convolve(x, w, "valid").output, expected, rtol=0, atol=reference.rounding(x, w))


def test_the_classic_example_comes_out():
    x = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    w = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    assert torchs(x, w).tolist() == correlate(x, w).output.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
