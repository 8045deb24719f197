"""Events of the quality service."""
