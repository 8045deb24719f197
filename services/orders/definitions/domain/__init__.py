"""The rules of master data."""
