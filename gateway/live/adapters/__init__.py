"""The hub that follows the streams, and those who listen to it."""
