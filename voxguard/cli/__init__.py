"""The command line: a thin file for each command, one place for rendering and for errors."""
