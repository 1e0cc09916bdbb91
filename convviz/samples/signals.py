"""Signals by name, with any number of samples."""

import numpy as np

from convviz.samples.sample import Array, Sample, by_name

_SIZE = 64


def _impulse(size: int = _SIZE) -> Array:
    impulse = np.zeros(size, dtype=np.int64)
    impulse[size // 2] = 1
    return impulse


def _step(size: int = _SIZE) -> Array:
    return (np.arange(size) >= size // 2).astype(np.int64)


def _ramp(size: int = _SIZE) -> Array:
    return np.arange(size)


def _sine(size: int = _SIZE) -> Array:
    return np.asarray(np.sin(2 * np.pi * 4 * np.arange(size) / size))


def _chirp(size: int = _SIZE) -> Array:
    # The phase grows with the square of time, so that the frequency, its slope, grows with time.
    return np.asarray(np.sin(np.pi * 0.25 * np.arange(size) ** 2 / size))


def _noise(size: int = _SIZE) -> Array:
    return np.random.default_rng(0).normal(size=size)


NAMED_SIGNALS = by_name(
    Sample("impulse", "A single 1 in the middle: a convolution turns it into the kernel.", _impulse),
    Sample("step", "0 in the first half, 1 from the middle on.", _step),
    Sample("ramp", "0, 1, 2, …: it grows evenly.", _ramp),
    Sample("sine", "A pure tone: four whole waves.", _sine),
    Sample("chirp", "A tone that rises, from frequency 0 to a quarter of a cycle per sample.", _chirp),
    Sample("noise", "Random numbers with mean 0 and standard deviation 1, the same at every call.", _noise),
)
"""All named signals."""
