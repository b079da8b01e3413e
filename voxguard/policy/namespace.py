"""Definitions and where they hold: shared by all guilds, or of one guild's scope."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from voxguard.policy import checks
from voxguard.policy.definitions import FileDocument, GuildDocument, ListDocument
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.rules import RuleDocument
from voxguard.policy.schedule_documents import ScheduleDocument
from voxguard.policy.validation import validate
from voxguard.policy.yaml import Document, read_yaml

SECTIONS: Mapping[str, type[BaseModel]] = {
    "lists": ListDocument,
    "schedules": ScheduleDocument,
    "rules": RuleDocument,
}


D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A rule, list or schedule where it stands; no document when it does not validate."""

    name: str
    document: Any
    place: Place
    shared: bool


@dataclass(slots=True)
class Namespace:
    """The definitions of one scope by section and name.

    `complete` is False when a file of the scope could not be read.
    """

    shared: bool
    sections: dict[str, dict[str, Definition]] = field(
        default_factory=lambda: {section: {} for section in SECTIONS}
    )
    complete: bool = True

    def add(self, section: str, definition: Definition, report: Report) -> None:
        """Take a definition; the second of a name is an error."""
        names = self.sections[section]
        first = names.setdefault(definition.name, definition)
        if first is not definition:
            report.error(
                checks.DUPLICATE_NAME,
                definition.place.at_key,
                f"{_called(section, definition.name)} stands here again, "
                f"first in {first.place.key_mark}.",
            )

    def over(self, shared: "Namespace", report: Report) -> "Namespace":
        """What a guild sees: its own definitions, and the shared ones of other names."""
        seen = Namespace(shared=False, complete=self.complete and shared.complete)
        for section, own in self.sections.items():
            seen.sections[section] = {**shared.sections[section], **own}
            for name in sorted(own.keys() & shared.sections[section].keys()):
                report.warning(
                    checks.SHADOWED,
                    own[name].place.at_key,
                    f"{_called(section, name)} replaces the shared one of "
                    f"{shared.sections[section][name].place.key_mark} whole.",
                )
        return seen


def _called(section: str, name: str) -> str:
    return f"The {section.removesuffix('s')} '{name}'"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file that was read: its guild if it has one, and its definitions by section.

    `keys` are those that stand in it, known or not; None when it is no mapping. `value`
    is what was read, numbers as numbers.
    """

    place: Place
    value: Any
    keys: frozenset[str] | None
    guild: GuildDocument | None
    definitions: tuple[tuple[str, Definition], ...]


def read_policy_file(data: bytes, name: str, report: Report, *, shared: bool) -> PolicyFile | None:
    """Read and validate a file; None when it is not even YAML.

    What is broken in it is left out and keeps its name, so that everything else in the
    set can be looked at too.
    """
    source = read_yaml(data, name, report)
    if source is None:
        return None
    document = validate(FileDocument, source.value, source.place, report)
    raw = source.value if isinstance(source.value, dict) else {}
    if document is None:
        guild = _quietly(GuildDocument, raw.get("guild"))
        found = tuple(_salvage(source, shared=shared))
    else:
        guild = document.guild
        found = tuple(_definitions(document, source.place, shared=shared))
    keys = frozenset(raw) if isinstance(source.value, dict) else None
    return PolicyFile(source.place, source.value, keys, guild, found)


def _definitions(
    document: FileDocument, place: Place, *, shared: bool
) -> Iterator[tuple[str, Definition]]:
    for section in SECTIONS:
        at = place.child(section)
        for name, inner in getattr(document, section).items():
            yield section, Definition(name, inner, at.child(name), shared)


def _salvage(source: Document, *, shared: bool) -> Iterator[tuple[str, Definition]]:
    if not isinstance(source.value, dict):
        return
    for section, model in SECTIONS.items():
        at = source.place.child(section)
        values = source.value.get(section)
        for name, value in values.items() if isinstance(values, dict) else ():
            yield section, Definition(name, _quietly(model, value), at.child(name), shared)


def _quietly(model: type[D], value: object) -> D | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None
