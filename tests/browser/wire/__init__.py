"""One player on a page of its own, with a kernel that is played by the test."""
