"""Independent services: each has its own database and API, and they never import each other."""
