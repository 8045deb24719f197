"""Lots and serial numbers: what came in, what it went into, where it is now."""
