"""The channels of a guild in the world file."""

from voxguard.model.ids import ChannelId
from voxguard.model.world import ChannelKind, Overwrite
from voxguard.sandbox.files.lookup import Lookup, keep
from voxguard.sandbox.files.permission_names import read_permissions
from voxguard.sandbox.files.yaml_file import Node
from voxguard.sandbox.world.names import id_for
from voxguard.sandbox.world.state import Guild, GuildChannel

KINDS = {
    "voice": ChannelKind.VOICE,
    "stage": ChannelKind.STAGE,
    "text": ChannelKind.OTHER,
    "category": ChannelKind.CATEGORY,
}
MAX_USER_LIMIT = 10_000


def read_channels(guild: Guild, entries: dict[str, Node]) -> None:
    """Make the channels; what they refer to may come later in the file."""
    for position, (name, node) in enumerate(entries.items()):
        fields = node.fields(("id", "kind", "category", "user_limit", "overwrites"))
        written = fields["id"].id() if "id" in fields else None
        kind = fields["kind"].choice(KINDS) if "kind" in fields else None
        limit = None
        if "user_limit" in fields:
            limit = fields["user_limit"].number(0, MAX_USER_LIMIT)
        channel = GuildChannel(
            ChannelId(written or id_for("channel", guild.name, name)),
            name,
            kind=KINDS[kind or "voice"],
            position=position,
            user_limit=limit or 0,
        )
        keep(guild.channels, channel.id, channel, node)


def finish_channels(lookup: Lookup, entries: dict[str, Node]) -> None:
    """Give the channels their categories and overwrites."""
    for channel in lookup.guild.channels.values():
        fields = entries[channel.name].entries()
        if "category" in fields:
            category = lookup.channel(fields["category"])
            channel.parent_id = None if category is None else category.id
            if category is not None and category.kind is not ChannelKind.CATEGORY:
                fields["category"].fail(f"{category.name} is no category")
        if "overwrites" in fields:
            channel.overwrites = tuple(
                overwrite
                for item in fields["overwrites"].items()
                if (overwrite := read_overwrite(lookup, item)) is not None
            )


def read_overwrite(lookup: Lookup, node: Node) -> Overwrite | None:
    """One overwrite, for a role or for a member."""
    fields = node.fields(("role", "member", "allow", "deny"))
    if ("role" in fields) == ("member" in fields):
        node.fail("an overwrite is for one 'role' or for one 'member'")
        return None
    if "role" in fields:
        role = lookup.role(fields["role"])
        target_id = None if role is None else int(role.id)
    else:
        member = lookup.member(fields["member"])
        target_id = None if member is None else int(member.user.id)
    bits = {
        key: int(read_permissions(fields[key])) if key in fields else 0 for key in ("allow", "deny")
    }
    if target_id is None:
        return None
    return Overwrite(target_id, is_role="role" in fields, allow=bits["allow"], deny=bits["deny"])
