"""A convolution as a matrix product."""
