"""Words in the slices of a panel: a few lines in each, beside a stripe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convviz.scenes.drawing.lettering import Point, text_width
from convviz.scenes.panels.part import Drawn

if TYPE_CHECKING:
    from convviz.scenes.panels.panel import Panel

LABEL_PX, LINE_PX, STRIPE_PX, PADDING_PX = 10.0, 13.0, 6.0, 4.0
"""Sizes of the font, of a line, of the stripe, and of the room around the lines."""
HATCHED = ""
"""A stripe without a colour is hatched."""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Lines of words for each slice, from its top, and the colour of its stripe; None for a slice without a stripe."""

    lines: Sequence[Sequence[str]]
    stripes: Sequence[str | None]

    def __call__(self, panel: "Panel") -> Drawn:
        """Write the lines and draw the stripes: they stay."""
        sheet, pieces = panel.sheet, panel.box.pieces
        for colour in sorted({stripe for stripe in self.stripes if stripe is not None}):
            own = [piece for piece, stripe in zip(pieces, self.stripes, strict=True) if stripe == colour]
            style = {"facecolor": colour, "edgecolor": "none"}
            if colour == HATCHED:
                style = {"facecolor": sheet.theme.paper, "edgecolor": sheet.theme.field, "hatch": "//////"}
            sheet.rectangles([(at.x, at.y, STRIPE_PX, at.height) for at in own], moving=False, linewidth=0, **style)
        places: list[Point] = []
        texts: list[str] = []
        for piece, lines in zip(pieces, self.lines, strict=True):
            x, top = piece.x + STRIPE_PX + PADDING_PX, piece.y + PADDING_PX + LINE_PX / 2
            places += [(x, top + number * LINE_PX) for number in range(len(lines))]
            texts += lines
        letters = sheet.lettering(places, LABEL_PX, sheet.theme.ink, moving=False, align=0)
        letters.set_texts(texts)
        return Drawn((letters,))


def around_px() -> float:
    """Return how much wider a slice is than its lines."""
    return STRIPE_PX + 2 * PADDING_PX


def label_size(lines: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return the width and height of slices that hold some lines.

    Examples
    --------
    >>> label_size([["Conv2d"], ["ReLU", "3×4"]])[1]
    34.0
    """
    widest = max((text_width(line, LABEL_PX) for each in lines for line in each), default=0.0)
    return around_px() + widest, 2 * PADDING_PX + LINE_PX * max(map(len, lines), default=0)


def shortened(text: str, size_px: float, room_px: float) -> str:
    """Leave out the beginning of a text that is too wide.

    Examples
    --------
    >>> shortened("layer4.1.conv2", 10, 50), shortened("conv2", 10, 50)
    ('…1.conv2', 'conv2')
    """
    if text_width(text, size_px) <= room_px:
        return text
    endings = ("…" + text[start:] for start in range(1, len(text)))
    return next((ending for ending in endings if text_width(ending, size_px) <= room_px), "…")
