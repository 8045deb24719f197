"""Reads of attendance and labour time."""
