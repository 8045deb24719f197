"""Orders: master data, work orders and the schedule."""
