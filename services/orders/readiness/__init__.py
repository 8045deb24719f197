"""Readiness: the findings that a shop must still mend before its standards hold, and the evidence that they do."""
