"""How weights are learned: gradients, descent, initialisation."""
