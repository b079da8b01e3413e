"""The HTTP side of the daemon, served from its own event loop."""
