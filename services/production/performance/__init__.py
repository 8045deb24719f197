"""What the ledger and the machine states come to: the daily report."""
