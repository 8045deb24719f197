"""Commands of jobs: from the floor, from their order, and from results."""
