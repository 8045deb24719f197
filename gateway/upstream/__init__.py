"""The way to the services."""
