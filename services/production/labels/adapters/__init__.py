"""Speaks to label printers and reads fonts of this computer."""
