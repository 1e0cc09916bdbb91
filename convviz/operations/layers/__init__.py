"""The layers of a network: convolutional, transposed, pooling, dense."""
