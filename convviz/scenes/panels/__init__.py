"""Panels of cells, and the marks on them."""
