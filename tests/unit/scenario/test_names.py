import pytest

from voxguard.errors import UsageError
from voxguard.model.ids import ChannelId, GuildId
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import PolicySet
from voxguard.scenario.names import (
    Names,
    find_channel,
    find_guild,
    find_member,
    find_role,
    schedules_named,
)

GUILD = (
    'version: 1\nguild: {{id: "{}", channels: {{lobby: "21", hall: "21"}}, roles: {{dj: "41"}}}}\n'
)
SCHEDULES = 'schedules: {{{}: {{windows: [{{start: "0 22 * * *", for: 1h}}]}}}}\n'


def policy_set(**directories: str) -> PolicySet:
    """A set with a guild in each directory; `top` is at the top of the set."""
    files = {
        ("" if name == "top" else f"{name}/") + "guild.yaml": GUILD.format(number) + more
        for number, (name, more) in enumerate(directories.items(), 1)
    }
    loaded = load_sources(Sources({name: text.encode() for name, text in files.items()}))
    assert loaded.policy_set is not None, loaded.problems
    return loaded.policy_set


def test_a_guild_is_found_by_directory_or_id() -> None:
    """Both names lead to the guild, and the only guild needs none."""
    both = policy_set(moscow="", berlin="")
    assert find_guild(both, "berlin").id == find_guild(both, "2").id == 2
    assert find_guild(policy_set(top=""), None).id == 1
    assert find_guild(policy_set(top=""), "1").id == 1


def test_a_guild_must_be_named_where_there_are_several() -> None:
    """The hint lists them."""
    with pytest.raises(UsageError, match="has 2 guilds") as caught:
        find_guild(policy_set(moscow="", berlin=""), None)
    assert caught.value.hint == "name one of them: berlin, moscow"


def test_channels_and_roles_are_found_by_alias_or_id() -> None:
    """An alias stands for its id, and an id needs no alias."""
    guild = find_guild(policy_set(moscow=""), None)
    assert find_channel(guild, "lobby") == 21
    assert find_channel(guild, "99") == 99
    assert find_role(guild, "dj") == 41
    assert find_role(guild, "98") == 98
    assert find_member("80351110224678912") == 80351110224678912


def test_an_unknown_name_is_refused_with_what_is_close() -> None:
    """The message quotes the name, the hint says what was perhaps meant."""
    several = policy_set(moscow=SCHEDULES.format("quiet"), berlin="")
    guild = find_guild(several, "moscow")
    with pytest.raises(UsageError, match="no channel 'loby'") as caught:
        find_channel(guild, "loby")
    assert caught.value.hint == "Did you mean lobby?"
    with pytest.raises(UsageError, match="no role 'xyz'") as caught:
        find_role(guild, "xyz")
    assert caught.value.hint == "there are: dj"
    with pytest.raises(UsageError, match="no guild 'mosow'"):
        find_guild(several, "mosow")
    with pytest.raises(UsageError, match="no schedule 'quit'") as caught:
        schedules_named(several, "quit")
    assert caught.value.hint == "Did you mean quiet?"
    with pytest.raises(UsageError, match="'mallory' is not the id of a member"):
        find_member("mallory")
    with pytest.raises(UsageError) as caught:
        schedules_named(policy_set(top=""), "quiet")
    assert caught.value.hint is None


def test_a_long_list_of_names_is_cut() -> None:
    """A hint stays readable."""
    names = {f"guild-{number:02}": "" for number in range(12)}
    with pytest.raises(UsageError) as caught:
        find_guild(policy_set(**names), None)
    assert caught.value.hint is not None
    assert caught.value.hint.endswith("guild-09 and 2 more")


def test_schedules_come_by_guild_and_name() -> None:
    """All of them, or those of one name in every guild that has it."""
    several = policy_set(
        moscow=SCHEDULES.format("quiet"),
        berlin=SCHEDULES.format("quiet"),
    )
    assert [(guild.directory, name) for guild, name, _ in schedules_named(several, None)] == [
        ("moscow", "quiet"),
        ("berlin", "quiet"),
    ]
    assert len(schedules_named(several, "quiet")) == 2


def test_ids_have_names_for_people() -> None:
    """An alias where there is one, the first by name where there are several."""
    names = Names(policy_set(moscow=""))
    assert names.guild(GuildId(1)) == "moscow"
    assert names.guild(GuildId(9)) == "9"
    assert Names(policy_set(top="")).guild(GuildId(1)) == "1"
    assert names.channel(GuildId(1), ChannelId(21)) == "hall"
    assert names.channel(GuildId(1), ChannelId(22)) is None
    assert names.channel(GuildId(9), ChannelId(21)) is None
    assert names.role(GuildId(1), 41) == "dj"
    assert names.role(GuildId(1), 1) == "everyone"
    assert names.role(GuildId(1), 2) is None
