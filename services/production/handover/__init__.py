"""What one shift tells the next one at a machine, and who has read it."""
