"""The files: read as they come in, and written as they go out."""
