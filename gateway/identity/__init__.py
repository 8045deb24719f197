"""People, devices, sessions and API keys."""
