"""Labour: attendance of people, and the part of it that went into each job."""
