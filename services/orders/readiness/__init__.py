"""What a shop must still mend before its standards hold, and the evidence that they do."""
