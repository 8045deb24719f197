"""The rules of confirmations, their deliveries and the addresses they go to."""
