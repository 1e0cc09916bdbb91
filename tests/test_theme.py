"""Colours can be told apart, and what is written on them can be read, by eyes of all kinds."""

import re
from itertools import combinations, product
from pathlib import Path

import pytest

from convviz.scenes.panels.ties import PATTERNS
from convviz.theme import DARK, LIGHT, Look, Role, css, page_css
from tests.colour_vision import EYES, ciede2000, contrast, difference

ROOT = Path(__file__).parents[1]
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
ROLES = ("input", "kernel", "products", "output")


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_the_pale_fills_of_the_four_roles_stay_apart(theme, eyes):
    fills = {name: getattr(theme, name).pale for name in ROLES}
    for (one, a), (other, b) in combinations(fills.items(), 2):
        assert difference(a, b, eyes) >= 6, (one, other)


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_padding_and_what_is_not_known_yet_look_different_from_the_cells_beside_them(theme, eyes):
    assert difference(theme.border, theme.input.pale, eyes) >= 6
    assert difference(theme.unknown, theme.output.pale, eyes) >= 4


@THEMES
def test_words_reach_the_contrast_of_text(theme):
    pale = [getattr(theme, name).pale for name in ROLES]
    strong = [getattr(theme, name).strong for name in ROLES]
    written = [
        *product([theme.ink], [theme.paper, theme.raised, theme.border, theme.unknown, *pale]),
        *product([theme.muted], [theme.paper, theme.raised, theme.border, theme.unknown]),
        *product([*strong, theme.accent, theme.error], [theme.paper, theme.raised]),
        *zip(strong, pale, strict=True),
        *product([theme.kernel.strong, theme.error], [theme.input.pale, theme.border]),
        (theme.on_accent, theme.accent),
    ]
    assert {pair: ratio for pair in written if (ratio := contrast(*pair)) < 4.5} == {}


@pytest.mark.parametrize("look", [Look(), Look(dark=True)], ids=["light", "dark"])
def test_numbers_can_be_read_on_the_fills_of_tied_weights(look):
    assert len(set(look.ties)) == len(PATTERNS)
    assert {fill: ratio for fill in look.ties if (ratio := contrast(look.theme.ink, fill)) < 4.5} == {}
    assert min(difference(a, b, "all three cones") for a, b in combinations(look.ties, 2)) >= 6


@THEMES
def test_borders_of_fields_and_active_states_can_be_seen(theme):
    grounds = [theme.paper, theme.raised, *(getattr(theme, name).pale for name in ROLES)]
    active = [theme.field, theme.accent, theme.kernel.strong, theme.output.strong]
    assert {pair: ratio for pair in product(active, grounds) if (ratio := contrast(*pair)) < 3} == {}


@pytest.mark.parametrize(
    ("written", "selector", "theme"),
    [
        (css, ".convviz", LIGHT),
        (css, '.convviz[data-dark="true"]', DARK),
        (page_css, ":root", LIGHT),
        (page_css, ":root:has", DARK),
    ],
)
def test_the_page_has_every_token(written, selector, theme):
    rule = re.search(re.escape(selector) + r"[^{]* \{([^}]*)\}", written())[1]
    found = dict(re.findall(r"--convviz-([a-z-]+): (#[0-9a-f]{6});", rule))
    plain = ("raised", "ink", "muted", "line", "field", "accent", "error", "border", "unknown")
    expected = {name: getattr(theme, name) for name in plain}
    expected |= {"ground": theme.paper, "on-accent": theme.on_accent}
    expected |= {name: getattr(theme, name).strong for name in ROLES}
    expected |= {f"{name}-pale": getattr(theme, name).pale for name in ROLES}
    assert found == expected
    assert set(vars(theme)) == {*plain, "paper", "on_accent", *ROLES}
    assert {name for name, value in vars(theme).items() if isinstance(value, Role)} == set(ROLES)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_paper_that_defines_them(one, other, apart):
    assert ciede2000(one, other) == pytest.approx(apart, abs=1e-4)


def test_contrasts_are_those_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_style_asks_every_element_what_is_inside_of_it(committed_files):
    # The browser would look at the styles of the whole page anew for whatever changes in it: at each step.
    bare = re.compile(r"(?:^|[\s>+~,]):has\(", re.MULTILINE)
    styles = [path for path in committed_files if path.suffix == ".css"]
    assert len(styles) > 3
    assert [str(path) for path in styles if bare.search((ROOT / path).read_text(encoding="utf-8"))] == []
