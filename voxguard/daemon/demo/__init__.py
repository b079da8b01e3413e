"""The demonstration: daemon, database and stand-in for Discord in one process, with a story."""
