"""The shop's code rules, and what the floor measured."""
