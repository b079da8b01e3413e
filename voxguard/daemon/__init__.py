"""The long-running daemon: from what Discord says to what is done about it."""
