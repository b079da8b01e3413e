"""Where sessions and actions are kept: the outbox, PostgreSQL, and a server of our own."""
