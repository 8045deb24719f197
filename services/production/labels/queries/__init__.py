"""Reads of templates, printers and labels, and the content of a new label."""
