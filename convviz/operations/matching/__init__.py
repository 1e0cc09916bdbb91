"""Looking for a small picture within a large one."""
