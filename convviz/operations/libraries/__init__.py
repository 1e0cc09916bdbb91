"""Real layers of PyTorch and Keras, explained."""
