"""Quality: the defect catalogue, defects counted from results."""
