"""hikari in, hikari out: the gateway's dispatches, edits of members, and what doctor reads."""
