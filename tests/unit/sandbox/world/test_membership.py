from datetime import timedelta

import pytest

from tests.unit.sandbox.tools import START, Witness
from voxguard.model.ids import RoleId
from voxguard.sandbox.world import membership, voice
from voxguard.sandbox.world.membership import Drop
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import RefusedError, UnknownNameError, World


def test_a_new_member_is_announced(world: World, guild: Guild, witness: Witness) -> None:
    """Who joins the guild is a member from now on, with an id that can be foretold."""
    dave = membership.add_member(world, guild, "dave", bot=True)
    data = witness.last("GUILD_MEMBER_ADD")
    assert data["user"]["id"] == str(dave.user.id)
    assert data["guild_id"] == str(guild.id)
    assert dave.joined_at == START
    assert world.users[dave.user.id].bot


def test_a_name_is_taken_once(world: World, guild: Guild) -> None:
    """Neither a name nor an id can be had twice."""
    with pytest.raises(RefusedError):
        membership.add_member(world, guild, "alice", user_id=5)
    with pytest.raises(RefusedError):
        membership.add_member(world, guild, "dave", user_id=world.bot.user.id)


@pytest.mark.parametrize(
    ("drop", "expected"),
    [
        (Drop.BEFORE, ["VOICE_STATE_UPDATE", "GUILD_MEMBER_REMOVE"]),
        (Drop.AFTER, ["GUILD_MEMBER_REMOVE", "VOICE_STATE_UPDATE"]),
        (Drop.NEVER, ["GUILD_MEMBER_REMOVE"]),
    ],
)
def test_a_removal_and_the_voice_state_come_in_any_order(
    world: World, guild: Guild, witness: Witness, drop: Drop, expected: list[str]
) -> None:
    """The end of the voice state is sent before, after or not at all."""
    alice = world.member(guild, "alice")
    voice.admit(world, guild, alice, world.channel(guild, "lobby"))
    witness.dispatches.clear()
    membership.remove_member(world, guild, alice, drop=drop)
    assert witness.names() == expected
    assert alice.user.id not in guild.members
    assert not guild.connected()


def test_the_bot_stays(world: World, guild: Guild) -> None:
    """The bot cannot be removed."""
    with pytest.raises(RefusedError, match="bot"):
        membership.remove_member(world, guild, world.bot_member(guild))


def test_roles_that_do_not_exist_are_refused(world: World, guild: Guild) -> None:
    """Only the guild's own roles can be given; @everyone needs no giving."""
    alice = world.member(guild, "alice")
    with pytest.raises(UnknownNameError):
        membership.set_roles(world, guild, alice, [RoleId(1)])
    membership.set_roles(world, guild, alice, [RoleId(guild.id)])
    assert alice.roles == set()


def test_taking_the_last_role_leaves_none(world: World, guild: Guild, witness: Witness) -> None:
    """The member update lists the roles that are left."""
    bob = world.member(guild, "bob")
    membership.set_roles(world, guild, bob, [])
    assert witness.last("GUILD_MEMBER_UPDATE")["roles"] == []
    assert witness.stories == ["harbour: bob now has no roles"]


def test_a_timeout_in_the_past_drops_nobody(world: World, guild: Guild, witness: Witness) -> None:
    """An end that has passed counts as no timeout."""
    alice = world.member(guild, "alice")
    voice.admit(world, guild, alice, world.channel(guild, "lobby"))
    membership.set_timeout(world, guild, alice, START - timedelta(seconds=1))
    assert alice.voice is not None
    before = len(witness.dispatches)
    membership.set_timeout(world, guild, alice, START - timedelta(seconds=1))
    assert len(witness.dispatches) == before
