"""Confirmations to an ERP: a ledger that is read by cursor, and signed deliveries of it."""
