"""Notes of one shift for the next one at a machine, and who has read them."""
