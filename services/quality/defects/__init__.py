"""What goes wrong with pieces: the catalogue of defects, and how often each of them happens."""
