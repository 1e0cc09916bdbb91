"""Exact integers, checked arguments, one number per axis."""
