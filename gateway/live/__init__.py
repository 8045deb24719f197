"""Events to browsers, as they happen."""
