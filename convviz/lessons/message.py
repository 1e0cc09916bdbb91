"""A line under a form that says what is wrong, or nothing."""

from html import escape

import ipywidgets


class Message(ipywidgets.HTML):
    """A polite line of text, read out by screen readers when it changes.

    Examples
    --------
    >>> message = Message()
    >>> message.warn("x is empty")
    >>> "x is empty" in message.value
    True
    """

    def __init__(self) -> None:
        super().__init__(_line(""))
        self.add_class("convviz-message")

    def warn(self, text: str) -> None:
        """Say what is wrong; what is on the screen stays as it was."""
        self.value = _line(f"⚠ {text} (the picture still shows the last numbers that made sense)")

    def say(self, text: str) -> None:
        """Say something that is not an error."""
        self.value = _line(text)

    def clear(self) -> None:
        """Say nothing."""
        self.value = _line("")


def _line(text: str) -> str:
    return f'<div role="status" aria-live="polite">{escape(text)}</div>'
