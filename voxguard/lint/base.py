"""A policy set as it was in a commit, and what stood in it."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from voxguard.model.problems import Mark
from voxguard.policy.files import Sources
from voxguard.policy.load import GUILD_FILE, Examined, examine_sources
from voxguard.policy.namespace import Namespace, PolicyFile

_SECTIONS = {"list": "lists", "schedule": "schedules", "rule": "rules"}
_ALIASES = {"channel": "channels", "role": "roles"}
_SHORT = 12


class Scope(NamedTuple):
    """A guild of a set that may be broken: its directory, its guild.yaml, and what it sees."""

    directory: str
    file: PolicyFile
    namespace: Namespace

    @property
    def guild_id(self) -> int | None:
        """The guild's id; None where that is what is broken."""
        return None if self.file.guild is None else self.file.guild.id

    @property
    def called(self) -> str:
        """How messages name the guild."""
        return str(self.guild_id) if self.directory == "." else self.directory


def scopes_of(examined: Examined) -> Iterator[Scope]:
    """The guilds of a set, as far as it could be read."""
    for directory, namespace in examined.scopes.items():
        name = posixpath.normpath(f"{directory}/{GUILD_FILE}")
        yield Scope(directory, examined.files[name], namespace)


@dataclass(frozen=True)
class Base:
    """What a policy set is compared with: a commit, and what the set was in it.

    `called` is the commit as it was asked for, `files` are the names of its list files, whose
    contents do not matter here.
    """

    called: str
    commit: str
    sources: Sources
    files: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """The commit as messages name it."""
        short = self.commit[:_SHORT]
        return short if self.commit.startswith(self.called) else f"{self.called} ({short})"

    def place_of(self, kind: str, name: str, guild: Scope | None) -> Mark | None:
        """Where something stood that a guild could name; None where it did not."""
        if kind == "file":
            return Mark(name) if name in self.files else None
        scope = None if guild is None else self.scope(guild)
        if scope is None:
            return None
        if kind in _SECTIONS:
            definition = scope.namespace.sections[_SECTIONS[kind]].get(name)
            return None if definition is None else definition.place.key_mark
        aliases = scope.file.place.child("guild").child(_ALIASES[kind])
        alias = aliases.child(name)
        return None if alias is aliases else alias.key_mark

    def scope(self, guild: Scope) -> Scope | None:
        """The same guild then: that of its id, else that of its directory."""
        by_id = (each for each in self._scopes if each.guild_id == guild.guild_id)
        by_directory = (each for each in self._scopes if each.directory == guild.directory)
        return next(by_id, None) or next(by_directory, None)

    @cached_property
    def _scopes(self) -> tuple[Scope, ...]:
        return tuple(scopes_of(examine_sources(self.sources)))
