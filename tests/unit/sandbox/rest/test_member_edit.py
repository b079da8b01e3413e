from datetime import timedelta

import pytest

from tests.unit.sandbox.tools import (
    ALICE_ID,
    BOB_ID,
    GUILD,
    GUILD_ID,
    LOBBY_ID,
    START,
    Caller,
)
from voxguard.model.permissions import Permission
from voxguard.sandbox.sandbox import Sandbox
from voxguard.sandbox.world.state import GuildMember

MUSIC_ID = 110373943822540803
STAGE_ID = 110373943822540806
LOG_ID = 110373943822540805
DJ_ID = 110373943822540812
STAFF_ID = 110373943822540811


@pytest.fixture
def alice(sandbox: Sandbox) -> GuildMember:
    """A member in the lobby."""
    sandbox.join(GUILD, "alice", "lobby")
    return sandbox.world.member(sandbox.world.guild(GUILD), "alice")


def take_from_bot(sandbox: Sandbox, permission: Permission) -> None:
    """Take a permission away from the bot's role."""
    role = sandbox.world.role(sandbox.world.guild(GUILD), "voxguard")
    sandbox.change_role(GUILD, role.id, permissions=role.permissions & ~permission)


async def test_mute_deaf_and_move_go_together(alice: GuildMember, caller: Caller) -> None:
    """One request does it all and is answered with the member as it is then."""
    reply = await caller.edit(
        ALICE_ID, "voxguard: тест", mute=True, deaf=True, channel_id=str(MUSIC_ID)
    )
    assert reply.status == 200
    assert (reply.payload["mute"], reply.payload["deaf"]) == (True, True)
    assert alice.voice is not None
    assert alice.voice.channel_id == MUSIC_ID
    seen = caller.sandbox.requests[-1]
    assert (seen.method, seen.path) == ("PATCH", f"/guilds/{GUILD_ID}/members/{ALICE_ID}")
    assert seen.reason == "voxguard: тест"
    assert seen.body == {"mute": True, "deaf": True, "channel_id": str(MUSIC_ID)}
    assert seen.answer == reply.payload


async def test_null_disconnects(alice: GuildMember, caller: Caller) -> None:
    """A channel of null takes the member out of voice."""
    assert (await caller.edit(ALICE_ID, channel_id=None)).status == 200
    assert alice.voice is None


@pytest.mark.parametrize(
    "fields",
    [{"mute": True}, {"deaf": False}, {"channel_id": None}, {"channel_id": str(LOBBY_ID)}],
    ids=str,
)
async def test_who_is_away_cannot_be_edited(caller: Caller, fields: dict[str, object]) -> None:
    """A voice edit of a member who is not connected is 40032."""
    reply = await caller.edit(BOB_ID, None, **fields)
    assert (reply.status, reply.code) == (400, 40032)


@pytest.mark.parametrize(
    ("permission", "fields"),
    [
        (Permission.MUTE_MEMBERS, {"mute": True}),
        (Permission.DEAFEN_MEMBERS, {"deaf": True}),
        (Permission.MOVE_MEMBERS, {"channel_id": None}),
        (Permission.MODERATE_MEMBERS, {"communication_disabled_until": None}),
        (Permission.MANAGE_ROLES, {"roles": []}),
    ],
    ids=str,
)
async def test_each_kind_needs_its_permission(
    sandbox: Sandbox,
    alice: GuildMember,
    caller: Caller,
    permission: Permission,
    fields: dict[str, object],
) -> None:
    """Without the permission the edit is 50013 and changes nothing."""
    take_from_bot(sandbox, permission)
    reply = await caller.edit(ALICE_ID, None, **fields)
    assert (reply.status, reply.code) == (403, 50013)
    assert alice.voice is not None
    assert not alice.guild_mute


async def test_a_bot_without_permission_is_not_told_who_is_connected(
    sandbox: Sandbox, caller: Caller
) -> None:
    """The permission is asked first, then whether the member is there."""
    take_from_bot(sandbox, Permission.MUTE_MEMBERS)
    assert (await caller.edit(BOB_ID, mute=True)).code == 50013


async def test_the_channels_overwrites_count(
    sandbox: Sandbox, alice: GuildMember, caller: Caller
) -> None:
    """What the bot is denied in the member's channel, it cannot do there."""
    deny = int(Permission.MUTE_MEMBERS)
    sandbox.set_overwrite(GUILD, "lobby", role="voxguard", deny=deny)
    assert (await caller.edit(ALICE_ID, mute=True)).code == 50013
    sandbox.set_overwrite(GUILD, "lobby", role="voxguard", deny=int(Permission.VIEW_CHANNEL))
    assert (await caller.edit(ALICE_ID, mute=True)).code == 50001


async def test_the_bot_moves_only_where_it_may_connect(
    sandbox: Sandbox, alice: GuildMember, caller: Caller
) -> None:
    """A target that the bot cannot connect to is 50013, one that it cannot see 50001."""
    sandbox.set_overwrite(GUILD, "music", role="voxguard", deny=int(Permission.CONNECT))
    assert (await caller.edit(ALICE_ID, channel_id=str(MUSIC_ID))).code == 50013
    sandbox.set_overwrite(GUILD, "music", role="voxguard", deny=int(Permission.VIEW_CHANNEL))
    assert (await caller.edit(ALICE_ID, channel_id=str(MUSIC_ID))).code == 50001
    assert alice.voice is not None
    assert alice.voice.channel_id == LOBBY_ID


async def test_a_full_channel_is_no_obstacle(
    sandbox: Sandbox, alice: GuildMember, caller: Caller
) -> None:
    """MOVE_MEMBERS goes past the user limit."""
    sandbox.change_channel(GUILD, "music", user_limit=1)
    sandbox.join(GUILD, "bob", "music")
    assert (await caller.edit(ALICE_ID, channel_id=str(MUSIC_ID))).status == 200


async def test_the_order_of_roles_protects_nobody_from_mutes(
    sandbox: Sandbox, caller: Caller
) -> None:
    """The owner, an administrator, can be muted and moved."""
    sandbox.join(GUILD, "olga", "lobby")
    olga = sandbox.world.member(sandbox.world.guild(GUILD), "olga")
    reply = await caller.edit(olga.user.id, mute=True, channel_id=str(MUSIC_ID))
    assert reply.status == 200


async def test_owner_and_administrators_cannot_be_timed_out(
    sandbox: Sandbox, caller: Caller
) -> None:
    """A timeout is refused for the owner and for administrators below the bot."""
    guild = sandbox.world.guild(GUILD)
    olga = sandbox.world.member(guild, "olga")
    until = (START + timedelta(minutes=1)).isoformat()
    for member in (olga, sandbox.add_member(GUILD, "dora", roles=["staff"])):
        reply = await caller.edit(member.user.id, communication_disabled_until=until)
        assert (reply.status, reply.code) == (403, 50013)


async def test_a_timeout_lasts_at_most_28_days(alice: GuildMember, caller: Caller) -> None:
    """Up to 28 days are taken, and drop the member out of voice; a second more is refused."""
    longest = START + timedelta(days=28)
    too_long = (longest + timedelta(seconds=1)).isoformat()
    assert (await caller.edit(ALICE_ID, communication_disabled_until=too_long)).code == 50035
    assert alice.voice is not None
    naive = longest.replace(tzinfo=None).isoformat()
    reply = await caller.edit(ALICE_ID, communication_disabled_until=naive)
    assert reply.payload["communication_disabled_until"] == "2026-03-29T12:00:00.000000+00:00"
    assert alice.voice is None


async def test_roles_are_set_as_a_whole(
    sandbox: Sandbox, alice: GuildMember, caller: Caller
) -> None:
    """The list replaces the member's roles; roles above the bot are out of its reach."""
    reply = await caller.edit(ALICE_ID, roles=[str(DJ_ID)])
    assert reply.payload["roles"] == [str(DJ_ID)]
    sandbox.world.role(sandbox.world.guild(GUILD), "staff").position = 99
    assert (await caller.edit(ALICE_ID, roles=[str(STAFF_ID)])).code == 50013
    assert (await caller.edit(ALICE_ID, roles=["5"])).code == 10011


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"mute": "yes"}, 50035),
        ({"channel_id": "lobby"}, 50035),
        ({"channel_id": True}, 50035),
        ({"channel_id": "5"}, 10003),
        ({"channel_id": str(LOG_ID)}, 50024),
        ({"roles": "dj"}, 50035),
        ({"roles": ["1"] * 351}, 50035),
        ({"communication_disabled_until": "tomorrow"}, 50035),
        ({"communication_disabled_until": 5}, 50035),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_malformed_edits_are_refused(
    alice: GuildMember, caller: Caller, fields: dict[str, object], code: int
) -> None:
    """A field of the wrong kind is 50035 and names it; an unknown channel is 10003."""
    reply = await caller.edit(ALICE_ID, None, **fields)
    assert reply.code == code
    if code == 50035:
        assert list(reply.payload["errors"]) == list(fields)


async def test_unknown_keys_and_nulls_change_nothing(alice: GuildMember, caller: Caller) -> None:
    """A key that Discord does not know, and null for a switch, are let be."""
    assert (await caller.edit(ALICE_ID, shoes=1, mute=None, roles=None)).status == 200
    assert not alice.guild_mute
