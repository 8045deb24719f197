"""Reads of jobs, their graph and their crews."""
