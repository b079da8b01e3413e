"""Every effect over a real connection, as Discord would carry it out."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.daemon.enforcement.bench import (
    ALICE,
    BOB,
    DJ_ID,
    GUILD,
    GUILD_ID,
    LOG_ID,
    STAGE_ID,
    Bench,
    want,
)
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import UserId
from voxguard.model.limits import Budget
from voxguard.ports.discord import Answer
from voxguard.ports.outbox import UnfinishedDecision
from voxguard.sandbox.world.state import GuildMember


def member(bench: Bench, user: int = ALICE) -> GuildMember:
    """A member as the sandbox has them."""
    return bench.sandbox.world.guilds[GUILD_ID].members[UserId(user)]


def contents(bench: Bench) -> list[str]:
    """What messages say."""
    return [message["content"] for message in bench.sandbox.messages]


async def test_a_role_is_given_and_taken(bench: Bench) -> None:
    """Each by a request for that role alone, with the rule in the audit log."""
    member(bench).roles.add(staff := bench.sandbox.world.role(bench.guild, "member").id)
    for effect, expected in ((Effect.GRANT, {staff, DJ_ID}), (Effect.REVOKE, {staff})):
        decision = want(effect, params={"role": str(DJ_ID)})
        bench.enforcer.submit([decision])
        await bench.outcome(decision, Outcome.APPLIED)
        assert member(bench).roles == expected
    grant, revoke = bench.sandbox.requests
    assert (grant.method, revoke.method) == ("PUT", "DELETE")
    assert grant.path == f"/guilds/{GUILD_ID}/members/{ALICE}/roles/{DJ_ID}"
    assert grant.reason == revoke.reason == "voxguard: rule"


async def test_a_role_above_the_bots_own_is_explained(bench: Bench) -> None:
    """50013 of a role is a matter of order as well."""
    bench.sandbox.world.role(bench.guild, "dj").position = 99
    decision = want(Effect.GRANT, params={"role": str(DJ_ID)})
    with capture_logs() as lines:
        bench.enforcer.submit([decision])
        await bench.outcome(decision, Outcome.FAILED)
    [missing] = [line["missing"] for line in lines if line["event"] == "missing permission"]
    assert f"above role {DJ_ID}" in missing


async def test_a_speaker_becomes_audience_and_speaks_again(bench: Bench) -> None:
    """Suppression goes to the voice state, and is the stage's alone."""
    bench.sandbox.move(GUILD, "alice", "stage")
    bench.sandbox.human_edit(GUILD, "alice", suppress=False)
    for effect in (Effect.SUPPRESS, Effect.UNSUPPRESS):
        decision = want(effect, channel=STAGE_ID)
        bench.enforcer.submit([decision])
        await bench.outcome(decision, Outcome.APPLIED)
        voice = member(bench).voice
        assert voice is not None
        assert voice.suppressed is (effect is Effect.SUPPRESS)
    assert bench.sandbox.requests[0].body == {"channel_id": str(STAGE_ID), "suppress": True}


async def test_audience_of_who_has_left_is_void(bench: Bench) -> None:
    """Discord knows first that the member is elsewhere."""
    bench.sandbox.move(GUILD, "alice", "stage")
    bench.sandbox.human_edit(GUILD, "alice", suppress=False)
    bench.sandbox.set_delay(0.05)
    decision = want(Effect.SUPPRESS, channel=STAGE_ID)
    bench.enforcer.submit([decision])
    bench.sandbox.move(GUILD, "alice", "lobby")
    await bench.outcome(decision, Outcome.SUPERSEDED)


async def test_a_timeout_ends_when_it_was_decided_to(bench: Bench) -> None:
    """Whoever is timed out drops out of voice, until the instant that counts from the decision."""
    decided_at = datetime.now(UTC) - timedelta(seconds=2)
    decision = want(Effect.TIMEOUT, params={"seconds": 60}, at=decided_at)
    bench.enforcer.submit([decision])
    await bench.outcome(decision, Outcome.APPLIED)
    assert member(bench).timed_out_until == decided_at + timedelta(seconds=60)
    assert member(bench).voice is None


async def test_an_administrator_is_not_timed_out(bench: Bench) -> None:
    """403 is a failed outcome that says so."""
    member(bench).roles.add(bench.sandbox.world.role(bench.guild, "staff").id)
    decision = want(Effect.TIMEOUT, params={"seconds": 60}, at=datetime.now(UTC))
    bench.enforcer.submit([decision])
    record = await bench.outcome(decision, Outcome.FAILED)
    assert record.error == "50013: Missing Permissions"


async def test_a_warning_is_a_direct_message(bench: Bench) -> None:
    """The channel is opened once, and both messages are there."""
    first = want(Effect.WARN, params={"text": "mind the rules"})
    second = want(Effect.WARN, params={"text": "once more"})
    for decision in (first, second):
        bench.enforcer.submit([decision])
        await bench.outcome(decision, Outcome.APPLIED)
    assert contents(bench) == ["mind the rules", "once more"]
    assert [seen.path.split("/")[1] for seen in bench.sandbox.requests] == [
        "users",
        "channels",
        "channels",
    ]


async def test_who_takes_no_messages_is_an_outcome_and_no_alarm(bench: Bench) -> None:
    """Nothing is warned of in the log."""
    member(bench).user.takes_messages = False
    decision = want(Effect.WARN, params={"text": "mind the rules"})
    with capture_logs() as lines:
        bench.enforcer.submit([decision])
        record = await bench.outcome(decision, Outcome.FAILED)
    assert record.error == "50007: Cannot send messages to this user"
    assert {line["log_level"] for line in lines} == {"info"}


async def test_an_announcement_notifies_nobody(bench: Bench) -> None:
    """Whatever it says, everybody is left alone."""
    params = {"channel": str(LOG_ID), "text": f"@everyone look at <@{BOB}>"}
    decision = want(Effect.ANNOUNCE, params=params)
    bench.enforcer.submit([decision])
    await bench.outcome(decision, Outcome.APPLIED)
    [message] = bench.sandbox.messages
    assert message["channel_id"] == str(LOG_ID)
    assert message["content"] == params["text"]
    assert (message["mention_everyone"], message["mentions"]) == (False, [])


async def test_a_message_without_an_answer_arrives_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord has it, the answer is lost, and the repetition is known by its nonce."""
    actor = bench.enforcer._actor
    act = actor.act
    calls = 0

    async def lose_first(*arguments: Any) -> Answer:
        nonlocal calls
        calls += 1
        answer = await act(*arguments)
        if calls == 1:
            raise ConnectionResetError
        return answer

    monkeypatch.setattr(actor, "act", lose_first)
    decision = want(Effect.ANNOUNCE, params={"channel": str(LOG_ID), "text": "once"})
    bench.enforcer.submit([decision])
    await bench.outcome(decision, Outcome.APPLIED)
    assert calls == 2
    assert contents(bench) == ["once"]


async def test_the_budget_of_a_guild_holds_back(bench: Bench) -> None:
    """Two of three actions go at once, the third when the window has passed."""
    bench.budgets.guild = Budget(2, timedelta(seconds=0.5))
    decisions = [
        want(Effect.MUTE),
        want(Effect.MUTE, BOB),
        want(Effect.ANNOUNCE, params={"channel": str(LOG_ID), "text": "late"}),
    ]
    began = asyncio.get_running_loop().time()
    bench.enforcer.submit(decisions)
    await bench.outcome(decisions[2], Outcome.DEFERRED)
    assert bench.enforcer.stats.deferred == 1
    await bench.outcome(decisions[2], Outcome.APPLIED)
    assert asyncio.get_running_loop().time() - began >= 0.5


@pytest.mark.parametrize("told", [Outcome.DEFERRED, Outcome.PENDING])
async def test_what_had_to_wait_is_marked_on_disk_before_it_is_sent(
    bench: Bench, told: Outcome
) -> None:
    """Until the disk has it Discord is not asked, so that no restart sends it twice."""
    notices: list[Callable[[], None]] = []
    bench.enforcer._afterwards = notices.append
    decision = want(Effect.ANNOUNCE, params={"channel": str(LOG_ID), "text": "late"})
    bench.enforcer.restore([UnfinishedDecision(decision, "r", told)])
    bench.enforcer.guild_appeared(GUILD_ID)
    await asyncio.sleep(0.05)
    assert [record.outcome for record in bench.records[decision.id]] == [None]
    assert bench.sandbox.requests == []
    [on_disk] = notices
    on_disk()
    await bench.outcome(decision, Outcome.APPLIED)
