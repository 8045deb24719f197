"""The life of a work order: created, planned, released with a frozen snapshot, worked on, completed, closed."""
