"""Reads of reviews, with their problems in the language of the reader."""
