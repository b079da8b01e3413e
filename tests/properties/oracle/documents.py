"""A policy set as the files that it consists of, made into what each guild goes by.

The files are documents as a YAML or JSON parser gives them; list files are texts. Only sets
that load are understood: nothing is checked here.
"""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from tests.properties.oracle.clock import duration, is_duration
from tests.properties.oracle.lists import Entry, read_list
from tests.properties.oracle.rules import Rule, read_block, read_rule

Doc = dict[str, Any]
Files = dict[str, Any]


@dataclass
class Policy:
    """What one guild goes by; names are resolved."""

    id: int
    zone: ZoneInfo
    observe: bool
    exempt: Doc
    aliases: dict[str, dict[str, int]]
    lists: dict[str, list[Entry]] = field(default_factory=dict)
    includes: dict[str, list[str]] = field(default_factory=dict)
    schedules: dict[str, Doc] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    spans: set[int] = field(default_factory=set)

    def listed(self, name: str, user_id: int, now: int) -> bool:
        """Whether somebody is in a list at an instant."""
        live = any(
            entry.id == user_id and (entry.until is None or now < entry.until)
            for entry in self.lists[name]
        )
        return live or any(self.listed(each, user_id, now) for each in self.includes[name])


def names(value: Any) -> list[str]:  # noqa: ANN401 - as a document has it
    """A single name, or several."""
    return list(value) if isinstance(value, list) else [value]


def load(files: Files) -> list[Policy]:
    """What each guild of a policy set goes by."""
    scopes = {str(PurePosixPath(path).parent) for path in files if _is_guild(path)}
    return [_policy(scope, files, scopes) for scope in sorted(scopes)]


def _is_guild(path: str) -> bool:
    return PurePosixPath(path).name == "guild.yaml"


def _scope_of(path: str, scopes: set[str]) -> str | None:
    around = [str(parent) for parent in PurePosixPath(path).parents]
    return next((scope for scope in around if scope in scopes), None)


def _policy(scope: str, files: Files, scopes: set[str]) -> Policy:
    guild = files[str(PurePosixPath(scope) / "guild.yaml")]["guild"]
    aliases = {
        kind: {name: int(number) for name, number in guild.get(kind, {}).items()}
        for kind in ("channels", "roles")
    }
    zone = ZoneInfo(guild.get("timezone", "UTC"))
    exempt = dict(guild.get("exempt", {}))
    exempt["who"] = read_block("who", exempt["who"], aliases) if "who" in exempt else None
    observe = guild.get("mode", "enforce") == "observe"
    policy = Policy(int(guild["id"]), zone, observe, exempt, aliases)
    rules: dict[str, Doc] = {}
    # The guild's own come last, so that they replace the shared ones of their names.
    for own in (False, True):
        for path, document in files.items():
            if isinstance(document, str):
                continue
            belongs = _scope_of(path, scopes)
            if belongs == (scope if own else None):
                _take(policy, path, document, files, zone if own else ZoneInfo("UTC"))
                rules.update(document.get("rules", {}))
                policy.spans |= {duration(each) for each in _texts(document) if is_duration(each)}
    some = [read_rule(name, rule, policy.observe, aliases) for name, rule in rules.items()]
    policy.rules = sorted((rule for rule in some if rule.mode != "off"), key=Rule.order)
    return policy


def _take(policy: Policy, path: str, document: Doc, files: Files, zone: ZoneInfo) -> None:
    for name, each in document.get("lists", {}).items():
        entries = list(each.get("entries", ()))
        for file in names(each.get("files", [])):
            place = PurePosixPath(path).parent / file
            entries += read_list(str(files[str(place)]), csv=place.suffix == ".csv")
        policy.lists[name] = [Entry.of(entry, zone) for entry in entries]
        policy.includes[name] = names(each.get("include", []))
    policy.schedules.update(document.get("schedules", {}))


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - as a document has it
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)]
