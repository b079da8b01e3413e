"""The guilds that the stand-in plays: what is there, and what may happen to it."""
