"""Voice moderation for Discord as rules in files."""
