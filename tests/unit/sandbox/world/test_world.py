import pytest

from tests.unit.sandbox.tools import ALICE_ID, GUILD_ID, START
from voxguard.model.ids import GuildId, UserId, created_at
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import UnknownNameError, World


def test_things_are_found_by_name_and_id(world: World, guild: Guild) -> None:
    """A guild, member, channel or role answers to its name and to its id, as number or text."""
    assert world.guild("harbour") is world.guild(GUILD_ID) is world.guild(str(GUILD_ID))
    assert world.member(guild, "alice") is world.member(guild, ALICE_ID)
    assert world.channel(guild, "lobby") is world.channel(guild, "110373943822540801")
    assert world.role(guild, "dj") is world.role(guild, 110373943822540812)


def test_everybodys_role_is_called_as_in_files(world: World, guild: Guild) -> None:
    """Control calls and scenarios say `everyone` as the world file does, or as Discord does."""
    assert world.role(guild, "everyone") is world.role(guild, "@everyone")
    assert int(world.role(guild, "everyone").id) == int(guild.id)


@pytest.mark.parametrize("ref", ["nobody", 5, "6", "9" * 5000, "²"])
def test_what_is_not_there_is_an_error_for_people(
    world: World, guild: Guild, ref: int | str
) -> None:
    """An unknown name says where it was looked for."""
    with pytest.raises(UnknownNameError):
        world.guild(ref)
    with pytest.raises(UnknownNameError, match="harbour"):
        world.member(guild, ref)
    with pytest.raises(UnknownNameError, match="lobby"):
        world.channel(guild, ref)
    with pytest.raises(UnknownNameError, match="dj"):
        world.role(guild, ref)


def test_the_only_guild_needs_no_name(world: World, guild: Guild) -> None:
    """With a second guild it has to be said which is meant."""
    assert world.only_guild() is guild
    world.guilds[GuildId(2)] = Guild(GuildId(2), "second", UserId(1))
    with pytest.raises(UnknownNameError, match="second"):
        world.only_guild()


def test_ids_from_names_are_the_same_in_every_run() -> None:
    """A made-up id depends on the name alone and looks like a snowflake of the past."""
    assert id_for("user", "alice") == id_for("user", "alice") != id_for("user", "bob")
    assert 2016 <= created_at(id_for("user", "alice")).year <= 2024


def test_new_ids_carry_the_present_instant(world: World) -> None:
    """Ids of new things differ and tell when they were made."""
    first, second = world.make_id(), world.make_id()
    assert first != second
    assert created_at(first) == START
