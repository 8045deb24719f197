"""What two services need today and what names nothing of theirs."""
