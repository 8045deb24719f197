"""Runs Dure: on this machine, in containers, on Kubernetes."""
