"""Open and resolve reviews, and do the commands in them."""
