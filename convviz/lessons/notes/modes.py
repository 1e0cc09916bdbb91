"""Which cells of a full convolution the other modes keep: a table, cell by cell."""

from convviz.lessons.notes.comparing import several
from convviz.lessons.notes.markup import paragraphs, table
from convviz.numerals import numeral, settle
from convviz.operations.convolution.echoes import EchoTrace

MODES = ("full", "same", "causal", "valid")
_TRIMMED = "✂"
_DIGITS = 2
"""Significant digits of a rounded number: those of the cells in the picture."""


def kept(samples: int, delays: int) -> dict[str, range]:
    """Return which cells of the full output each mode keeps.

    'same' keeps as many as there are samples, from the middle; 'causal' as many, from the beginning; 'valid' those in
    which the whole response lies on the signal: none where it is longer than the signal.

    Examples
    --------
    >>> kept(6, 4)
    {'full': range(0, 9), 'same': range(1, 7), 'causal': range(0, 6), 'valid': range(3, 6)}
    """
    middle = (delays - 1) // 2
    whole = range(delays - 1, max(samples, delays - 1))
    ranges = (range(samples + delays - 1), range(middle, middle + samples), range(samples), whole)
    return dict(zip(MODES, ranges, strict=True))


def modes_html(trace: EchoTrace) -> str:
    """Show the full output, and which of its cells the modes 'same', 'causal' and 'valid' keep.

    Examples
    --------
    >>> from convviz import echoes
    >>> html = modes_html(echoes([1, 2, 3, 4], [5, 6, 7]))
    >>> "4 − 3 + 1 = 2 cells" in html, html.count("✂")
    (True, 9)
    """
    samples, delays = len(trace.x), len(trace.h)
    modes, numbers = kept(samples, delays), settle(trace.output, trace.within)
    rows = []
    for cell, number in enumerate(numbers):
        text = numeral(number, _DIGITS).replace("-", "−")
        held = [text if cell in modes[mode] else _TRIMMED for mode in MODES]
        products = min(cell + 1, samples, delays, samples + delays - 1 - cell)
        rows.append([f"[{cell}]", *held, f"{products} of {delays}"])
    caption = f"The output of {several(samples, 'sample')} and a response of {several(delays, 'number')}"
    grid = table(caption, ["cell", *MODES, "products"], rows)
    return f'<div class="convviz-note">{grid}{_sizes(samples, delays)}</div>'


def _sizes(samples: int, delays: int) -> str:
    """Write how many cells each mode keeps."""
    same = f"**same** and **causal** keep {several(samples, 'cell')}, as many as there are samples"
    full = f"**full**: {samples} + {delays} − 1 = {several(samples + delays - 1, 'cell')}"
    whole = f"**valid**: {samples} − {delays} + 1 = {several(samples - delays + 1, 'cell')}"
    if delays > samples:
        whole = "**valid**: no cell, for the response is longer than the signal"
    return paragraphs(f"{full}; {same}; {whole}. A ✂ stands where a cell is cut off.")
