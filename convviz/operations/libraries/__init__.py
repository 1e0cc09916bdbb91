"""Explain real layers of PyTorch and Keras."""
