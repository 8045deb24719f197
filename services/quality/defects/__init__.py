"""The catalogue of defects, and how often each of them happens."""
