"""What an operation has taken of a learner's arrays."""

from convviz.lessons.notes.markup import verdict


def taken_html(taken: tuple[str, str]) -> str:
    """Write what was done to the input and to the kernel; nothing where both are taken as they are.

    Examples
    --------
    >>> taken_html(("its first row", ""))
    '<p class="convviz-note" role="status">Of your input this takes its first row.</p>'
    """
    x, w = taken
    said = [f"Of your input this takes {x}."] if x else []
    said += [f"Your kernel: {w}."] if w else []
    return verdict(" ".join(said)) if said else ""
