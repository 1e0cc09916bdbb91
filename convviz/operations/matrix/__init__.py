"""The same convolution as a matrix product."""
