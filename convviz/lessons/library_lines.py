"""What the field's libraries call the operation on the screen, with code that gives the very same numbers."""

import numpy as np

from convviz.lessons.code_cards import MOST_CELLS, LibraryLine, code_cards, code_section, literal
from convviz.operations.convolution.correlate import Mode, WindowTrace


def preamble(trace: WindowTrace) -> str:
    """Write the lines that all code of `library_lines` needs before it: NumPy, ``x`` and ``w``.

    Small arrays are written out, exactly. Larger ones are taken from a variable ``trace``.

    Examples
    --------
    >>> from convviz import correlate
    >>> print(preamble(correlate([1, 2, 3], [0.5, -1])))
    import numpy as np
    x = np.array([1.0, 2.0, 3.0])
    w = np.array([0.5, -1.0])
    """
    if trace.x.size + trace.w.size > MOST_CELLS:
        return "import numpy as np\nx, w = trace.x, trace.w  # too many numbers to write out"
    return f"import numpy as np\nx = {literal(trace.x)}\nw = {literal(trace.w)}"


def library_lines(trace: WindowTrace) -> list[LibraryLine]:
    """Tell how NumPy, SciPy and PyTorch compute what a trace shows.

    Parameters
    ----------
    trace : WindowTrace
        As made by `convviz.correlate` or `convviz.convolve`.

    Returns
    -------
    list of LibraryLine
        For 1D arrays other functions than for 2D ones, since most take either the one or the other.

    Notes
    -----
    Sources: the reference pages of `numpy.convolve`, `scipy.signal.correlate2d` (whose mode 'same' differs from that
    of `scipy.signal.correlate` for even kernels) and `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> from convviz import convolve
    >>> line = library_lines(convolve([1, 2], [3, 4]))[1]
    >>> line.library, line.code
    ('numpy.correlate', 'result = np.correlate(x, w[::-1], mode="full")')
    """
    if trace.x.ndim == 1:
        return [
            _numpy(trace, "convolve"),
            _numpy(trace, "correlate"),
            _scipy(trace, "convolve"),
            _scipy(trace, "correlate"),
            _torch(trace),
        ]
    return [_numpy_on_rows(trace), _scipy(trace, "convolve2d"), _scipy(trace, "correlate2d"), _torch(trace)]


def lines_html(trace: WindowTrace, *others: WindowTrace) -> str:
    """Lay out `library_lines` as HTML that follows the page's own colours, and wraps on a narrow screen.

    Parameters
    ----------
    trace : WindowTrace
        As made by `convviz.correlate` or `convviz.convolve`.
    *others : WindowTrace
        More of the same input and kernel, to be set beside it.

    Raises
    ------
    ValueError
        If inputs or kernels differ, so that one `preamble` cannot do for all.
    """
    if not all(np.array_equal(trace.x, other.x) and np.array_equal(trace.w, other.w) for other in others):
        raise ValueError("others have another input or kernel than trace; accepted: traces of the same x and w")
    columns = "".join(map(_column, (trace, *others)))
    return code_section(preamble(trace), columns)


def _numpy(trace: WindowTrace, name: str) -> LibraryLine:
    turns = name == "convolve"
    [axis] = trace.geometry.axes
    says = _says(trace, turns)
    cut = _mode(trace) == "same" and axis.kernel > axis.size
    if cut:
        says += " Its own mode 'same' is as long as the longer of the two, so 'same' is cut out of 'full'."
    return LibraryLine(
        library=f"numpy.{name}", turns=turns, says=says, code=f"result = {_call(trace, f'np.{name}', turns, cut=cut)}"
    )


def _numpy_on_rows(trace: WindowTrace) -> LibraryLine:
    row, kernel_row = len(trace.x) // 2, len(trace.w) // 2
    return LibraryLine(
        library="numpy.convolve",
        turns=True,
        says="Takes 1D arrays only, so it cannot do this picture. It turns the kernel (numpy.correlate does not): "
        "here is what it makes of one row of each.",
        code=f'result = np.convolve(x[{row}], w[{kernel_row}], mode="full")',
        same=False,
    )


def _scipy(trace: WindowTrace, name: str) -> LibraryLine:
    turns = name.startswith("convolve")
    says = _says(trace, turns)
    even = any(axis.kernel % 2 == 0 for axis in trace.geometry.axes)
    cut = name == "correlate2d" and _mode(trace) == "same" and even
    if cut:
        says += " With an even kernel its own mode 'same' starts one cell later, so 'same' is cut out of 'full'."
    # Left to choose, SciPy may take a Fourier transform for long 1D arrays, and round.
    method = "" if name.endswith("2d") else ', method="direct"'
    call = _call(trace, name, turns, method, cut=cut)
    code = f"from scipy.signal import {name}\nresult = {call}"
    return LibraryLine(library=f"scipy.signal.{name}", turns=turns, says=says, code=code)


def _torch(trace: WindowTrace) -> LibraryLine:
    name = f"conv{trace.w.ndim}d"
    says = f"Called “conv”, but l{_says(trace, turns=False)[1:]}"
    if _mode(trace) != "valid":
        says += f" Mode '{_mode(trace)}' is a border of zeros, counted in cells."
    if trace.output.dtype.kind == "i":
        says += " Layers compute with floats: float64 holds integers exactly up to 2**53."
    pad, padding = _torch_border(trace)
    lines = [
        "import torch",
        f"from torch.nn.functional import {name}" + (", pad" if pad else ""),
        "# one example of one channel, one filter of one channel",
        "x_t = torch.tensor(x).double()[None, None]",
        "w_t = torch.tensor(w).double()[None, None]",
        f"w_t = torch.flip(w_t, {tuple(range(2, 2 + trace.w.ndim))})" if trace.flip else "",
        f"x_t = {pad}" if pad else "",
        f"result = {name}(x_t, w_t{padding})[0, 0]",
    ]
    code = "\n".join(line for line in lines if line)
    return LibraryLine(library=f"torch.nn.functional.{name}", turns=False, says=says, code=code)


def _torch_border(trace: WindowTrace) -> tuple[str, str]:
    """Write the border as a call of ``pad`` if it is uneven, else as an argument of the convolution."""
    axes = trace.geometry.axes
    if any(axis.before != axis.after for axis in axes):
        # PyTorch counts from the last axis to the first: left, right, top, bottom.
        cells = tuple(cells for axis in reversed(axes) for cells in (axis.before, axis.after))
        return f"pad(x_t, {cells})", ""
    before = tuple(axis.before for axis in axes)
    return "", f", padding={before}" if any(before) else ""


def _call(trace: WindowTrace, function: str, turns: bool, more: str = "", *, cut: bool) -> str:
    """Write a call that takes a mode; ``cut`` takes the mode's cells out of 'full' instead."""
    turned = "[" + ", ".join(["::-1"] * trace.w.ndim) + "]"
    kernel = "w" if turns == trace.flip else f"w{turned}"
    if not cut:
        return f'{function}(x, {kernel}, mode="{_mode(trace)}"{more})'
    starts = [(axis.kernel - 1 - axis.before, axis.output) for axis in trace.geometry.axes]
    cells = ", ".join(f"{start}:{start + count}" for start, count in starts)
    return f'{function}(x, {kernel}, mode="full"{more})[{cells}]'


def _mode(trace: WindowTrace) -> Mode:
    axes = trace.geometry.axes
    if not any(axis.before or axis.after for axis in axes):
        return "valid"
    return "full" if all(axis.before == axis.after == axis.kernel - 1 for axis in axes) else "same"


def _operation(trace: WindowTrace) -> str:
    return "convolution" if trace.flip else "cross-correlation"


def _says(trace: WindowTrace, turns: bool) -> str:
    does = "Turns the kernel by 180°" if turns else "Leaves the kernel as it is"
    if turns == trace.flip:
        return f"{does}, as a {_operation(trace)} should."
    if trace.flip:
        return f"{does}. A convolution needs it turned, so turn it first."
    return f"{does}, which a cross-correlation must not. So turn it first: the two turns cancel."


def _column(trace: WindowTrace) -> str:
    cards = code_cards(library_lines(trace))
    return f'<section><h4>{_operation(trace).capitalize()}</h4><div class="convviz-columns">{cards}</div></section>'
