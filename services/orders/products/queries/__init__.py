"""Reads of BOMs and routings, a file for each."""
