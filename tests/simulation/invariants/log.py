"""What must be so of the log once it is quiet: one final outcome each, visits that make sense."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from tests.simulation.hands import place_of
from tests.simulation.people import EXEMPT_IDS, GUILDS, NAMES
from voxguard.model.decisions import Decision, Effect, Mode
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

HELD = {
    Effect.MUTE: (Effect.UNMUTE, "mute"),
    Effect.DEAFEN: (Effect.UNDEAFEN, "deafen"),
    Effect.SUPPRESS: (Effect.UNSUPPRESS, "suppress"),
    Effect.GRANT: (Effect.REVOKE, "role"),
}
AFK = {ids.channels["afk"] for ids in GUILDS}
ENDS = {end: (begin, name) for begin, (end, name) in HELD.items()}


def check_outcomes(run: Simulation) -> None:
    """Each decision has one final outcome, but what waits for its member to join."""
    finals: Counter[UUID] = Counter()
    for batch in run.disk.journal:
        for record in batch.outcomes:
            if record.outcome is not None and record.outcome.is_final:
                finals[record.decision_id] += 1
    for decision in run.disk.decisions.values():
        count = finals[decision.id]
        if count > 1:
            run.watch.violated("outcomes", f"{_words(decision)} has {count} final outcomes")
        elif count == 0 and not _waits(run, decision):
            found = run.disk.outcome(decision)
            run.watch.violated("outcomes", f"{_words(decision)} has none, but {found}")
        in_afk = decision.channel_id in AFK and not decision.release
        if decision.user_id in EXEMPT_IDS or in_afk:
            run.watch.violated("exempt", f"{_words(decision)} was decided")


def _waits(run: Simulation, decision: Decision) -> bool:
    guild = run.world.guilds[decision.guild_id]
    member = guild.members.get(decision.user_id)
    away = member is None or member.voice is None
    return away and run.disk.outcome(decision) == "pending"


def _words(decision: Decision) -> str:
    who = f"{NAMES[decision.user_id]} of g{decision.guild_id}"
    at = f"{decision.decided_at:%H:%M:%S.%f}"[:-3]
    return f"{decision.effect} by {decision.rule} of {who} at {at}"


def check_releases(run: Simulation) -> None:
    """Nothing is released twice: between two releases of a slot something of it has begun."""
    began: dict[tuple[GuildId, UserId, Mode, str], bool] = {}
    for decision in run.disk.decisions.values():
        named = HELD.get(decision.effect) or ENDS.get(decision.effect)
        if named is None:
            continue
        slot = f"{named[1]}{decision.params.get('role', '')}"
        key = decision.guild_id, decision.user_id, decision.mode, slot
        if decision.effect in HELD:
            began[key] = True
        elif decision.release:
            if not began.get(key):
                run.watch.violated("release", f"{_words(decision)} ends what had not begun")
            began[key] = False


def check_visits(run: Simulation) -> None:
    """Stays do not overlap, end after they begin, and go on for those alone who are there."""
    visits: dict[UUID, Visit] = {}
    for batch in run.disk.journal:
        for visit in batch.visits:
            if visit.id not in visits or visits[visit.id].left_at is None:
                visits[visit.id] = visit
    stays: dict[tuple[GuildId, UserId], list[Visit]] = defaultdict(list)
    for visit in visits.values():
        stays[visit.guild_id, visit.user_id].append(visit)
    for ids in GUILDS:
        for user_id in run.world.users:
            _check_stays(run, ids.guild, user_id, stays[ids.guild, user_id])


def _check_stays(run: Simulation, guild_id: GuildId, user_id: UserId, stays: list[Visit]) -> None:
    who = f"{NAMES[user_id]} of g{guild_id}"
    stays.sort(key=lambda visit: visit.joined_at)
    for visit in stays:
        if visit.left_at is not None and visit.left_at < visit.joined_at:
            run.watch.violated("visits", f"{who}: a visit ends before it begins")
    for earlier, later in pairwise(stays):
        if earlier.left_at is None or earlier.left_at > later.joined_at:
            run.watch.violated("visits", f"{who}: two visits at once")
    member = run.world.guilds[guild_id].members.get(user_id)
    place = None if member is None else place_of(member)
    is_open = [visit.channel_id for visit in stays if visit.left_at is None]
    if is_open != ([] if place is None else [place]):
        if place is not None and _goes_on_closed(run, guild_id, user_id, stays):
            run.watch.violated("reopened visit", f"{who} stays in a visit that is closed")
            return
        run.watch.violated("visits", f"{who} is in {place}, and visits go on in {is_open}")


def _goes_on_closed(
    run: Simulation, guild_id: GuildId, user_id: UserId, stays: list[Visit]
) -> bool:
    """Whether the process goes on with a visit that is closed on disk."""
    assert run.life is not None
    guild = run.life.core.moderator.engine.guild(guild_id)
    member = None if guild is None else guild.members.get(user_id)
    if member is None or member.visit is None:
        return False
    return any(visit.id == member.visit.id and visit.left_at is not None for visit in stays)
