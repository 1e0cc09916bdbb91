"""Convolution as a sum of echoes, in index notation."""

from dataclasses import replace

from convviz.terms import Coordinate, Terms, View


def delayed_copies(samples: int, delays: int) -> Terms:
    """Declare ``output[k + m] += x[k] · h[m]``.

    Returns
    -------
    Terms
        A step is a sample of ``x``. The views are ``input``, ``response`` (which is ``h``), ``echo`` (that of the step)
        and ``output``, each with a single row; ``echoes``, with one row for each echo; and ``table``, the products in
        rows ``k`` and columns ``m``.

    Examples
    --------
    >>> terms = delayed_copies(samples=4, delays=2)
    >>> terms.steps_of(terms.views["output"], (0, 0, 2), step=0)
    [1, 2]
    """
    sample, delay = Coordinate(size=samples, of={"k": 1}), Coordinate(size=delays, of={"m": 1})
    output = Coordinate(size=samples + delays - 1, of={"k": 1, "m": 1})
    views = {
        "input": View(column=(sample,)),
        "response": View(column=(delay,)),
        "echo": View(column=(output,), fixed=("k",)),
        "echoes": View(row=(sample,), column=(output,)),
        "table": View(row=(sample,), column=(delay,)),
        "output": View(column=(output,)),
    }
    operands = {"x": (sample,), "h": (delay,)}
    return Terms(indices={"k": samples, "m": delays}, operands=operands, step=(sample,), views=views)


def multiplication_table(rows: int, columns: int) -> Terms:
    """Declare the same terms, but with output cells as steps: each step adds up one anti-diagonal of the table.

    Returns
    -------
    Terms
        The views are ``input``, ``response``, ``table`` and ``output``.

    Examples
    --------
    >>> terms = multiplication_table(rows=3, columns=2)
    >>> terms.step_of(terms.views["table"], (0, 2, 1), step=0)
    3
    """
    terms = delayed_copies(rows, columns)
    views = {name: terms.views[name] for name in ("input", "response", "table", "output")}
    return replace(terms, step=views["output"].column, views=views)
