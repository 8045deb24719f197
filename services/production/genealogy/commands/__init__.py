"""Commands of lots: what is done with them, what jobs take and make, and the genealogy that follows."""
