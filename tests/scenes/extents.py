"""Where the words and numbers of a picture are, in CSS pixels from its top left corner: asked of its artists."""

from typing import NamedTuple

import numpy as np

from convviz.scenes.drawing.lettering import Lettering, text_width

_CAP_EM = 0.73
"""Height of a digit."""


class Extent(NamedTuple):
    """A rectangle, and what it belongs to."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def within(self, other, slack=0.5):
        """Whether this lies within the other one, give or take what hinting moves."""
        return (
            self.left >= other.left - slack
            and self.right <= other.right + slack
            and self.top >= other.top - slack
            and self.bottom <= other.bottom + slack
        )


def overlapping(extents, slack=0.5):
    """List the pairs that share more than an edge."""
    return [(extents[a], extents[b]) for a, b in np.argwhere(np.triu(meeting(extents, extents, slack), 1))]


def outside(extents, places, slack=0.5):
    """List those that lie within none of the places."""
    return [extents[at] for at in np.flatnonzero(~lying(extents, places, slack).any(axis=1))]


def meeting(extents, others, slack):
    """Return for each extent, in a row, with which of the others it shares more than an edge."""
    left, top, right, bottom = _sides(extents)[..., None]
    lefts, tops, rights, bottoms = _sides(others)
    width, height = (
        np.minimum(right, rights) - np.maximum(left, lefts),
        np.minimum(bottom, bottoms) - np.maximum(top, tops),
    )
    return (width > slack) & (height > slack)


def lying(extents, places, slack):
    """Return for each extent, in a row, within which of the places it lies, give or take what hinting moves."""
    left, top, right, bottom = _sides(extents)[..., None]
    lefts, tops, rights, bottoms = _sides(places)
    return (left >= lefts - slack) & (right <= rights + slack) & (top >= tops - slack) & (bottom <= bottoms + slack)


def _sides(extents):
    """Return the left sides of all, their tops, their right sides, and their bottoms."""
    return np.array([extent[:4] for extent in extents], float).reshape(-1, 4).T


def sheet_of(scene):
    """Return the whole picture."""
    return Extent(0, 0, *scene.size, "the sheet")


def words_of(scene):
    """List titles, notes and captions: what does not stand on cells, nor in the equation."""
    equation = scene.equation and scene.equation.letters
    words = [lettering for lettering in letterings_of(scene) if lettering.align == 0 and lettering is not equation]
    return [extent for lettering in words for extent in letters_of(lettering)]


def letters_of(lettering):
    """List what a lettering has written."""
    extents = []
    for (x, y), text in zip(lettering.centres, lettering.texts, strict=True):
        if text.strip():
            width, half = text_width(text, lettering.size_px, bold=lettering.bold), _CAP_EM / 2 * lettering.size_px
            left = x - lettering.align * width
            extents.append(Extent(left, y - half, left + width, y + half, text))
    return extents


def letterings_of(picture):
    """List every lettering of a scene or sheet."""
    return [artist for artist in picture.figure.get_children() if isinstance(artist, Lettering)]


def letterings_on(panel):
    """List the letterings that stand on a panel's cells."""
    pieces = pieces_of(panel)
    written = [each for each in letterings_of(panel.sheet) if each.centres and each.align]
    return [each for each in written if all(any(lies_on(piece, at) for piece in pieces) for at in each.centres)]


def lies_on(piece, point):
    """Whether a point lies on a rectangle."""
    x, y = point
    return piece.left <= x <= piece.right and piece.top <= y <= piece.bottom


def pieces_of(panel):
    """List the parts of a panel that consist of cells; lines do not."""
    box = panel.box
    across, down = box.columns * box.cell_width, box.rows * box.cell_height
    pieces = box.pieces if panel.has_cells else []
    return [Extent(piece.x, piece.y, piece.x + across, piece.y + down, panel.name) for piece in pieces]


def cells_of(panel):
    """List the cells of a panel, row by row; lines are no cells."""
    box = panel.box
    return [
        Extent(x, y, x + box.cell_width, y + box.cell_height, panel.name)
        for x, y in (
            (piece.left + column * box.cell_width, piece.top + row * box.cell_height)
            for piece in pieces_of(panel)
            for row in range(box.rows)
            for column in range(box.columns)
        )
    ]


def slices_of(scene):
    """List the slices of all panels."""
    return [
        Extent(each["x"], each["y"], each["x"] + each["width"], each["y"] + each["height"], panel.name)
        for panel in scene.panels
        for each in panel.slices
    ]


def signs_of(scene):
    """List the signs between the panels."""
    return letters_of(scene.signs)


def panel_of(scene, name):
    """Find the panel of this name."""
    [panel] = [panel for panel in scene.panels if panel.name == name]
    return panel


def drawn_by(mark, panel):
    """Return the artist that a mark on a panel is drawn with."""
    return panel.drawn[mark].artists[0]
