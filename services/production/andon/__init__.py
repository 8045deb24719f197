"""Calls for help from the machines: somebody calls, somebody comes, it is done."""
