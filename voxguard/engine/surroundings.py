"""What members of a guild have around them: its channels, who is in them, who came, its roles."""

from dataclasses import dataclass, field

from voxguard.engine.entries import ChannelEntries
from voxguard.engine.occupancy import Occupancy
from voxguard.model.ids import ChannelId, RoleId
from voxguard.model.world import Channel, ChannelKind


@dataclass(slots=True, eq=False)
class Surroundings:
    """One for all members of a guild, who look their own channel up in it."""

    channels: dict[ChannelId, Channel] = field(default_factory=dict)
    deleted_roles: set[RoleId] = field(default_factory=set)
    occupancy: Occupancy = field(default_factory=Occupancy)
    entries: ChannelEntries = field(default_factory=ChannelEntries)

    def look_up(self, channel_id: ChannelId) -> tuple[ChannelId | None, ChannelKind]:
        """A channel's present category and kind.

        A channel that no snapshot listed can only be one that people talk in.
        """
        channel = self.channels.get(channel_id)
        return (None, ChannelKind.VOICE) if channel is None else (channel.parent_id, channel.kind)
