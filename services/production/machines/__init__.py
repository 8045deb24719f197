"""Machines and their states: since when, why, and for which job."""
