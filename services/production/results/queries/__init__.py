"""Reads of the ledger of results."""
