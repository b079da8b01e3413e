"""Discord's identifiers (snowflakes), one type for each kind so that they cannot be mixed up.

Source: Discord developer documentation, "Snowflakes".
"""

from typing import NewType

GuildId = NewType("GuildId", int)
UserId = NewType("UserId", int)
ChannelId = NewType("ChannelId", int)
RoleId = NewType("RoleId", int)

MAX_ID = 9_223_372_036_854_775_807
"""The largest id: what a signed 64-bit column holds."""
