"""Where panels go."""
