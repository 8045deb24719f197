"""Routes of results, and the fast path of plain reports."""
