"""The daily report, from the ledger and the machine states."""
