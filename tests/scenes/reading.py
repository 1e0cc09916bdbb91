"""Read a picture from its artists: rows of panels and signs, and the numbers that stand in the cells."""

from itertools import pairwise

import numpy as np

from convviz.player.frames.frames import Frames
from tests.scenes.extents import letterings_of
from tests.scenes.test_layout import check_room
from tests.scenes.test_statements import Number, rows_of

__all__ = ["Number", "check_room", "check_signs", "fresh", "numbers_in", "texts_in"]


def texts_in(scene):
    """Return what stands in the cells of each panel that shows numbers, by its name."""
    places = {}
    for lettering in letterings_of(scene):
        if lettering.align:
            centres = map(tuple, np.round(np.reshape(lettering.centres, (-1, 2)), 3))
            places |= dict(zip(centres, lettering.texts, strict=True))
    readable = [panel for panel in scene.panels if panel.has_cells and panel.box.readable]
    return {
        panel.name: [places.get(tuple(centre), "") for centre in np.round(panel.box.centres(), 3)] for panel in readable
    }


def numbers_in(scene):
    """Return the numbers in the cells of each panel that shows numbers; nothing where nothing stands."""
    return {name: [Number.read(text) if text else None for text in texts] for name, texts in texts_in(scene).items()}


def check_signs(scene, beginnings):
    """Check that each row begins with what begins a statement, or with a sign, and that no sign is left over."""
    for row in rows_of(scene):
        assert isinstance(row[0], str) or row[0].name in beginnings, (row[0].name, "opens a row")
        assert not isinstance(row[-1], str), (row[-1], "ends a row")
        for before, after in pairwise(row):
            assert not (isinstance(before, str) and isinstance(after, str))
            if not isinstance(before, str) and not isinstance(after, str):
                assert after.name in beginnings, (after.name, "has lost its sign")


def fresh(make, trace, look, key):
    """Draw a frame in a picture that has shown nothing before."""
    return Frames(make(trace, look)).pixels(key).copy()
