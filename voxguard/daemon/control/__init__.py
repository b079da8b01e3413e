"""The control socket: how the command line speaks with a daemon at work, on one machine."""
