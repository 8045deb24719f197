"""Imports, their undo, and saved mappings; below ``kinds`` what can be imported and exported."""
