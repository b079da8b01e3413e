"""What every condition is: a predicate over the facts of one member."""

from abc import ABC, abstractmethod
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from voxguard.model.facts import Facts


class KeyKind(StrEnum):
    """The kinds of key under which a rule can be filed."""

    MEMBER = "member"
    LIST = "list"
    CHANNEL = "channel"
    ROLE = "role"


class Key(NamedTuple):
    """Something that a member has or not: an id, a list's name, a channel, a role.

    A category's key is of kind CHANNEL, since a member in one of its channels has both.
    """

    kind: KeyKind
    value: int | str


class Condition(ABC):
    """A compiled leaf of a rule. Frozen; equal meaning compares equal.

    `path` is where it stands in the language (`who/roles`). A condition is `timed` when
    its verdict can change although no fact does.
    """

    __slots__ = ()

    path: ClassVar[str]

    @property
    def timed(self) -> bool:
        """Whether the verdict can change by time alone."""
        return False

    @abstractmethod
    def matches(self, facts: Facts, at: datetime) -> bool:
        """Whether the condition matches these facts at this instant."""

    def changes_at(self, facts: Facts, at: datetime) -> datetime | None:  # noqa: ARG002 - for others
        """The next instant after `at` at which the verdict may change by time alone.

        Never later than the real change; None when there is none.
        """
        return None

    def verdict(self, facts: Facts, at: datetime) -> tuple[bool, datetime | None]:
        """Both at once: whether it matches, and an instant before which that does not change.

        That may be earlier than `changes_at` where it is cheaper to ask again.
        """
        return self.matches(facts, at), self.changes_at(facts, at)

    def of_rule(self, where: "tuple[Condition, ...]") -> "Condition":  # noqa: ARG002 - for others
        """The condition in a rule with that `where`, which some conditions speak of."""
        return self

    def required(self) -> tuple[frozenset[Key], ...]:
        """Sets of keys, of each of which every matching member has at least one."""
        return ()

    @abstractmethod
    def canonical(self) -> object:
        """The meaning as JSON values; lists and schedules stand there by name."""
