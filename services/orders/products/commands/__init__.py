"""Changes of BOMs and routings, a file for each."""
