"""Pictures and documents that master data shows: stored once each, never changed.

A service that shows some has its own.
"""
