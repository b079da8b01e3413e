"""What the log of former days says of members, put beside what is known of them already."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from voxguard.engine.history import MOST_STAYS, Act, History
from voxguard.engine.index import GuildIndex
from voxguard.engine.recalled_leases import PastLease, take_lease
from voxguard.engine.reports import new_member
from voxguard.engine.state import GuildState, MemberState
from voxguard.engine.usage import PastStay
from voxguard.model.ids import ChannelId, UserId


@dataclass(frozen=True, slots=True)
class Past:
    """What was found of one member; `acts` are by rule and mode, one an episode."""

    user_id: UserId
    stays: tuple[PastStay, ...] = ()
    entries: tuple[tuple[datetime, ChannelId], ...] = ()
    acts: Mapping[str, tuple[Act, ...]] = field(default_factory=dict)
    leases: tuple[PastLease, ...] = ()


def recollect(guild: GuildState, index: GuildIndex, pasts: Iterable[Past], at: datetime) -> None:
    """Take up what was found; what is known already is not taken up twice.

    It changes nothing that has been decided: those whom it concerns are decided next.
    """
    for past in pasts:
        member = guild.members.get(past.user_id) or new_member(guild, past.user_id)
        _add_stays(member, past.stays)
        _add_entries(guild, member.history, past.entries)
        for key, acts in past.acts.items():
            _add_acts(member.history, index, key, acts)
        member.history.prune(guild.lookback, at)
        for lease in past.leases:
            take_lease(guild, index, member, lease)
        if member.connected or not member.forgettable:
            guild.members[past.user_id] = member
            guild.dirty.add(past.user_id)
    if guild.lookback.channel_entries:
        recall_entries(guild)
        # Who came into a channel concerns everybody in it.
        guild.dirty.update(guild.members)


def recall_entries(guild: GuildState) -> None:
    """Put everybody's entries together from what is remembered of each."""
    guild.around.entries.recall(
        (
            (entered_at, channel_id)
            for member in guild.members.values()
            for channel_id, entries in member.history.entries_of.items()
            for entered_at in entries
        ),
        guild.lookback,
    )


def _add_stays(member: MemberState, found: Iterable[PastStay]) -> None:
    """In order and without overlaps: where somebody is at an instant is one place.

    Ends of visits that nobody saw are estimates, so the earlier one gives way.
    """
    history, here_since = member.history, member.here_since
    by_begin = {stay.joined_at: stay for stay in found}
    if here_since is not None:
        by_begin = {at: stay for at, stay in by_begin.items() if at < here_since}
    by_begin |= {stay.joined_at: stay for stay in history.stays}
    ordered = [by_begin[at] for at in sorted(by_begin)]
    ends = [after.joined_at for _, after in pairwise(ordered)]
    if here_since is not None:
        ends.append(here_since)
    stays = [
        replace(stay, left_at=end) if end < stay.left_at else stay
        for stay, end in zip(ordered, ends, strict=False)
    ]
    stays += ordered[len(stays) :]
    history.stays = deque([each for each in stays if each.joined_at < each.left_at][-MOST_STAYS:])
    history.usage.clear()


def _add_entries(
    guild: GuildState, history: History, found: Iterable[tuple[datetime, ChannelId]]
) -> None:
    lookback = guild.lookback
    by_channel: dict[ChannelId, set[datetime]] = {}
    for at, channel_id in found:
        by_channel.setdefault(channel_id, set()).add(at)
    if lookback.entries:
        every = {at for instants in by_channel.values() for at in instants}
        history.entries = _latest(history.entries, every, lookback.entries)
    if lookback.channel_entries:
        for channel_id, instants in by_channel.items():
            before = history.entries_of.get(channel_id, ())
            history.entries_of[channel_id] = _latest(before, instants, lookback.channel_entries)


def _latest(before: Iterable[datetime], more: set[datetime], most: int) -> deque[datetime]:
    return deque(sorted(more.union(before))[-most:])


def _add_acts(history: History, index: GuildIndex, key: str, found: Iterable[Act]) -> None:
    """Episodes of a rule do not overlap, so that those which do are one."""
    rule = index.by_name.get(key.partition(":")[2])
    if rule is None:
        return
    known = history.acts.get(key, ())
    acts = [
        Act(act.began_at, act.last_at)
        for act in found
        if not any(each.began_at <= act.last_at and act.began_at <= each.last_at for each in known)
    ]
    ordered = sorted((*known, *acts), key=lambda act: act.began_at)
    history.acts[key] = deque(ordered[-len(rule.rule.steps) :])
