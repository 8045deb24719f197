"""Commands of the defect catalogue and of the counts."""
