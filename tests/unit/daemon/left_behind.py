"""What a killed daemon leaves, and what the next one makes of it."""

from datetime import timedelta

from tests.support.stage import GUILD, Stage
from voxguard.daemon.takeup import TakenUp, take_up
from voxguard.engine.memory import remember
from voxguard.model.decisions import Outcome
from voxguard.ports.outbox import MemberRecord, OutboxState, UnfinishedDecision


def left_behind(stage: Stage, *outcomes: Outcome | None) -> OutboxState:
    """What the outbox of a killed daemon holds, with an outcome for each decision."""
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    return OutboxState(
        members=tuple(
            MemberRecord(GUILD, user_id, remember(member))
            for user_id, member in guild.members.items()
        ),
        decisions=tuple(
            UnfinishedDecision(decision, "", outcome)
            for decision, outcome in zip(stage.decisions, outcomes, strict=True)
        ),
        visits=tuple(visit for visit in stage.visits if visit.left_at is None),
        alive_at=stage.instant(),
    )


def taken_after(state: OutboxState, seconds: float) -> TakenUp:
    """Take up so much later."""
    assert state.alive_at is not None
    return take_up(state, state.alive_at + timedelta(seconds=seconds))
