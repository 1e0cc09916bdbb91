"""What breaks on a live server, on purpose: the others work on, who is concerned is told, and nothing stays behind."""
