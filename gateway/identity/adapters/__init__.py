"""Hashes of secrets, and the actors behind tokens."""
