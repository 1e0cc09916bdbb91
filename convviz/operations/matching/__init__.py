"""Find a small picture in a large one, and compare pictures."""
