"""Reads of imports, mappings and exports."""
