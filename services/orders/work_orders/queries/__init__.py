"""Reads of work orders, a file for each group."""
