"""The configuration of the NATS server: one file for every way of running it."""
