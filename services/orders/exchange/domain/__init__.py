"""Documents, rows and cells: pure, and the same for every kind."""
