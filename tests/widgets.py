"""Widgets that tests make."""

from collections.abc import Iterator
from weakref import WeakSet

import pytest
from ipywidgets import Widget


@pytest.fixture(autouse=True)
def closed_widgets() -> Iterator[None]:
    """Close the widgets that a test has made: ipywidgets would keep them, and their pictures, for ever."""
    made: WeakSet[Widget] = WeakSet()
    Widget.on_widget_constructed(made.add)
    yield
    Widget.on_widget_constructed(None)
    for widget in list(made):
        widget.close()
