"""Discord's gateway v10: sessions, their connections, and what is sent on them."""
