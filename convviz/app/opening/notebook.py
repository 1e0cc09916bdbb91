"""The widgets that a notebook shows."""

import ast
import json
from pathlib import Path
from typing import Any


def shown(notebook: Path) -> dict[int, Any]:
    """Run the code of a notebook and return what each of its cells shows, by the cell's number, counted from 1."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    sources = {number: "".join(cell["source"]) for number, cell in enumerate(cells, 1) if cell["cell_type"] == "code"}
    return {number: _last(source, names, f"{notebook.name}, cell {number}") for number, source in sources.items()}


def _last(source: str, names: dict[str, Any], where: str) -> Any:
    """Run code, and return the value of the expression that it ends with."""
    code = ast.parse(source)
    last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
    exec(compile(code, where, "exec"), names)
    return eval(compile(ast.Expression(last.value), where, "eval"), names) if isinstance(last, ast.Expr) else None
