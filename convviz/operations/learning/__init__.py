"""How weights are learned: gradients, gradient descent, and the weights at the start."""
