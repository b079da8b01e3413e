"""Voice moderation for Discord as rules in files."""

__version__ = "0.1.0"
