from pathlib import Path

import pytest

from voxguard.errors import UsageError
from voxguard.model.ids import ChannelId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.files.permission_names import DEFAULT_BOT, DEFAULT_EVERYONE
from voxguard.sandbox.files.world_file import read_world
from voxguard.sandbox.limits import DEFAULT_LIMITS, Limit
from voxguard.sandbox.sandbox import DEFAULT_WORLD
from voxguard.sandbox.world.world import World

FULL = """
version: 1
bot: {name: guard, id: "999", token: secret, intents: [presences]}
limits:
  member_edit: {max: 3, within: 1m30s}
guilds:
  harbour:
    owner: olga
    afk_channel: afk
    bot: {permissions: [mute_members, view_channel]}
    roles:
      staff: {id: 11, permissions: [administrator]}
      everyone: {permissions: 1024}
    channels:
      afk: {}
      Rooms: {kind: category, id: "5"}
      quiet:
        category: Rooms
        user_limit: 4
        overwrites:
          - {role: everyone, deny: [speak]}
          - {member: bob, allow: [speak], deny: 1048576}
    members:
      olga: {roles: staff}
      guard: {nick: Guard}
      bob:
        id: "77"
        bot: true
        takes_messages: false
        joined_at: 2026-01-01
        in: quiet
        mute: true
        deaf: true
        self_mute: true
        self_deaf: true
  second:
    members:
      olga: {}
"""


def read(tmp_path: Path, text: str) -> tuple[World, dict[str, Limit]]:
    """The world of a file with this text."""
    path = tmp_path / "world.yaml"
    path.write_text(text)
    return read_world(path)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    """What is said about a file with this text, without the file's name."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    return [
        line.removeprefix(f"{tmp_path / 'world.yaml'}:") for line in str(caught.value).splitlines()
    ]


def shortened(line: str) -> str:
    """The line without the end of a long list of names."""
    return line if len(line) < 80 else f"{line[:60]}..."


def test_everything_that_can_be_written_is_read(tmp_path: Path) -> None:
    """Each key of the file is found again in the world."""
    world, limits = read(tmp_path, FULL)
    assert (world.bot.user.id, world.bot.user.name, world.bot.token) == (999, "guard", "secret")
    assert world.bot.privileged_intents == {"presences"}
    assert limits == {**DEFAULT_LIMITS, "member_edit": Limit(3, 90.0)}
    harbour = world.guild("harbour")
    olga, bob = world.member(harbour, "olga"), world.member(harbour, "bob")
    quiet = world.channel(harbour, "quiet")
    assert harbour.owner_id == olga.user.id
    assert harbour.afk_channel_id == world.channel(harbour, "afk").id
    assert olga.roles == {RoleId(11)}
    assert world.role(harbour, "@everyone").permissions == 1024
    assert (quiet.kind, quiet.parent_id, quiet.user_limit) == (
        ChannelKind.VOICE,
        ChannelId(5),
        4,
    )
    assert quiet.overwrites == (
        Overwrite(harbour.id, is_role=True, allow=0, deny=int(Permission.SPEAK)),
        Overwrite(
            UserId(77),
            is_role=False,
            allow=int(Permission.SPEAK),
            deny=int(Permission.CONNECT),
        ),
    )
    assert (bob.user.bot, bob.user.takes_messages) == (True, False)
    assert bob.joined_at is not None
    assert bob.joined_at.year == 2026
    assert (bob.guild_mute, bob.guild_deaf) == (True, True)
    assert bob.voice is not None
    assert (bob.voice.channel_id, bob.voice.self_mute) == (quiet.id, True)
    guard = world.bot_member(harbour)
    assert guard.nick == "Guard"
    own_role = world.role(harbour, "guard")
    assert own_role.permissions == Permission.MUTE_MEMBERS | Permission.VIEW_CHANNEL
    assert guard.roles == {own_role.id}


def test_people_are_the_same_in_every_guild(tmp_path: Path) -> None:
    """One name is one account."""
    world, _ = read(tmp_path, FULL)
    first, second = (world.member(guild, "olga") for guild in world.guilds.values())
    assert first.user is second.user
    assert first is not second


def test_what_is_left_out_is_sensible(tmp_path: Path) -> None:
    """A guild with nothing but a name has everybody, the bot, and ordinary permissions."""
    world, limits = read(tmp_path, "version: 1\nguilds: {tiny: {}}")
    guild = world.only_guild()
    assert guild.roles[RoleId(guild.id)].permissions == DEFAULT_EVERYONE
    assert world.role(guild, "voxguard").permissions == DEFAULT_BOT
    assert world.bot.privileged_intents == {"members"}
    assert limits == DEFAULT_LIMITS
    assert guild.owner_id not in guild.members


def test_ids_of_names_do_not_depend_on_the_rest(tmp_path: Path) -> None:
    """A made-up id stays when the file grows, so that policies can name it."""
    small, _ = read(tmp_path, "version: 1\nguilds: {a: {channels: {x: {}}}}")
    large, _ = read(
        tmp_path, "version: 1\nguilds: {b: {}, a: {members: {m: {}}, channels: {y: {}, x: {}}}}"
    )
    assert small.guild("a").id == large.guild("a").id
    ids = [world.channel(world.guild("a"), "x").id for world in (small, large)]
    assert ids[0] == ids[1]


def test_the_world_that_comes_along_loads() -> None:
    """The default world has the ids that the documentation uses."""
    world, _ = read_world(DEFAULT_WORLD, token="t")
    assert world.bot.token == "t"
    assert world.only_guild().id == 110373943822540800


def test_every_mistake_is_said_with_its_place(tmp_path: Path) -> None:
    """One run shows them all, in the order of the file."""
    text = """
version: 1
bot: {name: "", intents: [telepathy]}
limits: {member_edit: 3, teas: {max: 1, within: 1s}}
guilds:
  a:
    id: none
    owner: nobody
    shoes: 2
    roles:
      everyone: {id: 5}
      one: {id: 7, permissions: [fly]}
      two: {id: 7, permissions: 99999999999999999999}
    channels:
      x: {kind: tube, category: y, user_limit: -1}
      y: {overwrites: [{allow: speak}, {role: none}, {member: none}]}
      t: {kind: text}
    members:
      m: {id: "5", roles: [none], in: t, nick: {}, bot: 1}
      n: {id: "5", in: nowhere}
      o: {self_mute: true, joined_at: yesterday}
      p: {in: t}
"""
    assert [shortened(line) for line in mistakes(tmp_path, text)] == [
        "3:13: a text is expected here",
        "3:27: one of members, presences, message_content is expected here",
        "4:23: a mapping is expected here",
        "4:23: {max: 10, within: 10s} or the like is expected here",
        "4:26: unknown key 'teas'; there are global, member_edit, mem...",
        "7:9: an id of 1 to 19 digits, at most 9223372036854775807, is expected here",
        "8:12: guild a has no member 'nobody'",
        "9:5: unknown key 'shoes'; there are id, owner, afk_channel, ...",
        "11:18: the role of everybody has the guild's id",
        "12:7: the id 7 is taken in this guild",
        "12:34: one of administrator, manage_channels, manage_guild, ...",
        "13:33: a number from 0 to 9007199254740991 is expected here",
        "15:17: one of voice, stage, text, category is expected here",
        "15:33: y is no category",
        "15:48: a number from 0 to 10000 is expected here",
        "16:24: an overwrite is for one 'role' or for one 'member'",
        "16:47: there is no 'none' in guild a; there are: @everyone, one, voxguard",
        "16:63: guild a has no member 'none'",
        "19:28: there is no 'none' in guild a; there are: @everyone, one",
        "19:48: a text is expected here",
        "19:57: true or false is expected here",
        "20:7: the id 5 is taken in this guild",
        "20:24: there is no 'nowhere' in guild a; there are: x, y, t",
        "21:11: 'self_mute' needs a channel to be 'in'",
        "21:39: an instant such as 2026-03-01T19:00:00Z is expected here",
        "22:15: t is no voice channel",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: 'version: 1' is expected here"),
        ("version: 2\nguilds: {a: {}}", "1:10: 'version: 1' is expected here"),
        ("version: 1", "1:1: at least one guild is expected under 'guilds'"),
        ("version: 1\nguilds: {a: {id: 5}, b: {id: 5}}", "2:22: two guilds have the id 5"),
        ("- 1", "1:1: a mapping is expected here"),
        ("version: [", "2:1: This is not YAML"),
        (
            "version: 1\nguilds: {a: {members: {m: {id: 5}}}, b: {members: {m: {id: 6}}}}",
            "2:60: m has the id 5 elsewhere in this file",
        ),
    ],
)
def test_files_that_are_no_world_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    """An empty file, another version, no guild, or no YAML at all."""
    assert any(line.startswith(expected) for line in mistakes(tmp_path, text))


def test_a_file_that_cannot_be_read_is_an_error_for_people(tmp_path: Path) -> None:
    """A missing file, a directory and a huge file are told so."""
    with pytest.raises(UsageError, match="No such file"):
        read_world(tmp_path / "nothing.yaml")
    with pytest.raises(UsageError, match="Is a directory"):
        read_world(tmp_path)
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(UsageError, match="larger than 16 MiB"):
        read_world(huge)
