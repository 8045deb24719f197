"""Code that two services need today and that names nothing of theirs."""
