"""The wall clock was stepped: what counts elapsed time is told anew by the new wall time.

What has been for ten minutes has been for ten minutes also by a clock that shows an hour
less. What stands in a calendar stays where it is: schedules, days, ages, entries that end.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voxguard.engine.admission import is_flipped
from voxguard.engine.episodes import Layer, Stretch
from voxguard.engine.history import History
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.usage import PastStay

Moved = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Shift:
    """A step of the wall clock by `by`, negative when it was set back; it shows `at` now."""

    by: timedelta
    at: datetime

    def past(self, instant: datetime) -> datetime:
        """What has been already, and so cannot come to lie after the present."""
        return min(instant + self.by, self.at)

    def coming(self, instant: datetime) -> datetime:
        """What is still to come, or was."""
        return instant + self.by


def shift_guild(guild: GuildState, shift: Shift) -> None:
    """Tell everything anew that a guild's rules count time from; all its memories change."""
    for member in guild.members.values():
        shift_member(member, shift)
        # A boundary that the clock was set over is one that was planned.
        member.planned = member.planned or guild.available
    guild.around.entries.shift(shift.past)
    guild.fuses.shift(shift.past)
    if guild.around.stays_from is not None:
        guild.around.stays_from = shift.past(guild.around.stays_from)
    if guild.alive_at is not None:
        guild.alive_at = shift.past(guild.alive_at)
    guild.touched.update(guild.members)
    if guild.available:
        guild.dirty.update(guild.members)


def shift_member(member: MemberState, shift: Shift) -> None:
    """Tell anew what is known of a member; rows, and ids, stay what they are."""
    for stretch in member.stretches.values():
        _note_planned(member, stretch)
        stretch.since_at = shift.past(stretch.since_at)
        if (episode := stretch.episode) is not None:
            episode.began_at = shift.past(episode.began_at)
            if episode.quiet_until is not None:
                episode.quiet_until = shift.coming(episode.quiet_until)
    if member.begun_at is not None:
        member.begun_at = shift.past(member.begun_at)
    if (here_since := member.here_since) is not None:
        member.visit_anchor = shift.past(here_since)
    for fights in member.fights.values():
        fights[:] = map(shift.past, fights)
    _shift_leases((member.enforced, member.observed), shift)
    _shift_history(member.history, shift.past)


def _note_planned(member: MemberState, stretch: Stretch) -> None:
    """Remember of what a schedule's boundary has brought about that it was planned.

    It shows in the instant at which it began, which no longer is that of the boundary.
    """
    if is_flipped(member, stretch.since_at):
        stretch.planned = True
    if (episode := stretch.episode) is not None:
        episode.planned |= stretch.planned or is_flipped(member, episode.began_at)


def _shift_leases(layers: Iterable[Layer], shift: Shift) -> None:
    for layer in layers:
        for leases in layer.leases.values():
            for name, lease in leases.items():
                until_at = None if lease.until_at is None else shift.coming(lease.until_at)
                since_at = shift.past(lease.since_at)
                leases[name] = replace(lease, since_at=since_at, until_at=until_at)


def _shift_history(history: History, moved: Moved) -> None:
    history.entries = deque(map(moved, history.entries))
    history.entries_of = {
        channel_id: deque(map(moved, entries)) for channel_id, entries in history.entries_of.items()
    }
    history.stays = deque(
        PastStay(each.channel_id, moved(each.joined_at), moved(each.left_at))
        for each in history.stays
    )
    history.usage.clear()
    for acts in history.acts.values():
        for act in acts:
            act.began_at, act.last_at = moved(act.began_at), moved(act.last_at)
