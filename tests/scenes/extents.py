"""Where the words and numbers of a picture are, in CSS pixels from its top left corner: asked of its artists."""

from itertools import combinations
from typing import NamedTuple

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

    def meets(self, other, slack=0.5):
        """Whether the two share more than an edge."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > slack
            and min(self.bottom, other.bottom) - max(self.top, other.top) > slack
        )


def overlapping(extents):
    """List the pairs that overlap."""
    return [(a, b) for a, b in combinations(extents, 2) if a.meets(b)]


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
    cells = cells_of(panel)
    return [
        lettering
        for lettering in letterings_of(panel.sheet)
        if lettering.centres
        and lettering.align
        and all(any(c.left <= x <= c.right and c.top <= y <= c.bottom for c in cells) for x, y in lettering.centres)
    ]


def cells_of(panel):
    """List the cells of a panel, row by row; lines are no cells."""
    box = panel.box
    if not panel.has_cells:
        return []
    return [
        Extent(x, y, x + box.cell_width, y + box.cell_height, panel.name)
        for x, y in (
            (piece.x + column * box.cell_width, piece.y + row * box.cell_height)
            for piece in box.pieces
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
