"""Traces of whole models that are made by hand, without any library."""

from functools import partial

import numpy as np
from hypothesis import strategies as st

from convviz import conv_layer, pool
from convviz.operations.libraries.model_trace import INPUT, UNSEEN, ModelStep, ModelTrace

X = np.arange(32.0).reshape(2, 4, 4)
CONVOLUTION = conv_layer(X, np.ones((3, 2, 2, 2)))
POOLING = pool(CONVOLUTION.output, 2)
OPENED = {"Conv2d": CONVOLUTION, "MaxPool2d": POOLING, "ReLU": "It broke when it was opened."}


def model(*layers, parameters=None, name="Net"):
    """Make a trace of some layers, each given by what differs from a layer without parameters that is not explained."""
    steps = [_step(number, **layer) for number, layer in enumerate(layers)]
    own = sum(step.parameters for step in steps if step.first == step.index)
    return ModelTrace(
        X,
        np.ones(2),
        steps,
        name=name,
        parameters=own if parameters is None else parameters,
        chain=lambda: None,
    )


def _step(number, *, kind="Softmax", **more):
    shape = (3, 3, 3)
    facts = {"name": f"layer{number}", "shape_in": shape, "shape_out": shape, "parameters": 0, "macs": 0}
    facts |= {"reads": number - 1, "first": number, "passes": False, "notes": (), "kind": kind}
    facts |= {"plain": "" if kind in OPENED else f"Nobody explains a {kind}."}
    facts |= {"opened": partial(OPENED.get, kind, f"Nobody explains a {kind}.")} | more
    return ModelStep(number, (number,), 27, **facts)


CONV = {"kind": "Conv2d", "shape_in": (2, 4, 4), "shape_out": (3, 3, 3), "parameters": 24, "macs": 216}
POOL = {"kind": "MaxPool2d", "shape_out": (3, 1, 1)}
BROKEN, PLAIN = {"kind": "ReLU"}, {"kind": "Softmax"}
NET = model(CONV, POOL, BROKEN, PLAIN)


@st.composite
def models(draw):
    """Draw a model with names, shapes and numbers of all lengths."""
    names = st.text("abc.019", min_size=1, max_size=30)
    shapes = st.none() | st.lists(st.integers(1, 999), max_size=4).map(tuple)
    layers = []
    for number in range(draw(st.integers(1, 12))):
        layers.append(
            {
                "kind": draw(st.sampled_from(["Conv2d", "MaxPool2d", "Softmax", "AdaptiveAvgPool2d", "Dropout"])),
                "name": draw(names),
                "shape_in": draw(shapes),
                "shape_out": draw(shapes),
                "parameters": draw(st.sampled_from([0, 1, 2359296])),
                "macs": draw(st.sampled_from([None, 0, 1, 115605504])),
                "reads": draw(st.sampled_from([UNSEEN, INPUT, *range(number)])),
            }
        )
        layers[-1]["passes"] = layers[-1]["kind"] == "Dropout"
    return model(*layers, parameters=draw(st.none() | st.just(10**9)))
