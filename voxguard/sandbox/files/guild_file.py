"""One guild of the world file, in two passes: what is there, then what refers to what."""

from voxguard.model.ids import GuildId, RoleId, UserId
from voxguard.sandbox.files.channels_part import finish_channels, read_channels
from voxguard.sandbox.files.lookup import Lookup, keep
from voxguard.sandbox.files.members_part import finish_members, read_members
from voxguard.sandbox.files.permission_names import (
    DEFAULT_BOT,
    DEFAULT_EVERYONE,
    read_permissions,
)
from voxguard.sandbox.files.yaml_file import Node
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.state import LONG_AGO, Guild, GuildMember, GuildRole, User
from voxguard.sandbox.world.world import EVERYONE, Bot

_KEYS = ("id", "owner", "afk_channel", "bot", "roles", "channels", "members")


def read_guild(name: str, node: Node, bot: Bot, people: dict[str, User]) -> Guild:
    """The guild; `people` are the accounts by name, which all guilds of the file share.

    Whatever is wrong is reported to its node, and the guild is then of no use.
    """
    fields = node.fields(_KEYS)
    written = fields["id"].id() if "id" in fields else None
    guild = Guild(GuildId(written or id_for("guild", name)), name, owner_id=UserId(0))
    roles = fields["roles"].entries() if "roles" in fields else {}
    channels = fields["channels"].entries() if "channels" in fields else {}
    members = fields["members"].entries() if "members" in fields else {}
    _read_roles(guild, roles)
    read_channels(guild, channels)
    lookup = Lookup(guild)
    read_members(lookup, members, people)
    _add_bot(guild, bot, fields.get("bot"))
    owner = lookup.member(fields["owner"]) if "owner" in fields else None
    guild.owner_id = UserId(id_for("user", "owner")) if owner is None else owner.user.id
    afk_channel = lookup.channel(fields["afk_channel"]) if "afk_channel" in fields else None
    guild.afk_channel_id = None if afk_channel is None else afk_channel.id
    finish_channels(lookup, channels)
    finish_members(lookup, members)
    return guild


def _read_roles(guild: Guild, entries: dict[str, Node]) -> None:
    everyone = GuildRole(
        RoleId(guild.id), "@everyone", permissions=int(DEFAULT_EVERYONE), position=0
    )
    guild.roles[everyone.id] = everyone
    # The first role of the file is the highest, as Discord shows them.
    for position, (name, node) in enumerate(reversed(entries.items()), start=1):
        fields = node.fields(("id", "permissions"))
        if name == EVERYONE:
            role = everyone
            if "id" in fields:
                fields["id"].fail("the role of everybody has the guild's id", at_key=True)
        else:
            written = fields["id"].id() if "id" in fields else None
            role_id = RoleId(written or id_for("role", guild.name, name))
            role = GuildRole(role_id, name, position=position)
            keep(guild.roles, role.id, role, node)
        if "permissions" in fields:
            role.permissions = int(read_permissions(fields["permissions"]))


def _add_bot(guild: Guild, bot: Bot, node: Node | None) -> None:
    """Make the bot a member with a role of its own on top, as an invitation does."""
    fields = {} if node is None else node.fields(("permissions",))
    permissions = DEFAULT_BOT
    if "permissions" in fields:
        permissions = read_permissions(fields["permissions"])
    role = GuildRole(
        RoleId(id_for("role", guild.name, bot.user.name, "managed")),
        bot.user.name,
        permissions=int(permissions),
        position=len(guild.roles),
        managed=True,
    )
    guild.roles[role.id] = role
    member = guild.members.setdefault(bot.user.id, GuildMember(bot.user, joined_at=LONG_AGO))
    member.roles.add(role.id)
