"""What a picture of any operation shows, asked of its artists; and what must hold of every one of them."""

from itertools import pairwise

import numpy as np

from convviz.player.frames.frames import Frames
from convviz.scenes.drawing.lettering import Lettering
from tests.player.test_frames import fresh
from tests.scenes.extents import letterings_of, panel_of
from tests.scenes.test_statements import Number, rows_of

WIDTHS = (320, 360, 480, 560, 700, 830, 960, 1100, 1400)
MUCH = 1000


def texts_on(panel):
    """Read what is written in the cells of a panel, from where it stands on the sheet."""
    places = {}
    for lettering in letterings_of(panel.sheet):
        assert isinstance(lettering, Lettering)
        places |= dict(zip(map(tuple, np.round(lettering.centres, 3).reshape(-1, 2)), lettering.texts, strict=True))
    return [places.get(tuple(centre), "") for centre in np.round(panel.box.centres(), 3)]


def check_shown(scene, step, expected):
    """Check that what stands in the cells is what is expected: None where nothing stands, or nothing is known yet."""
    scene.draw(step.index)
    names = {panel.name for panel in scene.panels}
    assert names <= expected.keys()
    for panel in scene.panels:
        cells = expected[panel.name]
        assert np.size(cells) == len(panel.slices) * panel.rows * panel.columns, panel.name
        if not panel.has_numbers:
            assert panel.texts(step) is None
            continue
        told = panel.texts(step)
        for cell, written, text in zip(np.ravel(cells), texts_on(panel), told, strict=True):
            assert (cell is None) == (text == ""), (panel.name, cell, text)
            if cell is not None:
                assert written == text
                assert agrees(text, cell), (panel.name, text, cell)


def agrees(text, number):
    """Whether a text may stand for a number that was computed in another order."""
    read = Number.read(text)
    slack = 1e-12 * (1 + abs(number))
    return float(read.low) - slack <= number <= float(read.high) + slack


def reading_of(scene, beginnings):
    """Read the picture from left to right, row by row: the names of its panels, and the signs between them."""
    words = []
    for row in rows_of(scene):
        names = [what if isinstance(what, str) else what.name for what in row]
        assert isinstance(row[0], str) or names[0] in beginnings, (names, "opens a row")
        assert not isinstance(row[-1], str), (names, "ends with a sign")
        assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(row))
        words += [name for name, before in zip(names, ["", *names], strict=False) if name != before]
    return " ".join(words)


def check_frames(make, trace, look, keys):
    """Check that a frame is that of a fresh picture, whatever was drawn before."""
    frames = Frames(make(trace, look))
    for key in keys:
        assert np.array_equal(frames.pixels(key), fresh(make, trace, look, key))


def check_links(make, trace, again, computed, index):
    """Check what is linked against a dull oracle: change one number in the picture, and see what else changes.

    ``again(operand, cell)`` makes the trace anew with that number of an operand much larger, and ``computed`` are the
    names of the panels whose numbers follow from the operands.
    """
    scene = make(trace)
    terms = scene.terms
    panels = {panel.name: panel for panel in scene.panels if panel.view}
    for panel in panels.values():
        assert panel.view.shape == (len(panel.slices), panel.rows, panel.columns), panel.name
    for source in [panel for panel in panels.values() if panel.edits in terms.operands]:
        for cell in np.ndindex(source.view.shape):
            place = terms.cell_of(source.edits, source.view, cell, index)
            if place is None:
                continue
            changed = make(again(source.edits, place))
            for name in (computed - {"stamp"} if source.edits == "bias" else computed) & panels.keys():
                shown = (panel_of(each, name).values(each.trace[index]) for each in (scene, changed))
                before, after = (np.ma.filled(values, 0) for values in shown)
                blocks = terms.related(source.view, panels[name].view, cell, index)
                found = {at for block in blocks for at in block.cells()}
                assert found == {tuple(map(int, at)) for at in np.argwhere(before != after)}, (source.name, cell, name)
