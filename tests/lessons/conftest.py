"""Lessons are made by the hundred here, and each test's go with it."""

from tests.widgets import closed_widgets as closed_widgets
