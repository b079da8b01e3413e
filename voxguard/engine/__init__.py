"""The pure core: an index of rules, the state of each guild, and the next step."""
