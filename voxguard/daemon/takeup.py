"""After a restart: what the outbox says of our former self, ready to go on with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from voxguard.daemon.enforcement.wants import PLACEMENTS, is_momentary
from voxguard.engine.leases import hold_on
from voxguard.engine.reported import held_slot
from voxguard.engine.restart import (
    end_placed,
    forget_placement,
    forget_report,
    is_let_go,
    restore_guilds,
    time_away,
    trust_facts,
)
from voxguard.engine.shift import Shift
from voxguard.engine.state import GuildState, MemberState
from voxguard.model.decisions import Decision, Mode, Outcome, role_of
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import EndReason, Visit
from voxguard.policy.effects.base import Slot
from voxguard.ports.outbox import OutboxState, OutcomeRecord, UnfinishedDecision

log = structlog.get_logger("voxguard.restart")


@dataclass(slots=True)
class TakenUp:
    """What goes on: guilds to compare with Discord's word, and held effects under way.

    `outcomes` and `visits` are ended by the restart itself and are to be recorded. `shift`
    is by how much the wall clock was stepped meanwhile, by which guilds are told anew.
    """

    guilds: dict[GuildId, GuildState] = field(default_factory=dict)
    unfinished: list[UnfinishedDecision] = field(default_factory=list)
    outcomes: list[OutcomeRecord] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    shift: Shift | None = None


def take_up(state: OutboxState, now: datetime, away: timedelta | None = None) -> TakenUp:
    """Sort what was left behind into what goes on and what has ended.

    `away` is for how long nobody was there, where anything but the wall clock tells.
    """
    alive_at = state.alive_at or now
    memories = [
        (record.guild_id, record.user_id, record.state)
        for record in state.members
        if record.state is not None
    ]
    guilds, damaged = restore_guilds(memories, alive_at, now, away)
    for each in damaged:
        log.error("a memory cannot be read and is left out", what=each)
    taken = TakenUp(guilds=guilds)
    for unfinished in state.decisions:
        _take_decision(taken, unfinished, now)
    _trust(taken, state.decisions)
    # A placement that is left now has had its answer.
    for guild in taken.guilds.values():
        end_placed(guild, guild.alive_at or now)
    going_on = {
        member.visit.id
        for guild in taken.guilds.values()
        for member in guild.members.values()
        if member.visit is not None
    }
    closed = {visit.id for guild in taken.guilds.values() for visit in guild.visits}
    for visit in state.visits:
        if visit.id not in going_on and visit.id not in closed:
            left_at = max(visit.joined_at, alive_at)
            taken.visits.append(replace(visit, left_at=left_at, end_reason=EndReason.LOST))
    if state.alive_at is not None:
        by, _ = time_away(now - alive_at, away)
        if by:
            taken.shift = Shift(by, now)
            log.warning(
                "the wall clock was stepped while nobody watched: durations go on",
                seconds=round(by.total_seconds(), 3),
            )
        log.info(
            "took up where the last run ended",
            alive_at=alive_at.isoformat(),
            members=len(memories),
            unfinished=len(state.decisions),
        )
    return taken


def _take_decision(taken: TakenUp, unfinished: UnfinishedDecision, now: datetime) -> None:
    decision = unfinished.decision
    _doubt(taken, decision)
    if decision.mode is Mode.OBSERVE:
        outcome = Outcome.FUSED if decision.fused else Outcome.OBSERVED
        taken.outcomes.append(_ended(decision, outcome))
    elif decision.yielded:
        taken.outcomes.append(_ended(decision, Outcome.YIELDED))
    elif decision.effect in PLACEMENTS:
        _take_placement(taken, unfinished, now)
    elif unfinished.outcome is None and is_momentary(decision):
        # It may have happened: what is said twice, or lifted twice, cannot be taken back.
        taken.outcomes.append(_ended(decision, Outcome.UNKNOWN))
        if (member := _member(taken, decision)) is not None:
            hold_on(member, decision)
            forget_report(member, decision.effect, None)
    elif is_let_go(_member(taken, decision), decision.effect, role_of(decision.params)):
        # A human has undone it, or something of the same instant: that was recorded with the end.
        taken.outcomes.append(_ended(decision, Outcome.SUPERSEDED))
    else:
        taken.unfinished.append(unfinished)


def _trust(taken: TakenUp, unfinished: Iterable[UnfinishedDecision]) -> None:
    doubted: defaultdict[tuple[GuildId, UserId], set[Slot]] = defaultdict(set)
    for decision in (each.decision for each in unfinished):
        slot = held_slot(decision.effect, role_of(decision.params))
        if slot is not None and decision.mode is Mode.ENFORCE:
            doubted[decision.guild_id, decision.user_id].add(slot)
    for guild in taken.guilds.values():
        for member in guild.members.values():
            trust_facts(member, doubted[guild.id, member.user_id])


def _member(taken: TakenUp, decision: Decision) -> MemberState | None:
    guild = taken.guilds.get(decision.guild_id)
    return None if guild is None else guild.members.get(decision.user_id)


def _doubt(taken: TakenUp, decision: Decision) -> None:
    """What a request without an answer has done, or not done, is nobody else's hand."""
    member = _member(taken, decision)
    if member is not None and decision.mode is Mode.ENFORCE:
        forget_report(member, decision.effect, role_of(decision.params))


def _take_placement(taken: TakenUp, unfinished: UnfinishedDecision, now: datetime) -> None:
    decision = unfinished.decision
    never_sent = unfinished.outcome is Outcome.DEFERRED
    outcome = Outcome.SUPERSEDED if never_sent else Outcome.UNKNOWN
    taken.outcomes.append(_ended(decision, outcome))
    member = _member(taken, decision)
    # Whoever is found where they were was not moved: the rule acts on them anew.
    if member is not None:
        forget_placement(member, decision.rule, decision.effect, now)


def _ended(decision: Decision, outcome: Outcome) -> OutcomeRecord:
    return OutcomeRecord(decision.id, decision.decided_at, outcome)
