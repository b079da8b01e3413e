"""What the values of a world file refer to: roles, channels and members by name or id."""

from collections.abc import Callable
from typing import TypeVar

from voxguard.sandbox.files.yaml_file import Node
from voxguard.sandbox.world.state import Guild, GuildChannel, GuildMember, GuildRole
from voxguard.sandbox.world.world import UnknownNameError, find, find_member, find_role

Thing = TypeVar("Thing", GuildRole, GuildChannel)
Found = TypeVar("Found")
Key = TypeVar("Key", bound=int)


class Lookup:
    """Finds what a guild has, and reports what it has not to the node that asks for it."""

    def __init__(self, guild: Guild) -> None:
        self.guild = guild

    def role(self, node: Node) -> GuildRole | None:
        """The role; `everyone` is the one that everybody has."""
        name = node.text()
        return None if name is None else _found(lambda: find_role(self.guild, name), node)

    def channel(self, node: Node) -> GuildChannel | None:
        """The channel or category."""
        name = node.text()
        if name is None:
            return None
        return _found(lambda: find(self.guild.channels, name, self.guild.name), node)

    def member(self, node: Node) -> GuildMember | None:
        """The member."""
        name = node.text()
        return None if name is None else _found(lambda: find_member(self.guild, name), node)


def _found(look: Callable[[], Found], node: Node) -> Found | None:
    try:
        return look()
    except UnknownNameError as error:
        node.fail(str(error))
        return None


def keep(things: dict[Key, Thing], key: Key, thing: Thing, node: Node) -> None:
    """Keep a thing under its id, or report that the id is taken."""
    if key in things:
        node.fail(f"the id {key} is taken in this guild", at_key=True)
    things[key] = thing
