"""Hands that nobody has seen: over restarts, in snapshots, of members who are away."""

from tests.support.hands import SLOTS, Slot, held, slots
from tests.support.restart import restarted
from tests.support.stage import ALICE, DJ, GUILD, LOBBY, ROLES, STAFF, STAGE, Stage, voice
from voxguard.engine.restart import forget_report
from voxguard.model.decisions import Effect
from voxguard.model.events import NO_ECHOES, Echo, EnforcementFailed
from voxguard.model.world import Member, VoiceState


@slots
def test_a_restart_keeps_what_a_hand_has_undone(slot: Slot) -> None:
    """The episode goes on, and the rule does not take the slot again."""
    stage = held(slot)
    slot.report(stage.at(2), on=False)
    assert restarted(stage.at(3)) == []
    assert stage.at(4).enter(ALICE, STAGE, self_mute=True) == []
    stage.at(5).enter(ALICE, LOBBY)
    assert stage.at(6).enter(ALICE, STAGE) == [("r", slot.effect.value)]


def snapshot(stage: Stage, slot: Slot, *, on: bool, echoes: frozenset[Echo] = NO_ECHOES) -> object:
    """Discord shows the guild anew."""
    flags = {} if slot.flag is None else {slot.flag: on}
    members = [Member(ALICE, frozenset({DJ} if on else ()))] if slot.flag is None else []
    shown = stage.snapshot(members=members, voice=[VoiceState(ALICE, STAGE, **flags)])
    return stage.step(type(shown)(shown.guild, echoes={ALICE: echoes} if echoes else {}))


@slots
def test_a_snapshot_shows_what_hands_have_undone(slot: Slot) -> None:
    """What was reported as on and is off; what never was on is ours to do, and echoes are ours."""
    stage = held(slot)
    assert snapshot(stage.at(2), slot, on=False, echoes=frozenset({slot.off})) == []
    stage = held(slot)
    assert snapshot(stage.at(2), slot, on=False) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    waiting = Stage(f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}", humans=True)
    waiting.enter(ALICE, STAGE)
    assert snapshot(waiting.at(1), slot, on=False) == []
    # Whether that was us cannot be told, and nobody else would lift it.
    assert snapshot(waiting.at(2), slot, on=True) == []
    assert waiting.at(3).activate("rules: {}") == [("r", slot.off[0].value)]


@slots
def test_a_request_in_doubt_is_nobodys_hand(slot: Slot) -> None:
    """What a former run may have asked for is not held against anybody."""
    stage = held(slot)
    forget_report(stage.member(ALICE), slot.off[0], slot.role)
    assert slot.report(stage.at(2), on=False) == []
    assert slot.is_on(stage)
    for effect in (slot.effect, Effect.WARN):
        forget_report(stage.member(ALICE), effect, STAFF)
    assert slot.report(stage.at(3), on=True, echoes=[slot.on]) == []


@slots
def test_without_a_lease_a_doubt_changes_nothing(slot: Slot) -> None:
    """The facts follow reports then, and need the last one to compare with."""
    stage = held(slot)
    stage.at(2).activate("rules: {}")
    forget_report(stage.member(ALICE), slot.off[0], slot.role)
    assert slot.report(stage.at(3), on=True) == []
    assert not slot.is_on(stage)


def test_whoever_is_not_connected_is_in_nobodys_hands() -> None:
    """A report of leaving may say anything; what is off at the next join was undone meanwhile."""
    stage = held(SLOTS[0], more=", hold: 10m")
    assert stage.at(2).step(voice(ALICE, None, guild_mute=True)) == []
    assert stage.at(3).enter(ALICE, LOBBY) == [("r", "unmute")]
    assert stage.decisions[-1].yielded
    stage = held(SLOTS[0], more=", hold: 10m")
    assert stage.at(2).leave(ALICE) == []
    assert stage.at(3).enter(ALICE, LOBBY, guild_mute=True) == []
    assert stage.at(601).step() == [("r", "unmute")]


def test_the_audience_is_left_with_the_stage() -> None:
    """That is nobody's invitation, and no lease is left to yield."""
    stage = held(SLOTS[2])
    assert stage.at(2).enter(ALICE, LOBBY) == []
    assert stage.at(3).enter(ALICE, STAGE) == [("r", "suppress")]


def test_a_deleted_role_was_taken_by_nobody() -> None:
    """A snapshot shows it gone from the table and from the member at once; the rule goes on."""
    stage = held(SLOTS[3])
    shown = stage.snapshot(
        members=[Member(ALICE)],
        voice=[VoiceState(ALICE, STAGE)],
        roles=[role for role in ROLES if role.id != DJ],
    )
    assert stage.at(2).step(shown) == [("r", "grant")]


@slots
def test_what_discord_has_refused_is_not_ours_in_a_snapshot(slot: Slot) -> None:
    """A rule holds it all the same, but nobody has done it for the rule."""
    stage = Stage(f"rules: {{r: {{where: stage, then: {{{slot.then}}}}}}}", humans=True)
    stage.enter(ALICE, STAGE)
    slot.report(stage.at(1), on=False)
    params = {} if slot.role is None else {"role": str(slot.role)}
    stage.at(2).step(EnforcementFailed(GUILD, ALICE, slot.effect, params))
    assert snapshot(stage.at(3), slot, on=True) == [("r", slot.off[0].value)]
    assert stage.decisions[-1].yielded
    assert slot.is_on(stage)
    assert stage.at(4).activate("rules: {}") == []
