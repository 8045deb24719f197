"""Machines: their states since when, with reasons; the shop's shifts; copies of what the orders service defines."""
