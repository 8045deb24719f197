"""From demand to orders: what is to be made, and when, so that a finished item is there on its day."""
