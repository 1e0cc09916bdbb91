"""Every colour, size and font, and how a picture will be looked at: the one home of tokens, for pages as well."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a picture will be looked at: the browser knows, and scenes follow.

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

    @property
    def ties(self) -> tuple[str, ...]:
        """The fills of cells that share a weight, one for each of the first few weights."""
        return _DARK_TIES if self.dark else _LIGHT_TIES


_LIGHT_TIES = ("#77aadd", "#eedd88", "#ee8866", "#44bb99", "#ffaabb", "#bbcc33", "#99ddff", "#dddddd", "#aaaa00")
"""Source: Paul Tol, "Colour Schemes" (2021), the scheme "light", which is made to have black words on it."""
_DARK_TIES = ("#36506b", "#6e6640", "#6f3f30", "#1f5748", "#76505a", "#5e681c", "#467080", "#666666", "#474703")
"""The same, darker."""


DESKTOP = Look()
"""The look of a light page on a computer's screen."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """The colours of one part of the story: a strong one for outlines and words, a pale one for cells."""

    strong: str
    pale: str


@dataclass(frozen=True, kw_only=True)
class Theme:
    """What each colour means.

    Hues are those of Okabe and Ito. Pale colours differ in lightness as well, so that eyes that lack a kind of cones
    tell them apart: CIEDE2000 differences of 6 or more between any two.

    Parameters
    ----------
    paper, raised : str
        The ground of pictures and pages, and of what is raised above it.
    ink, muted : str
        Words, and words that matter less.
    line, field : str
        Lines between things, and the border of what can be edited.
    accent, on_accent, error : str
        What is active, what is written on that, and what went wrong.
    border, unknown : str
        The ground of padding, and of cells that nothing is known of yet.
    input, kernel, products, output : Role
        The four parts of the story. The bias is one of the weights, and has the kernel's colours.
    """

    paper: str
    raised: str
    ink: str
    muted: str
    line: str
    field: str
    accent: str
    on_accent: str
    error: str
    border: str
    unknown: str
    input: Role
    kernel: Role
    products: Role
    output: Role


LIGHT = Theme(
    paper="#ffffff",
    raised="#f7f8fa",
    ink="#1c2024",
    muted="#5b6470",
    line="#c3c9d0",
    field="#6f7a86",
    accent="#0b57a4",
    on_accent="#ffffff",
    error="#b3261e",
    border="#e6e8ec",
    unknown="#f1f3f5",
    input=Role(strong="#006aa8", pale="#cceaff"),
    kernel=Role(strong="#a84a00", pale="#fde7ca"),
    products=Role(strong="#9b3a7d", pale="#f3e9f0"),
    output=Role(strong="#00775a", pale="#e4fae9"),
)
DARK = Theme(
    paper="#101214",
    raised="#181b1f",
    ink="#eef1f4",
    muted="#a3adb8",
    line="#4a525c",
    field="#78838f",
    accent="#7db7f5",
    on_accent="#0b1722",
    error="#ff8a80",
    border="#2a2f36",
    unknown="#1b1f24",
    input=Role(strong="#5ab4e6", pale="#053552"),
    kernel=Role(strong="#ff9a4d", pale="#492b14"),
    products=Role(strong="#e58fc6", pale="#432a3d"),
    output=Role(strong="#35cfa5", pale="#223627"),
)


_NAMES = {"paper": "ground", "on_accent": "on-accent"}
"""Names of a token in CSS where it is another one."""


def css() -> str:
    """Return the colours as custom properties for the page: of ``.convviz``, and of a dark one (``data-dark="true"``).

    Names are ``--convviz-ground`` for the paper, ``--convviz-on-accent``, ``--convviz-input``,
    ``--convviz-input-pale`` and so on.

    Examples
    --------
    >>> "--convviz-ground: #ffffff;" in css() and "--convviz-kernel-pale: #492b14;" in css()
    True
    """
    # Widgets say themselves whether they are dark; of texts, which cannot, JupyterLab's and Voila's page says it.
    dark = '.convviz[data-dark="true"], [data-jp-theme-light="false"] .convviz:not([data-dark="false"])'
    return _rule(".convviz", "light", LIGHT) + _on_screen(_rule(dark, "dark", DARK))


def page_css() -> str:
    """Return the same properties for a whole page: one that is dark says so at its body, as JupyterLab's does.

    Examples
    --------
    >>> page_css().startswith(":root {") and 'light="false"' in page_css()
    True
    """
    dark = ':root:has(body[data-jp-theme-light="false"])'
    return _rule(":root", "light", LIGHT) + _on_screen(_rule(dark, "dark", DARK))


def _on_screen(rule: str) -> str:
    """Keep a rule off paper, which is light."""
    return f"@media not print {{\n{rule}}}\n"


def _rule(selector: str, scheme: str, theme: Theme) -> str:
    lines = [f"color-scheme: {scheme};"]
    for token in fields(theme):
        colour, name = getattr(theme, token.name), _NAMES.get(token.name, token.name)
        if isinstance(colour, Role):
            lines += [f"--convviz-{name}: {colour.strong};", f"--convviz-{name}-pale: {colour.pale};"]
        else:
            lines.append(f"--convviz-{name}: {colour};")
    return "\n  ".join([f"{selector} {{", *lines]) + "\n}\n"


FONT = "DejaVu Sans"
"""Ships with matplotlib, so that pictures look the same everywhere."""
TITLE_PX = 14
NOTE_PX = 11.5
EQUATION_PX = 14
CELL_PX = (46, 20)
"""Largest and smallest height of a cell that holds a number, in CSS pixels."""
NUMBER_PX = (15.5, 8.5)
"""Largest and smallest size of a number in a cell, in CSS pixels."""
