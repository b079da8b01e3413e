"""Reports that were lost: what is known all the same of whose hand it was."""

from dataclasses import replace

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, Stage, voice
from tests.unit.daemon.attributing import BOT, GRANTED, MODERATOR, MUTED, UNMUTED, Desk
from voxguard.daemon.expected import ECHO_TIME
from voxguard.model.decisions import Effect
from voxguard.model.events import EchoMissed, GuildVanished, HandSeen, MemberChanged
from voxguard.model.world import Member
from voxguard.ports.discord import GatewayStatus, MemberEdit


def test_what_a_lost_report_would_have_shown_is_told_before_the_next() -> None:
    """Once, by a voice state, a member or a snapshot; and not while the connection is away."""
    told = EchoMissed(GUILD, ALICE, frozenset({MUTED}))
    state = voice(ALICE, LOBBY)
    known = MemberChanged(GUILD, Member(ALICE))
    snapshot = Stage("rules: {}", appear=False).snapshot(voice=[state.state])
    for event in (state, known, snapshot):
        desk = Desk()
        desk.sends(MemberEdit(mute=True))
        assert desk.attribution.missed(event) == []
        desk.clock.forward(ECHO_TIME.total_seconds())
        assert desk.attribution.missed(GuildVanished(GUILD)) == []
        desk.attribution.shown.status(GatewayStatus(1))
        assert desk.attribution.missed(event) == ([told] if event is snapshot else [])
        desk.attribution.shown.status(GatewayStatus(1, frozenset({0})))
        desk.clock.forward(ECHO_TIME.total_seconds())
        assert desk.attribution.missed(event) == ([] if event is snapshot else [told])
        assert desk.attribution.missed(event) == []


def test_a_hand_that_sets_what_is_shown_as_ours_has_it() -> None:
    """The report of its being undone was lost; of what is not held, or off, nothing follows."""
    desk = Desk()
    entry = HandSeen(GUILD, ALICE, MODERATOR, frozenset({MUTED, GRANTED, (Effect.DEAFEN, None)}))
    stranger = replace(entry, user_id=BOB)
    assert desk.tells(stranger) is None
    desk.sends(MemberEdit(mute=True))
    desk.voice(mute=True)
    desk.clock.forward(ECHO_TIME.total_seconds())
    assert desk.tells(entry) == replace(entry, changes=frozenset({MUTED}))
    assert desk.effects[2:] == [("unmute", True)]


def test_what_a_hand_has_undone_was_done() -> None:
    """An entry tells that our own edit came before, though nothing has shown it."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True))
    entry = HandSeen(GUILD, ALICE, MODERATOR, frozenset({UNMUTED}))
    now = desk.clock.now()
    early = replace(entry, done_at=now - ECHO_TIME)
    late = replace(entry, done_at=now + ECHO_TIME)
    for other in (entry, early, replace(late, by=BOT)):
        assert desk.attribution.missed(other) == []
    assert desk.attribution.missed(late) == [EchoMissed(GUILD, ALICE, frozenset({MUTED}))]
    assert desk.attribution.missed(late) == []


def test_what_is_still_to_be_reported_is_expected() -> None:
    """From when it is sent until it is shown, or late; of each thing by itself."""
    desk = Desk()
    assert not desk.attribution.expects(GUILD, ALICE, Effect.MUTE)
    desk.sends(MemberEdit(mute=True))
    assert desk.attribution.expects(GUILD, ALICE, Effect.MUTE)
    assert not desk.attribution.expects(GUILD, ALICE, Effect.DEAFEN)
    assert not desk.attribution.expects(GUILD, BOB, Effect.MUTE)
    desk.clock.forward(ECHO_TIME.total_seconds())
    assert not desk.attribution.expects(GUILD, ALICE, Effect.MUTE)
    desk.sends(MemberEdit(mute=True))
    desk.voice(mute=True)
    assert not desk.attribution.expects(GUILD, ALICE, Effect.MUTE)
