"""What the audit log says against how a report was taken."""

from dataclasses import replace

import pytest

from tests.support.hands import MODERATOR, Slot, held, slots
from tests.support.stage import ALICE, BOB, DJ, GUILD, LOBBY, STAGE, Stage
from voxguard.model.decisions import Effect
from voxguard.model.events import Echo, EchoMissed, EnforcementFailed, HandSeen, VoiceStateChanged
from voxguard.model.ids import UserId
from voxguard.model.world import Member, VoiceState


def seen(*changes: Echo, user: UserId = ALICE) -> HandSeen:
    """A moderator has done this."""
    return HandSeen(GUILD, user, MODERATOR, frozenset(changes))


@slots
@pytest.mark.parametrize("humans", ["yield", "reassert"])
def test_what_passed_for_our_own_was_a_hand(slot: Slot, humans: str) -> None:
    """What was undone is yielded, or set again, as if the report had been taken for a hand."""
    stage = held(slot, humans=humans)
    slot.report(stage.at(2), on=False, echoes=[slot.off])
    effect = slot.off[0] if humans == "yield" else slot.effect
    assert stage.at(3).step(seen(slot.off)) == [("r", effect.value)]
    assert stage.decisions[-1].details["by"] == str(MODERATOR)
    assert slot.is_on(stage) is (humans == "reassert")


@slots
def test_what_a_hand_has_set_is_theirs(slot: Slot) -> None:
    """Though we had asked for the same."""
    stage = held(slot)
    assert stage.at(2).step(seen(slot.on)) == [("r", slot.off[0].value)]
    assert slot.is_on(stage)
    assert stage.at(3).activate("rules: {}") == []


@slots
def test_what_is_so_no_longer_is_past(slot: Slot) -> None:
    """An entry about what a later report has overtaken, and one about what nobody holds."""
    stage = held(slot)
    assert stage.at(2).step(seen(slot.off)) == []
    stage.at(3).activate("rules: {}")
    assert stage.at(4).step(seen(slot.on)) == []


def test_of_others_nothing_is_known() -> None:
    """Who is no member that matters, and a simulation, where hands play no part."""
    stage = Stage("rules: {r: {then: {mute: true}}}", humans=True)
    assert stage.step(seen((Effect.MUTE, None), user=BOB)) == []
    simulated = Stage("rules: {r: {then: {mute: true}}}")
    simulated.enter(ALICE, LOBBY)
    simulated.at(1).enter(ALICE, LOBBY, guild_mute=True)
    assert simulated.at(2).step(seen((Effect.MUTE, None))) == []


@slots
def test_what_no_report_has_shown_is_compared_with(slot: Slot) -> None:
    """The report of our release was lost: the same as before it is somebody else's hand."""
    stage = held(slot)
    stage.at(2).activate("rules: {}")
    assert not slot.is_on(stage)
    slot.report(stage.at(3), on=True)
    assert not slot.is_on(stage), "as old as the hold, for all that is known"
    missed = EchoMissed(GUILD, ALICE, frozenset({slot.off}))
    assert stage.at(40).step(missed) == []
    slot.report(stage.at(41), on=True)
    assert slot.is_on(stage)


def test_what_is_missed_of_others_is_nothing() -> None:
    """Of who is no member that matters, and of what is not reported."""
    stage = Stage("rules: {}", humans=True)
    assert stage.step(EchoMissed(GUILD, BOB, frozenset({(Effect.MUTE, None)}))) == []
    stage.enter(ALICE, LOBBY)
    assert stage.step(EchoMissed(GUILD, ALICE, frozenset({(Effect.WARN, None)}))) == []


@slots
def test_what_is_missed_counts_before_the_guild_is_seen_again(slot: Slot) -> None:
    """A snapshot is compared with what our own edits have left."""
    stage = held(slot)
    stage.at(2).activate("rules: {}")
    stage.engine.lose_sight(stage.instant(3), stage.instant(4))
    stage.at(40).step(EchoMissed(GUILD, ALICE, frozenset({slot.off})))
    state = VoiceState(ALICE, STAGE, **({slot.flag: True} if slot.flag else {}))
    roles = frozenset({DJ}) if slot.flag is None else frozenset()
    stage.at(41).step(stage.snapshot(members=[Member(ALICE, roles)], voice=[state]))
    assert slot.is_on(stage)


def test_what_could_not_be_done_is_done_by_a_hand() -> None:
    """A mute that Discord has refused, and that a moderator has set, is nothing of ours."""
    stage = Stage("rules: {r: {where: lobby, then: {mute: true}}}", humans=True)
    stage.enter(ALICE, LOBBY)
    stage.at(1).step(EnforcementFailed(GUILD, ALICE, Effect.MUTE))
    muted = VoiceState(ALICE, LOBBY, guild_mute=True)
    echoes = frozenset({(Effect.MUTE, None)})
    stage.at(2).step(VoiceStateChanged(GUILD, muted, echoes=echoes))
    assert stage.at(3).step(seen((Effect.MUTE, None))) == [("r", "unmute")]
    assert stage.decisions[-1].yielded
    assert stage.at(4).activate("rules: {}") == []


@pytest.mark.parametrize(("seconds", "is_about_it"), [(-5.1, False), (-5, True), (1, True)])
def test_a_late_entry_is_not_about_what_is_held_since(seconds: float, is_about_it: bool) -> None:
    """What was undone before is over; Discord's clock may differ from ours by some seconds."""
    stage = Stage("rules: {r: {where: lobby, then: {mute: true}}}", humans=True)
    stage.enter(ALICE, LOBBY)
    muted = VoiceState(ALICE, LOBBY, guild_mute=True)
    stage.at(1).step(VoiceStateChanged(GUILD, muted, echoes=frozenset({(Effect.MUTE, None)})))
    unmuted = VoiceState(ALICE, LOBBY)
    echoes = frozenset({(Effect.UNMUTE, None)})
    stage.at(2).step(VoiceStateChanged(GUILD, unmuted, echoes=echoes))
    entry = replace(seen((Effect.UNMUTE, None)), done_at=stage.instant(seconds))
    assert bool(stage.at(3).step(entry)) is is_about_it
