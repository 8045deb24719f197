"""The front that every request comes through, and the routes of health and metrics."""
