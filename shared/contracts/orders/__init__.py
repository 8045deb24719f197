"""Events of the orders service: definitions (master data) and work orders."""
