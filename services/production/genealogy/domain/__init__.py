"""The rules of lots: their states and numbers, what a label means, what went into what, and traces."""
