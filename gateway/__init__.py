"""The gateway: the one public origin."""
