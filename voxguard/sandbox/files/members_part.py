"""The members of a guild in the world file."""

from voxguard.model.ids import UserId
from voxguard.sandbox.files.lookup import Lookup
from voxguard.sandbox.files.yaml_file import Node
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.state import LONG_AGO, GuildMember, User, Voice
from voxguard.sandbox.world.voice import enters_suppressed

_KEYS = (
    *("id", "bot", "roles", "joined_at", "nick", "takes_messages"),
    *("in", "mute", "deaf", "self_mute", "self_deaf"),
)


def read_members(lookup: Lookup, entries: dict[str, Node], people: dict[str, User]) -> None:
    """Make the members; their accounts are shared with the file's other guilds."""
    guild = lookup.guild
    for name, node in entries.items():
        fields = node.fields(_KEYS)
        user = _user(name, fields, people)
        if user.id in guild.members:
            node.fail(f"the id {user.id} is taken in this guild", at_key=True)
        guild.members[user.id] = _member(lookup, user, fields)


def finish_members(lookup: Lookup, entries: dict[str, Node]) -> None:
    """Connect those who are in voice from the beginning."""
    for member in lookup.guild.members.values():
        node = entries.get(member.user.name)
        if node is not None:
            _connect(lookup, member, node.entries())


def _user(name: str, fields: dict[str, Node], people: dict[str, User]) -> User:
    written = fields["id"].id() if "id" in fields else None
    user = people.setdefault(name, User(UserId(written or id_for("user", name)), name))
    if written is not None and written != user.id:
        fields["id"].fail(f"{name} has the id {user.id} elsewhere in this file")
    if "bot" in fields:
        user.bot = bool(fields["bot"].flag())
    if "takes_messages" in fields:
        user.takes_messages = bool(fields["takes_messages"].flag())
    return user


def _member(lookup: Lookup, user: User, fields: dict[str, Node]) -> GuildMember:
    member = GuildMember(user, joined_at=LONG_AGO)
    if "roles" in fields:
        found = [lookup.role(item) for item in fields["roles"].items()]
        member.roles = {role.id for role in found if role is not None}
    if "joined_at" in fields:
        member.joined_at = fields["joined_at"].instant()
    if "nick" in fields:
        member.nick = fields["nick"].text()
    member.guild_mute = _is_on(fields, "mute")
    member.guild_deaf = _is_on(fields, "deaf")
    return member


def _connect(lookup: Lookup, member: GuildMember, fields: dict[str, Node]) -> None:
    if "in" not in fields:
        for key in ("self_mute", "self_deaf"):
            if key in fields:
                fields[key].fail(f"'{key}' needs a channel to be 'in'", at_key=True)
        return
    channel = lookup.channel(fields["in"])
    if channel is None:
        return
    if not channel.is_voice:
        fields["in"].fail(f"{channel.name} is no voice channel")
    member.voice = Voice(
        channel.id,
        self_mute=_is_on(fields, "self_mute"),
        self_deaf=_is_on(fields, "self_deaf"),
        suppressed=enters_suppressed(lookup.guild, member, channel),
    )


def _is_on(fields: dict[str, Node], key: str) -> bool:
    return key in fields and bool(fields[key].flag())
