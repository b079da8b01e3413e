"""The guilds of a simulation: channels, roles and people, the same ones for every seed."""

from dataclasses import dataclass

from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import ChannelKind
from voxguard.sandbox.clock import Clock
from voxguard.sandbox.files.permission_names import DEFAULT_BOT, DEFAULT_EVERYONE
from voxguard.sandbox.world.state import (
    LONG_AGO,
    Guild,
    GuildChannel,
    GuildMember,
    GuildRole,
    User,
)
from voxguard.sandbox.world.world import Bot, World

ROOMS = ("lobby", "music", "vip", "afk", "stage")
KINDS = {"stage": ChannelKind.STAGE, "hall": ChannelKind.CATEGORY, "mod-log": ChannelKind.OTHER}
CHANNELS = ("hall", *ROOMS, "mod-log")
ROLES = ("guest", "dj", "staff", "chief")
MEMBERS = ("ann", "ben", "cat", "dan", "eve", "fay")
EXEMPT = ("owner", "sam", "adam", "juke")
"""Nobody may act upon these: the owner, somebody with an exempt role, an administrator, a bot."""

MODERATOR = "sam"
BOT_ROLE = "voxguard"
MODERATION = (
    Permission.MUTE_MEMBERS,
    Permission.DEAFEN_MEMBERS,
    Permission.MOVE_MEMBERS,
    Permission.MANAGE_ROLES,
    Permission.MODERATE_MEMBERS,
)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one guild by the names that policies and stories use."""

    guild: GuildId
    channels: dict[str, ChannelId]
    roles: dict[str, RoleId]


def ids_of(number: int) -> Ids:
    """The n-th guild's, from 1 on."""
    base = number * 1_000
    return Ids(
        GuildId(base),
        {name: ChannelId(base + 1 + n) for n, name in enumerate(CHANNELS)},
        {name: RoleId(base + 51 + n) for n, name in enumerate((*ROLES, BOT_ROLE))},
    )


USERS = {name: UserId(501 + n) for n, name in enumerate((*MEMBERS, *EXEMPT, BOT_ROLE))}
NAMES = {user_id: name for name, user_id in USERS.items()}
EXEMPT_IDS = frozenset(USERS[name] for name in EXEMPT)
GUILDS = (ids_of(1), ids_of(2))
TOKEN = "simulated"


def make_world(clock: Clock) -> World:
    """Both guilds with everybody in them, and nobody in voice."""
    users = {
        name: User(user_id, name, bot=name in {"juke", BOT_ROLE}) for name, user_id in USERS.items()
    }
    users["fay"].takes_messages = False
    bot = Bot(users[BOT_ROLE], TOKEN)
    return World(bot, [_guild(ids, users) for ids in GUILDS], clock=clock)


def _guild(ids: Ids, users: dict[str, User]) -> Guild:
    guild = Guild(ids.guild, f"g{ids.guild}", USERS["owner"], ids.channels["afk"])
    everyone = GuildRole(
        RoleId(ids.guild), "@everyone", permissions=int(DEFAULT_EVERYONE), position=0
    )
    guild.roles[everyone.id] = everyone
    for position, name in enumerate((*ROLES, BOT_ROLE), start=1):
        guild.roles[ids.roles[name]] = GuildRole(ids.roles[name], name, position=position)
    guild.roles[ids.roles["chief"]].permissions = int(Permission.ADMINISTRATOR)
    own = guild.roles[ids.roles[BOT_ROLE]]
    own.permissions, own.managed = int(DEFAULT_BOT), True
    for name, channel_id in ids.channels.items():
        kind = KINDS.get(name, ChannelKind.VOICE)
        parent_id = ids.channels["hall"] if name in {"lobby", "music"} else None
        guild.channels[channel_id] = GuildChannel(channel_id, name, kind, parent_id)
    for user in users.values():
        guild.members[user.id] = GuildMember(user, joined_at=LONG_AGO)
    for name, role in (("sam", "staff"), ("adam", "chief"), (BOT_ROLE, BOT_ROLE)):
        guild.members[USERS[name]].roles.add(ids.roles[role])
    return guild
