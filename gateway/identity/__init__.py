"""Who may do what: people, devices, sessions and API keys."""
