from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from voxguard.model.decisions import Effect
from voxguard.model.dispatch import parse_dispatch
from voxguard.model.events import (
    ChannelChanged,
    ChannelDeleted,
    Echo,
    GuildAppeared,
    GuildChanged,
    GuildVanished,
    HandSeen,
    MemberChanged,
    MemberRemoved,
    RoleChanged,
    RoleDeleted,
    VoiceStateChanged,
)
from voxguard.model.ids import DISCORD_EPOCH, ChannelId, GuildId, RoleId, UserId
from voxguard.model.payloads import DispatchError
from voxguard.model.world import Channel, ChannelKind, Member, Role, VoiceState

GUILD = GuildId(100)
USER = {"id": "5", "username": "alice"}


def test_a_guild_comes_with_everything_that_decisions_need() -> None:
    """Roles, channels, members, voice states, the owner and the AFK channel are read."""
    event = parse_dispatch(
        "GUILD_CREATE",
        {
            "id": "100",
            "name": "harbour",
            "owner_id": "9",
            "afk_channel_id": "2",
            "roles": [{"id": "100", "permissions": "8", "name": "@everyone"}],
            "channels": [
                {
                    "id": "1",
                    "type": 13,
                    "parent_id": "3",
                    "name": "stage",
                    "permission_overwrites": [
                        {"id": "100", "type": 0, "allow": "1", "deny": "2"},
                        {"id": "5", "type": 1, "allow": "4", "deny": "0"},
                    ],
                },
                {"id": "4", "type": 0},
            ],
            "members": [{"user": USER, "roles": ["11"], "joined_at": "2020-01-01T03:00:00+03:00"}],
            "voice_states": [{"user_id": "5", "channel_id": "1", "mute": True, "suppress": True}],
        },
    )
    assert isinstance(event, GuildAppeared)
    assert event.guild_id == GUILD
    guild = event.guild
    assert (guild.owner_id, guild.afk_channel_id, guild.name) == (9, 2, "harbour")
    assert guild.roles == (Role(RoleId(100), 8, "@everyone"),)
    stage, text = guild.channels
    assert (stage.kind, stage.parent_id) == (ChannelKind.STAGE, 3)
    assert [(each.target_id, each.is_role) for each in stage.overwrites] == [
        (100, True),
        (5, False),
    ]
    assert text.kind is ChannelKind.OTHER
    (member,) = guild.members
    assert (member.roles, member.name) == (frozenset({11}), "alice")
    assert member.joined_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert member.joined_at.tzinfo is UTC
    assert guild.voice_states == (
        VoiceState(UserId(5), ChannelId(1), guild_mute=True, suppressed=True),
    )


def test_an_unavailable_guild_is_no_snapshot() -> None:
    """READY's list of guilds comes as such, and says nothing of who is there."""
    assert parse_dispatch("GUILD_CREATE", {"id": "100", "unavailable": True}) is None


def test_a_guild_may_leave_out_what_it_does_not_have() -> None:
    """A recorded trace need not repeat what does not matter to it."""
    event = parse_dispatch("GUILD_CREATE", {"id": 100})
    assert isinstance(event, GuildAppeared)
    assert event.guild.owner_id is None


@pytest.mark.parametrize(
    ("name", "payload", "event"),
    [
        (
            "GUILD_UPDATE",
            {"id": "100", "owner_id": "9", "afk_channel_id": None, "roles": [{"id": "100"}]},
            GuildChanged(GUILD, UserId(9), None, (Role(RoleId(100)),)),
        ),
        ("GUILD_UPDATE", {"id": "100"}, GuildChanged(GUILD, None, None, ())),
        ("GUILD_DELETE", {"id": "100"}, GuildVanished(GUILD)),
        (
            "GUILD_MEMBER_UPDATE",
            {"guild_id": "100", "user": {"id": "5", "bot": True}, "roles": []},
            MemberChanged(GUILD, Member(UserId(5), bot=True)),
        ),
        (
            "GUILD_MEMBER_REMOVE",
            {"guild_id": "100", "user": USER},
            MemberRemoved(GUILD, UserId(5)),
        ),
        (
            "GUILD_ROLE_UPDATE",
            {"guild_id": "100", "role": {"id": "11", "permissions": "0"}},
            RoleChanged(GUILD, Role(RoleId(11))),
        ),
        (
            "GUILD_ROLE_DELETE",
            {"guild_id": "100", "role_id": "11"},
            RoleDeleted(GUILD, RoleId(11)),
        ),
        (
            "CHANNEL_CREATE",
            {"guild_id": "100", "id": "1", "type": 2},
            ChannelChanged(GUILD, Channel(ChannelId(1), ChannelKind.VOICE)),
        ),
        (
            "CHANNEL_DELETE",
            {"guild_id": "100", "id": "1", "type": 2},
            ChannelDeleted(GUILD, ChannelId(1)),
        ),
    ],
)
def test_a_dispatch_becomes_its_event(name: str, payload: dict[str, Any], event: object) -> None:
    """Each dispatch that matters is read into the event that it stands for."""
    assert parse_dispatch(name, payload) == event


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("TYPING_START", {}),
        ("VOICE_STATE_UPDATE", {"user_id": "5", "channel_id": "1"}),
        ("CHANNEL_CREATE", {"id": "1", "type": 1}),
        ("CHANNEL_DELETE", {"id": "1", "type": 1}),
    ],
)
def test_what_concerns_no_guild_is_nothing(name: str, payload: dict[str, Any]) -> None:
    """Unknown names, calls and direct channels are passed over."""
    assert parse_dispatch(name, payload) is None


def test_a_voice_state_brings_its_member() -> None:
    """The member object is the newest word on roles, when it says anything of them."""
    state = {"guild_id": "100", "user_id": "5", "channel_id": None, "self_video": True}
    member = {"user": USER, "roles": ["11"], "nick": "Al"}
    event = parse_dispatch("VOICE_STATE_UPDATE", {**state, "member": member})
    assert isinstance(event, VoiceStateChanged)
    assert event.state == VoiceState(UserId(5), None, camera=True)
    assert event.member == Member(UserId(5), frozenset({RoleId(11)}), name="Al")
    for partial in (None, {"user": USER}):
        event = parse_dispatch("VOICE_STATE_UPDATE", {**state, "member": partial})
        assert isinstance(event, VoiceStateChanged)
        assert event.member is None


@pytest.mark.parametrize(
    ("name", "payload", "message"),
    [
        ("GUILD_DELETE", [], "is not an object"),
        ("GUILD_DELETE", {}, "without 'id'"),
        ("GUILD_DELETE", {"id": "-1"}, "'-1' is not an id"),
        ("GUILD_DELETE", {"id": "9223372036854775808"}, "is not an id"),
        ("GUILD_DELETE", {"id": "9" * 5000}, "is not an id"),
        ("GUILD_DELETE", {"id": True}, "True is not an id"),
        ("GUILD_DELETE", {"id": "٣"}, "is not an id"),
        ("GUILD_DELETE", {"id": 1.5}, "1.5 is not an id"),
        ("GUILD_CREATE", {"id": "1", "roles": {}}, "is not a list"),
        ("GUILD_CREATE", {"id": "1", "roles": [1]}, "wrong type"),
        ("GUILD_CREATE", {"id": "1", "channels": [{"id": "1", "type": []}]}, "wrong type"),
        ("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": USER, "joined_at": 5}, "not an instant"),
        (
            "GUILD_MEMBER_UPDATE",
            {"guild_id": "1", "user": USER, "joined_at": "x"},
            "not an instant",
        ),
        (
            "GUILD_MEMBER_UPDATE",
            {"guild_id": "1", "user": USER, "joined_at": "2020-01-01T00:00:00"},
            "has no time zone",
        ),
    ],
)
def test_what_discord_does_not_send_is_an_error(name: str, payload: object, message: str) -> None:
    """Whatever a trace holds in place of a payload is said, and never a crash."""
    with pytest.raises(DispatchError, match=message):
        parse_dispatch(name, payload)


@pytest.mark.parametrize(
    ("action", "changes", "read"),
    [
        (24, [{"key": "mute", "old_value": False, "new_value": True}], {(Effect.MUTE, None)}),
        (
            24,
            [{"key": "mute", "new_value": False}, {"key": "deaf", "new_value": False}],
            {(Effect.UNMUTE, None), (Effect.UNDEAFEN, None)},
        ),
        (24, [{"key": "deaf", "new_value": True}], {(Effect.DEAFEN, None)}),
        (
            25,
            [
                {"key": "$add", "new_value": [{"id": "7", "name": "dj"}]},
                {"key": "$remove", "new_value": [{"id": "8", "name": "staff"}]},
            ],
            {(Effect.GRANT, RoleId(7)), (Effect.REVOKE, RoleId(8))},
        ),
    ],
)
def test_the_audit_log_says_whose_hand_it_was(
    action: int, changes: list[object], read: set[Echo]
) -> None:
    """Mute, deafen and roles, with who has done it."""
    entry = {"guild_id": "100", "user_id": "9", "target_id": "5", "action_type": action}
    event = parse_dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", entry | {"changes": changes})
    assert event == HandSeen(GUILD, UserId(5), UserId(9), frozenset(read))
    dated = parse_dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", entry | {"changes": changes, "id": "1"})
    assert event is not None
    assert dated == replace(event, done_at=DISCORD_EPOCH)


@pytest.mark.parametrize(
    "entry",
    [
        {"action_type": 26, "options": {"channel_id": "1", "count": "1"}},
        {"action_type": 27, "target_id": None},
        {"action_type": 24, "changes": [{"key": "nick", "new_value": "x"}, {"key": "mute"}]},
        {"action_type": 24, "changes": None},
        {"action_type": 24, "user_id": None, "changes": [{"key": "mute", "new_value": True}]},
        {"action_type": 20, "changes": [{"key": "mute", "new_value": True}]},
    ],
)
def test_other_entries_of_the_audit_log_concern_nothing(entry: dict[str, object]) -> None:
    """Moves and disconnects name nobody; of the others nothing is about voice."""
    whole = {"guild_id": "100", "user_id": "9", "target_id": "5"} | entry
    assert parse_dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", whole) is None
