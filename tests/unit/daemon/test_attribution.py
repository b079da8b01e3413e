"""What events say of our own edits and of others' hands once they have been told apart."""

from dataclasses import replace

import pytest

from tests.support.stage import AFK, ALICE, BOB, DJ, GUILD, LOBBY, MUSIC, voice
from tests.unit.daemon.attributing import BOT, GRANTED, MODERATOR, MUTED, REVOKED, UNMUTED, Desk
from voxguard.daemon.expected import ECHO_TIME
from voxguard.model.events import (
    GuildAppeared,
    GuildVanished,
    HandSeen,
    MemberRemoved,
    VoiceStateChanged,
)
from voxguard.model.world import Member, VoiceState
from voxguard.ports.discord import GatewayStatus, MemberEdit, Place, RoleEdit


def test_our_own_edits_come_back_as_echoes() -> None:
    """Once each; the same again is somebody's hand."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True), answered=False)
    desk.sends(RoleEdit(DJ, granted=True))
    assert desk.voice(mute=True).echoes == {MUTED}
    assert desk.roles(DJ).echoes == {GRANTED}
    assert desk.voice(mute=False).echoes == set()
    assert desk.roles().echoes == set()
    assert desk.effects[2:] == [("unmute", True), ("revoke", True)]


def test_roles_beside_a_voice_state_are_told_apart_too() -> None:
    """Without the intent for members they come with nothing else."""
    desk = Desk()
    desk.sends(RoleEdit(DJ, granted=True))
    event = VoiceStateChanged(GUILD, VoiceState(ALICE, LOBBY), Member(ALICE, frozenset({DJ})))
    told = desk.tells(event)
    assert isinstance(told, VoiceStateChanged)
    assert told.echoes == {GRANTED}


def test_what_nobody_has_asked_for_is_a_hand() -> None:
    """Also where it is what a rule wants: the request for it was not sent yet."""
    desk = Desk()
    assert desk.voice(mute=True).echoes == set()
    assert desk.effects[2:] == [("unmute", True)]


def test_what_a_former_run_holds_may_be_its_doing() -> None:
    """Until this one has asked for it; what is undone is a hand all the same."""
    desk = Desk()
    guild = desk.stage.engine.guild(GUILD)
    assert guild is not None
    desk.attribution.take_up([guild])
    assert desk.voice(mute=True).echoes == {MUTED}
    assert desk.voice(mute=False).echoes == set()
    again = Desk()
    again.attribution.take_up([guild])
    again.sends(MemberEdit(mute=True))
    assert again.voice(mute=True).echoes == {MUTED}


@pytest.mark.parametrize("target", [AFK, None])
def test_a_placement_is_ours_for_a_while(target: object) -> None:
    """Where we have sent the member, when we have."""
    place = Place(None if target is None else AFK)
    for waits, ours in ((0.0, True), (ECHO_TIME.total_seconds(), False)):
        desk = Desk()
        desk.sends(MemberEdit(place=place))
        desk.clock.forward(waits)
        elsewhere = desk.attribution.tell_apart(voice(ALICE, MUSIC))
        assert isinstance(elsewhere, VoiceStateChanged)
        assert not elsewhere.is_ours
        told = desk.attribution.tell_apart(voice(ALICE, place.channel_id))
        assert isinstance(told, VoiceStateChanged)
        assert told.is_ours is ours


def test_who_walks_where_they_were_to_be_sent_walks() -> None:
    """A move that is only decided explains nothing, nor one that has failed."""
    desk = Desk("rules: {r: {where: lobby, then: {move: afk}}}")
    event = voice(ALICE, AFK)
    assert desk.tells(event) == event


def test_a_snapshot_shows_echoes_and_settles_the_rest() -> None:
    """What was answered before its session began is in it."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True))
    desk.sends(RoleEdit(DJ, granted=True))
    shown = desk.stage.snapshot(
        members=[Member(ALICE, frozenset({DJ}))], voice=[VoiceState(ALICE, LOBBY, guild_mute=True)]
    )
    told = desk.tells(shown)
    assert isinstance(told, GuildAppeared)
    assert told.echoes == {ALICE: {MUTED, GRANTED}}
    desk.sends(MemberEdit(mute=False))
    desk.sends(RoleEdit(DJ, granted=False))
    elsewhere = replace(shown, guild=desk.stage.snapshot().guild)
    desk.clock.forward(0.001)
    desk.attribution.shown.status(GatewayStatus(1, frozenset({0})))
    assert desk.attribution.tell_apart(elsewhere) == elsewhere
    # The member was not listed, so that the role is still to be shown.
    told_roles = desk.roles()
    assert told_roles.echoes == {REVOKED}
    assert desk.voice(mute=False).echoes == set()


def test_an_entry_of_somebody_else_outranks_an_expected_echo() -> None:
    """Before its report, which then is theirs; after it, as an event that says so."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True))
    desk.voice(mute=True)
    desk.sends(MemberEdit(mute=False), answered=False)
    entry = HandSeen(GUILD, ALICE, MODERATOR, frozenset({UNMUTED}))
    assert desk.tells(entry) is None
    told = desk.voice(mute=False)
    assert told.by == MODERATOR
    assert told.echoes == set()
    assert desk.effects[2:] == [("unmute", True)]
    after = Desk()
    after.sends(MemberEdit(mute=True))
    after.voice(mute=True)
    after.sends(MemberEdit(mute=False), answered=False)
    assert after.voice(mute=False).echoes == {UNMUTED}
    assert after.tells(entry) == entry
    assert after.effects[2:] == [("unmute", True)]


def test_an_entry_of_ours_makes_an_echo_of_its_report() -> None:
    """It is not needed where the report has come, and nobody is asked before we know our name."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True))
    desk.voice(mute=True)
    ours = HandSeen(GUILD, ALICE, BOT, frozenset({UNMUTED, MUTED}))
    assert desk.tells(ours) is None
    assert desk.voice(mute=False).echoes == {UNMUTED}
    assert desk.voice(mute=True).echoes == set()
    unnamed = Desk()
    unnamed.attribution.bot_id = None
    assert unnamed.tells(ours) is None
    assert unnamed.voice(mute=True).echoes == set()


def test_other_events_are_as_they_were() -> None:
    """Of somebody who is gone nothing is expected, and of a stranger nothing is known."""
    desk = Desk()
    desk.sends(MemberEdit(mute=True))
    vanished = GuildVanished(GUILD)
    assert desk.attribution.tell_apart(vanished) is vanished
    removed = MemberRemoved(GUILD, ALICE)
    assert desk.attribution.tell_apart(removed) is removed
    assert desk.voice(mute=True).echoes == set()
    desk.attribution.sent(GUILD, BOB, MemberEdit(mute=True))
    stranger = desk.attribution.tell_apart(voice(BOB, LOBBY, guild_mute=True))
    assert stranger == voice(BOB, LOBBY, guild_mute=True)
    elsewhere = voice(ALICE, LOBBY)
    assert replace(elsewhere, guild_id=type(GUILD)(5)) == desk.attribution.tell_apart(
        replace(elsewhere, guild_id=type(GUILD)(5))
    )
