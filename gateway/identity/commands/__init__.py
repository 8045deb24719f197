"""Commands of people, devices, sessions and API keys."""
