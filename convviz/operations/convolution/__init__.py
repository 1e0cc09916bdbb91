"""One kernel on one input, and the other ways to see the same numbers."""
