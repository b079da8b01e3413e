"""What was held, by what the log says, with the real PostgreSQL."""

from uuid import UUID

import pytest

from tests.unit.store.former_days import ALICE, BOB, DJ, ELSEWHERE, LOBBY, STAGE, Log
from voxguard.engine.recalled_leases import PastLease
from voxguard.model.decisions import Effect, Mode, Outcome
from voxguard.model.ids import RoleId


@pytest.mark.usefixtures("page")
async def test_what_is_held_is_what_stands_last(log: Log) -> None:
    """A thing that was done and not ended is held, each thing of a member by itself."""
    mute = await log.decided(Effect.MUTE, 30)
    await log.decided(Effect.DEAFEN, 30)
    await log.decided(Effect.UNDEAFEN, 20)
    grant = await log.decided(Effect.GRANT, 10, role=DJ, user=BOB)
    await log.decided(Effect.GRANT, 10, role=RoleId(13), user=BOB)
    await log.decided(Effect.REVOKE, 9, role=RoleId(13), user=BOB)
    await log.decided(Effect.MUTE, 5, user=BOB, mode=Mode.OBSERVE)
    await log.decided(Effect.MUTE, 5, user=BOB, guild=ELSEWHERE)
    held = await log.held()
    assert held == [
        (
            ALICE,
            PastLease("quiet", Effect.MUTE, UUID(int=1), mute.decided_at, LOBBY, None, step=1),
        ),
        (BOB, PastLease("quiet", Effect.GRANT, UUID(int=1), grant.decided_at, LOBBY, DJ, step=1)),
    ]
    assert [lease.slot for _, lease in held] == ["mute", f"role:{DJ}"]


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        (None, None, True),
        (Outcome.UNKNOWN, None, True),
        (Outcome.FAILED, None, False),
        (Outcome.PENDING, None, False),
        (Outcome.DEFERRED, None, False),
        (Outcome.APPLIED, Outcome.APPLIED, False),
        (Outcome.APPLIED, Outcome.SUPERSEDED, False),
        (Outcome.APPLIED, Outcome.YIELDED, False),
        (Outcome.APPLIED, Outcome.PENDING, True),
        (Outcome.APPLIED, Outcome.DEFERRED, True),
    ],
)
async def test_outcomes_say_whether_it_is_held(
    log: Log, first: Outcome | None, then: Outcome | None, held: bool
) -> None:
    """What was never sent holds nothing, and a release that was not carried out ends nothing."""
    await log.decided(Effect.MUTE, 30, outcome=first)
    if then is not None:
        await log.decided(Effect.UNMUTE, 20, outcome=then)
    found = await log.held()
    assert bool(found) is held
    assert [(lease.effect, lease.step is None) for _, lease in found] == (
        [(Effect.MUTE, then is not None)] if held else []
    )


async def test_a_lifting_by_a_rule_ends_what_was_held(log: Log) -> None:
    """One that waits still ends nothing itself, but is no release that has to be made up for."""
    await log.decided(Effect.MUTE, 30)
    await log.decided(Effect.UNMUTE, 20, release=False, rule="speak-up")
    assert await log.held() == []
    await log.decided(Effect.UNMUTE, 10, release=False, outcome=Outcome.PENDING)
    assert await log.held() == []


async def test_an_audience_is_held_for_as_long_as_the_visit(log: Log) -> None:
    """Who left the stage is in no audience of ours, whatever the log says of a release."""
    await log.visited(40, None, channel=STAGE)
    await log.decided(Effect.SUPPRESS, 30, channel=STAGE)
    await log.visited(40, 35, channel=STAGE, user=BOB)
    await log.decided(Effect.SUPPRESS, 37, channel=STAGE, user=BOB)
    assert [user for user, _ in await log.held()] == [ALICE]
