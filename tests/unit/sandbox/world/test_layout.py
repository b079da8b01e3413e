import pytest

from tests.unit.sandbox.tools import Witness
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.world import layout, voice
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import RefusedError, World


def test_roles_come_change_and_go(world: World, guild: Guild, witness: Witness) -> None:
    """Each step of a role's life is sent, and its members lose it at the end."""
    role = layout.create_role(world, guild, "guests", int(Permission.STREAM))
    layout.change_role(world, guild, role, name="visitors")
    layout.change_role(world, guild, role, permissions=0)
    alice = world.member(guild, "alice")
    alice.roles.add(role.id)
    layout.delete_role(world, guild, role)
    assert witness.names() == [
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_DELETE",
        "GUILD_MEMBER_UPDATE",
    ]
    assert role.name == "visitors"
    assert not alice.roles


def test_the_role_of_everybody_stays(world: World, guild: Guild) -> None:
    """@everyone cannot be deleted."""
    with pytest.raises(RefusedError):
        layout.delete_role(world, guild, world.role(guild, str(guild.id)))


def test_channels_come_change_and_go(world: World, guild: Guild, witness: Witness) -> None:
    """Each step of a channel's life is sent; who is inside at the end drops out before."""
    category = world.channel(guild, "Voice")
    channel = layout.create_channel(world, guild, "attic", parent_id=category.id)
    overwrite = Overwrite(guild.id, is_role=True, allow=0, deny=1)
    layout.change_channel(world, guild, channel, name="cellar", user_limit=3)
    layout.change_channel(world, guild, channel, overwrites=(overwrite,))
    voice.place(world, guild, world.member(guild, "alice"), channel)
    layout.delete_channel(world, guild, channel)
    assert witness.names() == [
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_UPDATE",
        "VOICE_STATE_UPDATE",
        "VOICE_STATE_UPDATE",
        "CHANNEL_DELETE",
    ]
    gone = witness.last("CHANNEL_DELETE")
    assert (gone["name"], gone["user_limit"], gone["parent_id"]) == (
        "cellar",
        3,
        str(category.id),
    )
    assert gone["permission_overwrites"] == [
        {"id": str(guild.id), "type": 0, "allow": "0", "deny": "1"}
    ]


def test_a_categorys_channels_outlive_it(world: World, guild: Guild, witness: Witness) -> None:
    """When a category goes, its channels stand alone and are sent again."""
    layout.delete_channel(world, guild, world.channel(guild, "Voice"))
    assert witness.names() == ["CHANNEL_DELETE"] + ["CHANNEL_UPDATE"] * 3
    assert all(channel.parent_id is None for channel in guild.channels.values())


def test_the_afk_channel_can_go(world: World, guild: Guild, witness: Witness) -> None:
    """Deleting the AFK channel leaves the guild without one, and the guild is sent."""
    layout.delete_channel(world, guild, world.channel(guild, "afk"))
    assert witness.last("GUILD_UPDATE")["afk_channel_id"] is None


def test_a_guild_goes_away_and_comes_back(world: World, guild: Guild, witness: Witness) -> None:
    """Both are sent once, and the return brings the whole guild."""
    alice = world.member(guild, "alice")
    voice.place(world, guild, alice, world.channel(guild, "lobby"))
    layout.set_available(world, guild, available=True)
    layout.set_available(world, guild, available=False)
    layout.set_available(world, guild, available=False)
    layout.set_available(world, guild, available=True)
    assert witness.names() == ["VOICE_STATE_UPDATE", "GUILD_DELETE", "GUILD_CREATE"]
    assert witness.last("GUILD_DELETE")["unavailable"] is True
    created = witness.last("GUILD_CREATE")
    assert created["unavailable"] is False
    assert [state["user_id"] for state in created["voice_states"]] == [str(alice.user.id)]
    assert {member["user"]["username"] for member in created["members"]} == {
        "alice",
        "voxguard",
    }


def test_a_text_channel_has_a_topic(world: World, guild: Guild, witness: Witness) -> None:
    """What libraries read of a text channel is there."""
    layout.create_channel(world, guild, "news", kind=ChannelKind.OTHER)
    assert witness.last("CHANNEL_CREATE")["topic"] is None
