"""Reads of lots, the materials of jobs, and traces."""
