"""Attacks on a live server, each by its name in SECURITY.md."""
