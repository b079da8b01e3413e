"""Discord's REST API v10, as far as a voice moderation bot uses it."""
