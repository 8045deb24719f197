"""Pieces made without an order: kept as they were told, until a leader says where they belong."""
