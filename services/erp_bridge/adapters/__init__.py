"""Ways to an ERP: each takes one confirmation there and says how it went."""
