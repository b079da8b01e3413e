"""Reports that were lost: what is known all the same of whose hand it was."""

from dataclasses import replace

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, Stage, voice
from tests.unit.daemon.attributing import GRANTED, MODERATOR, MUTED, Desk
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
