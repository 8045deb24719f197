"""The board: each machine with its state, its jobs and what the present shift has brought."""
