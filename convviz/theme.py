"""Every colour, size and font, and how a picture will be looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a picture will be looked at; the browser tells, scenes obey.

    Parameters
    ----------
    width : int
        CSS pixels at hand.
    density : float
        Device pixels per CSS pixel.
    dark : bool
        Whether the page around the picture is dark.
    channel : int
        Which channel to show large where there are too many to show all.
    """

    width: int = 960
    density: float = 1.0
    dark: bool = False
    channel: int = 0

    @property
    def theme(self) -> "Theme":
        """The colours to use."""
        return DARK if self.dark else LIGHT


DESKTOP = Look()
"""The look of a light page on a computer's screen."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """The colours of one part of the story: a strong one for outlines and titles, a pale one for cells."""

    strong: str
    pale: str


@dataclass(frozen=True, kw_only=True)
class Theme:
    """What each colour means. Hues are those of Okabe and Ito, told apart by colour-blind eyes."""

    paper: str
    ink: str
    muted: str
    line: str
    border: str
    unknown: str
    input: Role
    kernel: Role
    products: Role
    output: Role


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b1f24",
    muted="#626a73",
    line="#c3c9d0",
    border="#eceef1",
    unknown="#f3f4f6",
    input=Role(strong="#0072b2", pale="#e3f1fa"),
    kernel=Role(strong="#c25100", pale="#fdeadd"),
    products=Role(strong="#a03c7a", pale="#f9e8f2"),
    output=Role(strong="#00775a", pale="#dff5ee"),
)
DARK = Theme(
    paper="#111111",
    ink="#f0f2f4",
    muted="#a3abb5",
    line="#4a525c",
    border="#23282e",
    unknown="#1a1e23",
    input=Role(strong="#56b4e9", pale="#12324a"),
    kernel=Role(strong="#ff9a4d", pale="#4a2a12"),
    products=Role(strong="#e79bc6", pale="#45213a"),
    output=Role(strong="#2fd0a4", pale="#0f3d31"),
)

FONT = "DejaVu Sans"
"""Ships with matplotlib, so that pictures look the same everywhere."""
TITLE_PX = 14
NOTE_PX = 11.5
EQUATION_PX = 14
CELL_PX = (46, 20)
"""Largest and smallest height of a cell that holds a number, in CSS pixels."""
NUMBER_PX = (15.5, 8.5)
"""Largest and smallest size of a number in a cell, in CSS pixels."""
