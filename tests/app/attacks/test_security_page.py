"""SECURITY.md names the attacks that are tried, all of them, and no others."""

import importlib
import re
from pathlib import Path

from tests.app.attacks.stranger import ATTACKS

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "SECURITY.md"


def test_security_md_names_every_attack_and_says_what_is_promised():
    for path in HERE.glob("test_*.py"):
        importlib.import_module(f"tests.app.attacks.{path.stem}")
    table = PAGE.read_text(encoding="utf-8").partition("## The attacks")[2]
    rows = [
        [part.strip() for part in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", table, re.MULTILINE)
    ]
    named = dict(rows[2:])
    assert named.keys() == ATTACKS.keys()
    assert all(len(promise) > 20 for promise in named.values())
    assert len(named) >= 40


def test_every_attack_is_tried():
    for path in HERE.glob("test_*.py"):
        importlib.import_module(f"tests.app.attacks.{path.stem}")
    assert all(test.__name__.startswith("test_") for test in ATTACKS.values())
