"""What must be so of everybody once it is quiet: marks and leases agree, and visits with places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.simulation.hands import Hand, marks_of, place_of
from tests.simulation.people import GUILDS, NAMES
from voxguard.daemon.voices import EngineVoices
from voxguard.engine.episodes import Lease
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import RELEASES, Decision, Effect, Outcome
from voxguard.model.ids import GuildId, UserId
from voxguard.policy.effects.base import DEAFEN, MUTE, SUPPRESS
from voxguard.sandbox.world.state import Guild, GuildMember

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

SLOTS = {MUTE: "mute", DEAFEN: "deafen", SUPPRESS: "suppress"}
EFFECTS = {"mute": Effect.MUTE, "deafen": Effect.DEAFEN, "suppress": Effect.SUPPRESS}


def check_members(run: Simulation) -> None:
    """Everybody in both guilds."""
    assert run.life is not None
    engine = run.life.core.moderator.engine
    for ids in GUILDS:
        guild, known = run.world.guilds[ids.guild], engine.guild(ids.guild)
        if known is None or not known.available:
            run.watch.violated("unseen", f"g{ids.guild} is not known")
            continue
        for member in guild.members.values():
            _check(run, guild, member, known)


def _check(run: Simulation, guild: Guild, member: GuildMember, known: GuildState) -> None:
    state = known.members.get(member.user.id)
    place = place_of(member)
    seen = state.channel_id if state is not None and state.connected else None
    who = f"{member.user.name} of g{guild.id}"
    if seen != place:
        run.watch.violated("place", f"{who} is in {place}, and believed in {seen}")
        return
    if place is None:
        return
    leases = {} if state is None else dict(_leases(state))
    on = marks_of(member)
    for name in on - leases.keys():
        if run.hands.on.get((guild.id, member.user.id, name)) is Hand.OURS:
            orphan = _orphan(run, guild.id, member.user.id, name)
            run.watch.violated(orphan, f"{who} carries {name} of ours without a lease")
    for name, lease in leases.items():
        if name not in on and not _is_excused(run, guild.id, member.user.id, name, lease):
            missing = _not_carried(run, guild.id, member.user.id, name, lease)
            run.watch.violated(missing, f"{who}: {name} of {lease.rule} is not on")


def _leases(member: MemberState) -> Iterator[tuple[str, Lease]]:
    for slot, leases in member.enforced.leases.items():
        lease = next(iter(leases.values()))
        yield SLOTS.get(slot, f"role:{lease.role_id}"), lease


def _orphan(run: Simulation, guild_id: GuildId, user_id: UserId, name: str) -> str:
    """The name of the violation, by what the log says of the latest release of a mark."""
    begin = _latest(run, guild_id, user_id, EFFECTS.get(name, Effect.GRANT), name)
    if begin is not None and run.disk.outcome(begin) == Outcome.FAILED:
        return "refused in doubt"
    release = _latest(run, guild_id, user_id, RELEASES[EFFECTS.get(name, Effect.GRANT)], name)
    if release is None:
        return "orphan"
    outcome = run.disk.outcome(release)
    if outcome == Outcome.FAILED:
        return "refused release"
    if outcome == Outcome.YIELDED:
        again = begin is not None and len(run.was_sent.get(begin.id, ())) > 1
        return "hold after yielding" if again else "mistaken hand"
    if outcome == Outcome.UNKNOWN and not release.release:
        return "lift in doubt"
    if outcome == Outcome.SUPERSEDED and begin is not None:
        return "restored order" if begin.decided_at == release.decided_at else "orphan"
    was_done = release.id in run.came_to
    return "needless release" if outcome == Outcome.APPLIED and not was_done else "orphan"


def _is_excused(
    run: Simulation, guild_id: GuildId, user_id: UserId, name: str, lease: Lease
) -> bool:
    """A human has undone it, or Discord has refused it and the log says so."""
    if run.hands.off.get((guild_id, user_id, name)) is Hand.HUMAN:
        return True
    begin = _latest(run, guild_id, user_id, lease.effect, name)
    return begin is not None and run.disk.outcome(begin) in {Outcome.FAILED, Outcome.UNKNOWN}


def _not_carried(
    run: Simulation, guild_id: GuildId, user_id: UserId, name: str, lease: Lease
) -> str:
    """The name of the violation, by what the log says of the hold."""
    begin = _latest(run, guild_id, user_id, lease.effect, name)
    if begin is not None and run.disk.outcome(begin) == Outcome.SUPERSEDED:
        release = _latest(run, guild_id, user_id, RELEASES[lease.effect], name)
        if release is not None and release.decided_at == begin.decided_at:
            return "restored order"
    return "needless hold" if begin is not None and begin.id not in run.was_sent else "not carried"


def _latest(
    run: Simulation, guild_id: GuildId, user_id: UserId, effect: Effect, name: str
) -> Decision | None:
    """The latest decision of an effect on a mark."""
    role = name.partition(":")[2] or None
    return run.disk.latest.get((guild_id, user_id, effect, role))


def check_reports(run: Simulation) -> None:
    """The program's own tables are Discord's."""
    assert run.life is not None
    voices = EngineVoices(run.life.core.moderator.engine)
    for ids in GUILDS:
        for member in run.world.guilds[ids.guild].members.values():
            state = voices.voice_state(ids.guild, member.user.id)
            if state is None:
                continue
            told = state.guild_mute, state.guild_deaf
            if told != (member.guild_mute, member.guild_deaf):
                run.watch.violated("report", f"{NAMES[member.user.id]}: mute and deafen {told}")


def check_level(run: Simulation) -> None:
    """To decide everybody again decides nothing: nothing that was due was missed."""
    assert run.life is not None
    engine = run.life.core.moderator.engine
    for guild in engine.guilds:
        guild.dirty.update(guild.members)
        engine._changed.add(guild.id)
    step = engine.step((), run.timeline.now())
    for decision in step.decisions:
        who = f"{NAMES[decision.user_id]} of g{decision.guild_id}"
        run.watch.violated("missed", f"{who}: {decision.effect} by {decision.rule} was due")
