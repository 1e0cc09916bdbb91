"""SECURITY.md names the attacks that are tried, all of them, and no others."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "SECURITY.md"


def tried() -> Iterator[str]:
    """Read the names of all attacks off the tests."""
    for path in HERE.glob("test_*.py"):
        for test in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                for mark in test.decorator_list:
                    match mark:
                        case ast.Call(func=ast.Name(id="attack"), args=[ast.Constant(value=str(name))]):
                            yield name


def test_security_md_names_every_attack_and_says_what_is_promised():
    table = PAGE.read_text(encoding="utf-8").partition("## The attacks")[2]
    lines = re.findall(r"^\|.*\|$", table, re.MULTILINE)
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in lines]
    named = dict(rows[2:])
    names = sorted(tried())
    assert sorted(named) == names
    assert len(named) == len(rows) - 2 == len(set(names)) >= 40
    assert all(named.values())
