"""Members as conditions see them, made up at random, with all that is possible."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from tests.support.stays import stays_since, used_of
from voxguard.model.ids import DISCORD_EPOCH, ChannelId, RoleId, UserId
from voxguard.model.visits import Places, Stay
from voxguard.model.world import ChannelKind

GUILD: Final = 1
CHANNELS: Final = {"lobby": 11, "afk": 12, "music": 13}
ROLES: Final = {"staff": 21, "dj": 22}
LISTED: Final = {"blocked": (1, 2), "raiders": (2, 3), "nobody": ()}
FLAGS: Final = ("self_mute", "camera")
_KINDS: Final = (ChannelKind.VOICE, ChannelKind.STAGE)
_AGES: Final = tuple(timedelta(days=days) for days in (0, 1, 2, 3, 5, 7, 8, 30, 31))
_AGO: Final = tuple(timedelta(seconds=seconds) for seconds in (0, 5, 10, 20, 29, 30, 45, 60, 90))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """Everything that a condition may ask of one member."""

    user_id: UserId
    bot: bool
    roles: frozenset[RoleId]
    joined_at: datetime | None
    channel_id: ChannelId
    category_id: ChannelId | None
    channel_kind: ChannelKind
    occupancy: int
    entries: tuple[datetime, ...]
    channel_entries: tuple[datetime, ...]
    visits: tuple[Stay, ...]
    self_mute: bool
    camera: bool
    self_deaf: bool = False
    guild_mute: bool = False
    guild_deaf: bool = False
    suppressed: bool = False
    streaming: bool = False

    def entry_at(self, number: int) -> datetime | None:
        """The member's last entries."""
        return self.entries[number - 1] if number <= len(self.entries) else None

    def channel_entry_at(self, number: int) -> datetime | None:
        """The last entries into the channel."""
        return self.channel_entries[number - 1] if number <= len(self.channel_entries) else None

    def stays(self, since_at: datetime) -> Iterable[Stay]:
        """The visits that reach into a time."""
        return stays_since(self.visits, since_at)

    def used(self, places: Places, since_at: datetime, at: datetime) -> timedelta:
        """Added up from one stay after the other."""
        return used_of(self.visits, places, since_at, at)


@st.composite
def members(draw: st.DrawFn, at: datetime) -> MemberFacts:
    """A member at an instant: nobody is in a guild for longer than they have an account."""
    age = draw(st.sampled_from(_AGES))
    created_at = at - age
    milliseconds = (created_at - DISCORD_EPOCH) // timedelta(milliseconds=1)
    fresh = draw(st.booleans())
    # Of ids that are small numbers, as they stand on lists, the account is old.
    user_id = milliseconds << 22 if fresh else draw(st.integers(1, 5))
    member_for = draw(st.sampled_from(_AGES))
    joined_at = draw(st.sampled_from([None, at - (min(age, member_for) if fresh else member_for)]))
    bot = draw(st.booleans())
    kind = draw(st.sampled_from(_KINDS))
    channel = ChannelId(draw(st.sampled_from(sorted(CHANNELS.values()))))
    ago = st.lists(st.sampled_from(_AGO), max_size=6).map(sorted)
    mine = draw(ago)
    others = sorted([*mine, *draw(ago)])
    return MemberFacts(
        user_id=UserId(user_id),
        bot=bot,
        roles=frozenset(map(RoleId, [GUILD, *draw(st.sets(st.sampled_from([*ROLES.values()])))])),
        joined_at=joined_at,
        channel_id=channel,
        category_id=None,
        channel_kind=kind,
        occupancy=draw(st.integers(0 if bot else 1, 5)),
        entries=tuple(at - each for each in mine),
        channel_entries=tuple(at - each for each in others),
        visits=tuple(_visits(draw, channel, kind, at)),
        self_mute=draw(st.booleans()),
        camera=draw(st.booleans()),
    )


def _visits(draw: st.DrawFn, channel: ChannelId, kind: ChannelKind, at: datetime) -> Iterable[Stay]:
    """Visits to channels one after the other, the last of which goes on."""
    hours = draw(st.lists(st.integers(0, 5), max_size=5))
    joined_at = at - timedelta(hours=draw(st.integers(0, 3)))
    found = [Stay(channel, None, kind, joined_at, None)]
    for stayed in hours:
        left_at = joined_at - timedelta(hours=draw(st.integers(0, 12)))
        joined_at = left_at - timedelta(hours=stayed)
        where = ChannelId(draw(st.sampled_from(sorted(CHANNELS.values()))))
        found.append(Stay(where, None, draw(st.sampled_from(_KINDS)), joined_at, left_at))
    return found[::-1]
