"""Ways to an ERP: each sends one confirmation and returns the outcome."""
