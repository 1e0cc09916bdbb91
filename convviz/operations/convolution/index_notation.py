"""Convolution as a sum of echoes, and of three arrays, in index notation."""

from collections.abc import Sequence
from dataclasses import replace

from convviz.terms import Coordinate, Terms, View
from convviz.trace import Array


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


def waves_of_weights(kernel: Sequence[int], frequencies: Sequence[Array]) -> Terms:
    """Declare ``response[i, j] = Σ w[u, v] · a wave``.

    Parameters
    ----------
    kernel : sequence of int
        The kernel's shape.
    frequencies : sequence of ndarray
        The frequencies along each axis, in the order of the steps.

    Returns
    -------
    Terms
        A step is a frequency. The views are ``kernel``; and ``response``, whose frequencies ascend, where steps do so.
    """
    found, read = ["i", "j"][-len(kernel) :], ["u", "v"][-len(kernel) :]
    step = tuple(Coordinate(size=len(axis), of={name: 1}) for axis, name in zip(frequencies, found, strict=True))
    cells = tuple(Coordinate(size=size, of={name: 1}) for size, name in zip(kernel, read, strict=True))
    views = {"kernel": View(row=cells[:-1], column=cells[-1:])}
    if all((axis[1:] > axis[:-1]).all() for axis in frequencies):
        views["response"] = View(row=step[:-1], column=step[-1:])
    indices = {index: each.size for each in (*step, *cells) for index in each.of}
    return Terms(indices=indices, operands={"w": cells}, step=step, views=views)


def triple_products(a: Sequence[int], b: Sequence[int], c: Sequence[int], *, flip: bool) -> Terms:
    """Declare the products of three arrays, of which both results consist: ``(a∗b)∗c`` and ``a∗(b∗c)``.

    In a convolution, a product of ``a[k]``, ``b[m]`` and ``c[n]`` is added to cell ``k + m + n`` of both. In a
    cross-correlation the two cells differ: ``k − m − n`` and ``k − m + n``, but for where they begin to count.

    Parameters
    ----------
    a, b, c : sequence of int
        The shapes of the arrays.
    flip : bool
        Whether it is a convolution.

    Returns
    -------
    Terms
        A step is a cell of ``left``. The views are ``a``, ``b``, ``c``, ``first``, ``second``, ``left`` and ``right``.

    Examples
    --------
    >>> terms = triple_products([2], [2], [2], flip=False)
    >>> terms.related(terms.views["a"], terms.views["left"], (0, 0, 1), step=0)
    [Block(slices=(0,), rows=(0,), columns=(1, 2, 3))]
    """
    names = [("k", "m", "n"), ("k_row", "m_row", "n_row")]
    shapes = list(zip(reversed(a), reversed(b), reversed(c), strict=True))
    axes = [_triple(each, sizes, flip) for each, sizes in zip(names, shapes, strict=False)][::-1]
    views = {name: View(row=tuple(axis[name] for axis in axes[:-1]), column=(axes[-1][name],)) for name in axes[0]}
    indices = {
        index: size for each, sizes in zip(names, shapes, strict=False) for index, size in zip(each, sizes, strict=True)
    }
    operands = {name: tuple(axis[name] for axis in axes) for name in "abc"}
    return Terms(indices=indices, operands=operands, step=tuple(axis["left"] for axis in axes), views=views)


def _triple(names: Sequence[str], sizes: Sequence[int], flip: bool) -> dict[str, Coordinate]:
    """Return the coordinates of all arrays along one axis."""
    (k, m, n), (a, b, c) = names, sizes
    alone = {name: Coordinate(size=size, of={index: 1}) for name, size, index in zip("abc", sizes, names, strict=True)}
    first, second, whole = a + b - 1, b + c - 1, a + b + c - 2
    if flip:
        both = Coordinate(size=whole, of={k: 1, m: 1, n: 1})
        within = {"first": Coordinate(size=first, of={k: 1, m: 1}), "second": Coordinate(size=second, of={m: 1, n: 1})}
        return {**alone, **within, "left": both, "right": both}
    return {
        **alone,
        "first": Coordinate(size=first, of={k: 1, m: -1}, offset=b - 1),
        "second": Coordinate(size=second, of={m: 1, n: -1}, offset=c - 1),
        "left": Coordinate(size=whole, of={k: 1, m: -1, n: -1}, offset=b + c - 2),
        "right": Coordinate(size=whole, of={k: 1, m: -1, n: 1}, offset=b - 1),
    }
