"""Data folders that earlier releases have made, for the tests of upgrades."""
