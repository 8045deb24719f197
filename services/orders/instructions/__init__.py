"""Work instructions: pages of text, pictures and PDF, in revisions that another person than the author approves."""
