"""A blown fuse that is reset by hand: whom the rule has only observed, it acts on now."""

from voxguard.engine.fuses import FuseCounter
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.ids import UserId


def observed_members(guild: GuildState, rule: str) -> list[UserId]:
    """The connected members for whom a rule holds and on whom its blown fuse keeps it from acting.

    Empty while the fuse is whole.
    """
    counter = guild.fuses.counters.get(rule)
    if counter is None or counter.blown_at is None:
        return []
    return sorted(
        user_id
        for user_id, member in guild.members.items()
        if member.connected and _is_observed(member, rule, counter)
    )


def reset_fuse(guild: GuildState, rule: str) -> list[UserId] | None:
    """Let a rule act again; the members to be decided for it, None where its fuse was whole.

    What it has only observed of them is due again, in the episodes that go on. Somebody has
    looked at it, so that it was planned: the fuse does not count them.
    """
    counter = guild.fuses.counters.get(rule)
    members = observed_members(guild, rule)
    if counter is None or not guild.fuses.reset(rule):
        return None
    for user_id in members:
        member = guild.members[user_id]
        member.planned = True
        episode = member.episode(rule)
        if _is_fused(member, rule, counter):
            episode.done.clear()
    guild.dirty.update(members)
    return members


def _is_observed(member: MemberState, rule: str, counter: FuseCounter) -> bool:
    stretch = member.stretches.get(rule)
    if stretch is None or stretch.episode is None or stretch.meaning != counter.meaning:
        return False
    if any(rule in leases for leases in member.enforced.leases.values()):
        return False
    return _is_fused(member, rule, counter) or any(
        rule in leases for leases in member.observed.leases.values()
    )


def _is_fused(member: MemberState, rule: str, counter: FuseCounter) -> bool:
    """Whether the rule was kept from acting in the whole of the member's present episode.

    What it did before its fuse has blown is done and not due again.
    """
    episode = member.episode(rule)
    speaks_at = max(episode.began_at, episode.quiet_until or episode.began_at)
    blown_at = counter.blown_at
    if blown_at is None or speaks_at < blown_at:
        return False
    # Within that instant it has acted on some, whom it counts.
    return speaks_at > blown_at or counter.members.get(member.user_id) != blown_at
