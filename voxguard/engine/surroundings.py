"""What members of a guild have around them: its channels, who is in them, who came, its roles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from voxguard.engine.entries import ChannelEntries
from voxguard.engine.occupancy import Occupancy
from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.world import Channel, ChannelKind


@dataclass(slots=True, eq=False)
class Surroundings:
    """One for all members of a guild, who look their own channel up in it.

    `stays_from` is from when on everybody's stays are known, None where they always were.
    `layout` counts the changes of channels, so that what was worked out of them can be told
    to be out of date.
    """

    channels: dict[ChannelId, Channel] = field(default_factory=dict)
    deleted_roles: set[RoleId] = field(default_factory=set)
    occupancy: Occupancy = field(default_factory=Occupancy)
    entries: ChannelEntries = field(default_factory=ChannelEntries)
    stays_from: datetime | None = None
    layout: int = 0

    def set_channels(self, channels: Iterable[Channel]) -> None:
        """Take in all channels that there are."""
        found = {channel.id: channel for channel in channels}
        if found != self.channels:
            self.channels.clear()
            self.channels.update(found)
            self.layout += 1

    def set_channel(self, channel: Channel) -> None:
        """Take in the newest word on a channel."""
        if self.channels.get(channel.id) != channel:
            self.channels[channel.id] = channel
            self.layout += 1

    def drop_channel(self, channel_id: ChannelId) -> Channel | None:
        """Forget a channel that is no longer there; what it was, if it was known."""
        self.layout += 1
        return self.channels.pop(channel_id, None)

    def look_up(self, channel_id: ChannelId) -> tuple[ChannelId | None, ChannelKind]:
        """A channel's present category and kind.

        A channel that no snapshot listed can only be one that people talk in.
        """
        channel = self.channels.get(channel_id)
        return (None, ChannelKind.VOICE) if channel is None else (channel.parent_id, channel.kind)
