"""The API and its events, described."""
