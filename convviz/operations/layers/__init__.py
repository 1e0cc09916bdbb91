"""The layers of a network: convolutional, transposed convolutional, pooling and dense layers."""
