"""Convolution of one input with one kernel, and other ways to see the same numbers."""
