"""What the moderator makes of how decisions went."""

from dataclasses import replace

import pytest

from tests.support.stage import AFK, ALICE, GUILD, LOBBY, voice
from tests.unit.daemon.parts import Running, moderate
from voxguard.daemon.moderator import Moderator
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.events import EnforcementFailed
from voxguard.ports.discord import MemberEdit
from voxguard.ports.outbox import OutcomeRecord

LIFTS = """
rules:
  lifts: {priority: 1, where: afk, then: {mute: false}}
  quiet: {where: lobby, then: {mute: true, hold: 1h}}
"""
QUIET = "rules: {quiet: {where: lobby, then: {mute: true}}}"
OUT = "rules: {out: {where: lobby, then: {disconnect: true}}, quiet: {then: {mute: true}}}"


async def test_a_failed_placement_is_a_fact() -> None:
    """Whoever could not be moved out may be muted after all."""
    async with Running() as running:
        each = moderate(running, OUT)
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        (out,) = running.handed_on
        assert each.still_wanted(out)
        each.resolve(out, OutcomeRecord(out.id, out.decided_at, Outcome.FAILED, "50013"))
        await running.settled()
        assert [decision.rule for decision in running.handed_on] == ["out", "quiet"]
        each.take(voice(ALICE, None))
        assert not each.still_wanted(out)


async def test_the_end_of_an_earlier_placement_is_none_of_the_present_one() -> None:
    """Whoever came back before the answer and is to be moved out again is not muted first."""
    async with Running() as running:
        each = moderate(running, OUT)
        each.take(voice(ALICE, LOBBY))
        running.clock.forward(0.01)
        each.take(voice(ALICE, None))
        running.clock.forward(0.01)
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        first, second = running.handed_on
        each.resolve(first, OutcomeRecord(first.id, first.decided_at, Outcome.SUPERSEDED))
        await running.settled()
        assert running.handed_on == [first, second]
        each.resolve(second, OutcomeRecord(second.id, second.decided_at, Outcome.FAILED, "50013"))
        await running.settled()
        assert [decision.rule for decision in running.handed_on] == ["out", "out", "quiet"]


async def test_a_placement_that_another_has_replaced_frees_nobody() -> None:
    """Within one visit too: the member is still to be put elsewhere."""
    async with Running() as running:
        each = moderate(
            running,
            """
            rules:
              away: {where: lobby, when: {state: {self_deaf: true}}, then: {move: afk}}
              out: {priority: 1, when: {state: {camera: true}}, then: {disconnect: true}}
              quiet: {priority: 200, then: {mute: true}}
            """,
        )
        each.take(voice(ALICE, LOBBY, self_deaf=True))
        each.take(voice(ALICE, LOBBY, camera=True))
        await running.settled()
        first, second = running.handed_on
        each.resolve(first, OutcomeRecord(first.id, first.decided_at, Outcome.SUPERSEDED))
        await running.settled()
        assert running.handed_on == [first, second]


async def test_the_failure_of_an_earlier_mute_is_none_of_the_present_one() -> None:
    """Whoever left and came back meanwhile is muted by then, and released in the end."""
    async with Running() as running:
        each = moderate(running, QUIET)
        for seconds, channel in enumerate([LOBBY, None, LOBBY]):
            running.clock.forward(seconds)
            each.take(voice(ALICE, channel))
        await running.settled()
        first = running.handed_on[0]
        each.resolve(first, OutcomeRecord(first.id, first.decided_at, Outcome.FAILED, "50013"))
        each.take(voice(ALICE, AFK))
        await running.settled()
        effects = [decision.effect.value for decision in running.handed_on]
        assert effects == ["mute", "unmute", "mute", "unmute"]


async def test_a_message_that_failed_is_only_recorded() -> None:
    """Whether somebody was reached changes nothing of the member."""
    async with Running() as running:
        each = moderate(running, QUIET)
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        events = len(running.events)
        (mute,) = running.handed_on
        for effect in (Effect.WARN, Effect.ANNOUNCE):
            message = replace(mute, effect=effect)
            each.resolve(message, OutcomeRecord(mute.id, mute.decided_at, Outcome.FAILED, "50007"))
        await running.settled()
        assert len(running.events) == events
        each.resolve(mute, OutcomeRecord(mute.id, mute.decided_at, Outcome.FAILED, "50013"))
        await running.settled()
        (failed,) = running.events[events:]
        assert failed == EnforcementFailed(GUILD, ALICE, Effect.MUTE, mute.params)


async def test_an_applied_decision_is_only_recorded() -> None:
    """Nothing new follows from what went as it should."""
    async with Running() as running:
        each = moderate(running, QUIET)
        each.take(voice(ALICE, LOBBY))
        await running.settled()
        (mute,) = running.handed_on
        each.resolve(mute, OutcomeRecord(mute.id, mute.decided_at, Outcome.APPLIED))
        await running.settled()
        assert running.outbox.batches[-1].outcomes[0].decision_id == mute.id
        assert len(running.handed_on) == 1


async def lifting_muted(running: Running) -> Moderator:
    """Alice is muted by a rule, and another lifts that where she goes."""
    each = moderate(running, LIFTS)
    each.take(voice(ALICE, LOBBY))
    each.attribution.sent(GUILD, ALICE, MemberEdit(mute=True))
    each.take(voice(ALICE, LOBBY, guild_mute=True))
    running.clock.forward(1)
    each.take(voice(ALICE, AFK, guild_mute=True))
    await running.settled()
    return each


@pytest.mark.parametrize("outcome", [Outcome.SUPERSEDED, Outcome.FAILED, Outcome.UNKNOWN])
async def test_what_a_lifting_was_to_end_is_released(outcome: Outcome) -> None:
    """Who leaves before a rule has lifted another's mute is unmuted when they come back."""
    async with Running() as running:
        each = await lifting_muted(running)
        mute, lifting = running.handed_on
        assert (mute.rule, lifting.rule) == ("quiet", "lifts")
        running.clock.forward(1)
        each.take(voice(ALICE, None, guild_mute=True))
        each.resolve(lifting, OutcomeRecord(lifting.id, lifting.decided_at, outcome))
        await running.settled()
        release = running.handed_on[-1]
        assert (release.effect, release.release, release.rule) == (Effect.UNMUTE, True, "lifts")
        each.resolve(release, OutcomeRecord(release.id, release.decided_at, Outcome.PENDING))
        await running.settled()
        assert len(running.handed_on) == 3


async def test_a_lifting_that_was_done_leaves_nothing_to_release() -> None:
    """Its mute is gone."""
    async with Running() as running:
        each = await lifting_muted(running)
        lifting = running.handed_on[-1]
        applied = OutcomeRecord(lifting.id, lifting.decided_at, Outcome.APPLIED)
        each.resolve(lifting, applied)
        each.take(voice(ALICE, None))
        await running.settled()
        assert len(running.handed_on) == 2
