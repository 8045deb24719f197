"""Measurements against limits of the same run: `make bench`."""
