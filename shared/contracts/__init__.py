"""Every event that Dure's services exchange, defined once.

A module belongs to the service that publishes its events. A breaking change is a new version beside the old one.
"""
