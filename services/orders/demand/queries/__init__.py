"""Reads of plans and pegs."""
