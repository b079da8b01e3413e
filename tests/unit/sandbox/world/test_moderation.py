from datetime import timedelta

import pytest

from tests.unit.sandbox.tools import START, ManualClock, Witness
from voxguard.model.ids import UserId
from voxguard.model.permissions import Permission
from voxguard.sandbox.world import voice
from voxguard.sandbox.world.audit import Hand
from voxguard.sandbox.world.moderation import Edit, Timeout, moderate
from voxguard.sandbox.world.state import Guild, GuildMember
from voxguard.sandbox.world.world import RefusedError, World

HAND = Hand(UserId(7), "because")


@pytest.fixture
def alice(world: World, guild: Guild) -> GuildMember:
    """A member in the lobby."""
    member = world.member(guild, "alice")
    voice.admit(world, guild, member, world.channel(guild, "lobby"))
    return member


def test_a_mute_is_echoed_and_logged_with_its_target(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """A mute comes back as a voice state, and the audit log names hand, target and reason."""
    moderate(world, guild, alice, Edit(mute=True, deaf=True), HAND)
    assert witness.names() == ["VOICE_STATE_UPDATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    entry = witness.last("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert (entry["action_type"], entry["user_id"]) == (24, "7")
    assert (entry["target_id"], entry["reason"]) == (str(alice.user.id), "because")
    assert [change["key"] for change in entry["changes"]] == ["mute", "deaf"]


def test_what_is_so_already_is_neither_echoed_nor_logged(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """An unmute of somebody who is not muted changes and tells nothing."""
    roles = frozenset(alice.roles)
    edit = Edit(mute=False, deaf=False, roles=roles, timeout=Timeout(None))
    moderate(world, guild, alice, edit, HAND)
    assert not witness.dispatches


def test_moves_name_no_target_and_are_merged(
    world: World, guild: Guild, alice: GuildMember, witness: Witness, clock: ManualClock
) -> None:
    """A second move by the same hand into the same channel makes no entry of its own at first."""
    bob = world.member(guild, "bob")
    music, lobby = world.channel(guild, "music"), world.channel(guild, "lobby")
    voice.admit(world, guild, bob, lobby)
    moderate(world, guild, alice, Edit(move_to=music), HAND)
    moderate(world, guild, bob, Edit(move_to=music), HAND)
    entries = witness.names().count("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert entries == 1
    entry = witness.last("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert entry["target_id"] is None
    assert entry["options"] == {"count": "1", "channel_id": str(music.id)}
    clock.seconds += 301
    moderate(world, guild, alice, Edit(move_to=lobby), HAND)
    assert witness.names().count("GUILD_AUDIT_LOG_ENTRY_CREATE") == entries + 1


def test_a_disconnect_ends_the_visit(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """A disconnect sends a voice state without channel and an entry without target."""
    moderate(world, guild, alice, Edit(disconnect=True), Hand(UserId(7)))
    assert witness.last("VOICE_STATE_UPDATE")["channel_id"] is None
    entry = witness.last("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert (entry["action_type"], entry["options"]) == (27, {"count": "1"})
    assert "reason" not in entry


def test_a_timeout_drops_the_member_out_of_voice(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """A timed-out member leaves voice; ending the timeout only changes the member."""
    until = START + timedelta(minutes=10)
    moderate(world, guild, alice, Edit(timeout=Timeout(until)), HAND)
    assert witness.names() == [
        "GUILD_MEMBER_UPDATE",
        "VOICE_STATE_UPDATE",
        "GUILD_AUDIT_LOG_ENTRY_CREATE",
    ]
    assert alice.voice is None
    moderate(world, guild, alice, Edit(timeout=Timeout(None)), HAND)
    assert witness.last("GUILD_MEMBER_UPDATE")["communication_disabled_until"] is None


def test_roles_are_given_and_taken_with_an_entry(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """A change of roles names what was added and what was removed."""
    dj, staff = world.role(guild, "dj").id, world.role(guild, "staff").id
    moderate(world, guild, alice, Edit(roles=frozenset({dj})), HAND)
    moderate(world, guild, alice, Edit(roles=frozenset({staff})), HAND)
    entry = witness.last("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert entry["action_type"] == 25
    assert [(change["key"], change["new_value"][0]["name"]) for change in entry["changes"]] == [
        ("$add", "staff"),
        ("$remove", "dj"),
    ]


def test_nothing_is_changed_where_a_part_is_refused(
    world: World, guild: Guild, witness: Witness
) -> None:
    """A voice edit of somebody who is away raises before roles are touched."""
    bob = world.member(guild, "bob")
    with pytest.raises(RefusedError, match="not connected"):
        moderate(world, guild, bob, Edit(mute=True, roles=frozenset()), HAND)
    assert not witness.dispatches
    assert bob.roles


def test_a_speaker_is_made_audience(world: World, guild: Guild, witness: Witness) -> None:
    """Suppression is one of the edits."""
    bob = world.member(guild, "bob")
    voice.admit(world, guild, bob, world.channel(guild, "stage"))
    moderate(world, guild, bob, Edit(suppress=False), HAND)
    assert not witness.last("VOICE_STATE_UPDATE")["suppress"]


def test_the_audit_log_is_for_those_who_may_see_it(
    world: World, guild: Guild, alice: GuildMember, witness: Witness
) -> None:
    """A bot without VIEW_AUDIT_LOG gets no entries."""
    role = world.role(guild, world.bot.user.name)
    role.permissions &= ~Permission.VIEW_AUDIT_LOG
    moderate(world, guild, alice, Edit(mute=True), HAND)
    assert witness.names() == ["VOICE_STATE_UPDATE"]
