"""The kinds that can be imported and exported, in a file for each slice.

A new kind goes there and into ``registry``.
"""
