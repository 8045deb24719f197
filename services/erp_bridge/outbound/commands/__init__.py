"""Commands of the ledger, of webhooks and of deliveries."""
