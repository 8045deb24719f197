"""The rules of work orders: what may be done in each state, and where their pieces are."""
