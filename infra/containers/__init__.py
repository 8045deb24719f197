"""Dure in containers: the image, its secrets, and the step that prepares the servers."""
