"""What orders are written to."""
