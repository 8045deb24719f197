"""Pieces made without an order: stored as they were reported, until a leader says where they belong."""
