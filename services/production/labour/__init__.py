"""Labour: who was there, and what part of that went into which job."""
