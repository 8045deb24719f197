"""PostgreSQL and NATS as child processes of this one, from wheels: the mini-PC, the trial on a laptop, the tests."""
