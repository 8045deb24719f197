"""HTTPS in the shop's own network.

An authority of its own, certificates that renew themselves, and the page that leads a tablet in.
"""
