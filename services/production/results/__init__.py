"""The ledger of results: what was made on the jobs, taken back and corrected."""
