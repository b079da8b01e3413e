"""A local stand-in for Discord that a real bot connects to unmodified."""
