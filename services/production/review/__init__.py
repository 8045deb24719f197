"""Commands of tablets that were refused when it came back, and how a leader resolved them."""
