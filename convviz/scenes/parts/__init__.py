"""What scenes are made of: each part with its plan, where its numbers come from, and the marks on it."""
