"""Which lists and schedules the rules of a guild and its exemptions name, and where."""

from collections.abc import Iterator
from typing import NamedTuple

from voxguard.lint.subject import GuildSubject
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.lists import InLists
from voxguard.policy.conditions.schedule import IsOpen
from voxguard.policy.places import Place


class Reference(NamedTuple):
    """A name of a section (`lists`, `schedules`), and the condition in which it stands."""

    section: str
    name: str
    place: Place


def references(guild: GuildSubject) -> Iterator[Reference]:
    """Every reference of the guild's rules, of those as well that are off, and of `exempt`."""
    at = guild.scope.file.place.follow(("guild", "exempt"))
    yield from _of_all(guild.policy.exempt.who or (), at)
    for rule in guild.policy.rules:
        place = guild.definition("rules", rule.name).place
        yield from _of_all(rule.conditions, place)
        yield from _of_all(rule.unless or (), place.child("unless"))


def inclusions(guild: GuildSubject) -> Iterator[Reference]:
    """Every reference of a list that the guild sees to one that it includes."""
    for definition in guild.namespace.sections["lists"].values():
        for index, name in enumerate(definition.document.include):
            yield Reference("lists", name, definition.place.follow(("include", index)))


def _of_all(conditions: tuple[Condition, ...], place: Place) -> Iterator[Reference]:
    for condition in conditions:
        for section, name in _named(condition):
            yield Reference(section, name, place.follow(condition.path.split("/")))


def _named(condition: Condition) -> Iterator[tuple[str, str]]:
    if isinstance(condition, InLists):
        lists = condition.sets
        for one in (*(lists.any or ()), *lists.all, *lists.none):
            yield "lists", one.name
    elif isinstance(condition, IsOpen):
        schedules = condition.sets
        for name, _ in (*(schedules.any or ()), *schedules.all, *schedules.none):
            yield "schedules", name
