"""Frames: a scene's pictures as pixels and PNG, made when they are needed."""
