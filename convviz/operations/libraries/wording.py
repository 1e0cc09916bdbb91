"""Errors in the user's names: who passes a layer has never heard of the arguments of `convviz.conv_layer`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def users_names(**names: str) -> Iterator[None]:
    """Reword errors that are raised within: arguments get the names under which the user knows them.

    Parameters
    ----------
    names : str
        For the name of each argument, the user's name.

    Examples
    --------
    >>> with users_names(weight="layer.kernel", x="the output of layer[0]"):
    ...     raise ValueError("weight has 2 dimensions but x has 3")
    Traceback (most recent call last):
    ValueError: layer.kernel has 2 dimensions but the output of layer[0] has 3
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(_reworded(str(error), names)).with_traceback(error.__traceback__) from None


def _reworded(message: str, names: dict[str, str]) -> str:
    """Replace names where they are the subject of a sentence, or one of several subjects."""
    argument = "|".join(map(re.escape, names))
    subject = rf"(?<![\w.'])(?<!its )({argument})(?=(?:, \w+)*(?: and \w+)? (?:is|are|has|have|holds|cannot)\b|\[)"
    return re.sub(subject, lambda found: names[found[1]], message)
