"""Reads of the daily report."""
