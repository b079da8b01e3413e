import copy
import json
from typing import Any, TypeAlias

from hypothesis import assume, given
from hypothesis import strategies as st

from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources

Json: TypeAlias = Any

CHANNELS = {"lobby": "11", "afk": "12", "music": "13"}
ROLES = {"staff": "21", "dj": "22"}
LISTS = ("blocked", "night-shift")
SCHEDULE = {"windows": [{"start": "0 22 * * *", "end": "0 8 * * *"}]}


def _name_sets(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, list[str]]]:
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    parts = {"any": some, "all": some, "none": some}
    return st.fixed_dictionaries({}, optional=parts).filter(bool)


_BLOCKS: dict[str, st.SearchStrategy[Any]] = {
    "who": st.fixed_dictionaries(
        {},
        optional={
            "roles": _name_sets(tuple(ROLES)),
            "lists": _name_sets(LISTS),
            "members": st.lists(st.integers(1, 50).map(str), min_size=1, unique=True),
            "bot": st.booleans(),
        },
    ).filter(bool),
    "where": st.fixed_dictionaries(
        {},
        optional={
            "channels": _name_sets(tuple(CHANNELS)),
            "kinds": st.lists(st.sampled_from(["voice", "stage"]), min_size=1, unique=True),
        },
    ).filter(bool),
    "when": st.fixed_dictionaries(
        {},
        optional={
            "schedule": st.just({"any": ["night"]}),
            "state": st.dictionaries(
                st.sampled_from(["camera", "self_mute"]), st.booleans(), min_size=1
            ),
        },
    ).filter(bool),
}
_THEN = st.sampled_from(
    [{"mute": True}, {"deafen": True}, {"disconnect": True}, {"move": "afk"}, {"allow": True}]
)
_RULES = st.fixed_dictionaries(
    {"then": _THEN},
    optional={
        **_BLOCKS,
        "unless": st.fixed_dictionaries({}, optional=_BLOCKS).filter(bool),
        "for": st.fixed_dictionaries(
            {"time": st.integers(1, 9999).map(lambda seconds: f"{seconds}s")},
            optional={"across_channels": st.booleans()},
        ),
        "priority": st.integers(0, 1000),
        "mode": st.sampled_from(["enforce", "observe", "off"]),
        "description": st.sampled_from(["", "a", "b: c"]),
        "owner": st.sampled_from(["x", "y"]),
    },
)
_SETS = st.fixed_dictionaries(
    {
        "rules": st.dictionaries(st.sampled_from(["one", "two", "three"]), _RULES, max_size=3),
        "entries": st.lists(
            st.tuples(
                st.integers(1, 50), st.none() | st.sampled_from(["2026-12-01", "2027-01-01"])
            ),
            max_size=8,
        ),
    }
)


def _guild(aliases: dict[str, str]) -> dict[str, Any]:
    def renamed(names: dict[str, str]) -> dict[str, str]:
        return {aliases.get(name, name): number for name, number in names.items()}

    return {"id": "1", "channels": renamed(CHANNELS), "roles": renamed(ROLES)}


def _entries(entries: list[tuple[int, str | None]]) -> list[dict[str, Any]]:
    return [
        {"id": str(user)} if until is None else {"id": str(user), "until": until}
        for user, until in entries
    ]


def _lists(entries: list[tuple[int, str | None]]) -> dict[str, Any]:
    return {"blocked": {"entries": _entries(entries)}, "night-shift": {"entries": ["7"]}}


def _revision(files: dict[str, str]) -> str:
    loaded = load_sources(Sources({name: text.encode() for name, text in sorted(files.items())}))
    assert loaded.policy_set is not None, loaded.problems
    return loaded.policy_set.revision


def _plain(drawn: dict[str, Any]) -> str:
    return _revision(
        {
            "guild.yaml": json.dumps(
                {
                    "version": 1,
                    "guild": _guild({}),
                    "lists": _lists(drawn["entries"]),
                    "schedules": {"night": SCHEDULE},
                    "rules": drawn["rules"],
                }
            )
        }
    )


def _shuffled(value: Json, data: st.DataObject) -> Json:
    """The same with its keys in another order; so are lists, which are all sets here."""
    if isinstance(value, dict):
        keys = data.draw(st.permutations(sorted(value)))
        return {key: _shuffled(value[key], data) for key in keys}
    if isinstance(value, list):
        return data.draw(st.permutations([_shuffled(item, data) for item in value]))
    return value


def _renamed(value: Json, aliases: dict[str, str]) -> Json:
    if isinstance(value, dict):
        return {key: _renamed(item, aliases) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, aliases) for item in value]
    return aliases.get(value, value) if isinstance(value, str) else value


@given(_SETS, st.data())
def test_formatting_never_changes_the_revision(drawn: dict[str, Any], data: st.DataObject) -> None:
    """Order, layout, the split into files, alias names, owners, repeated entries: no meaning."""
    names = [*CHANNELS, *ROLES]
    aliases = {name: f"{name}-2" for name in data.draw(st.lists(st.sampled_from(names)))}
    rules = _renamed(_shuffled(drawn["rules"], data), aliases)
    for rule in rules.values():
        rule["owner"] = data.draw(st.sampled_from(["somebody", "else"]))
    entries = data.draw(st.permutations(drawn["entries"] * 2))
    indent = data.draw(st.sampled_from([None, 1, 4]))
    files: dict[str, dict[str, Any]] = {
        "g/guild.yaml": {"guild": _guild(aliases)},
        "g/lists.yaml": {"lists": _shuffled(_lists(entries), data)},
        "shared.yaml": {"schedules": {"night": SCHEDULE}},
    }
    for name, rule in rules.items():
        file = data.draw(st.sampled_from(["g/guild.yaml", "g/a/b.yml", "g/c.yaml"]))
        files.setdefault(file, {}).setdefault("rules", {})[name] = rule
    written = {
        name: f"# {name}\n{json.dumps({'version': 1} | content, indent=indent)}"
        for name, content in files.items()
    }
    assert _revision(written) == _plain(drawn)


@given(_SETS, _SETS)
def test_two_sets_have_one_revision_only_when_they_mean_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Any change to a rule or an entry shows, except owners and what is a default."""

    def meaning(drawn: dict[str, Any]) -> str:
        rules = copy.deepcopy(drawn["rules"])
        for rule in rules.values():
            rule.pop("owner", None)
            for key, default in (("priority", 100), ("mode", "enforce"), ("description", "")):
                rule.setdefault(key, default)
            if "for" in rule:
                rule["for"].setdefault("across_channels", False)
        ends: dict[int, str] = {}
        for user, until in drawn["entries"]:
            ends[user] = max(ends.get(user, ""), until or "9")
        return json.dumps([_sorted(rules), sorted(ends.items())], sort_keys=True)

    def _sorted(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: _sorted(item) for key, item in value.items()}
        return sorted(value) if isinstance(value, list) else value

    assert (_plain(one) == _plain(other)) == (meaning(one) == meaning(other))


@given(_SETS, st.data())
def test_one_change_of_meaning_changes_the_revision(
    drawn: dict[str, Any], data: st.DataObject
) -> None:
    """Replacing one part of one rule by another is seen."""
    assume(drawn["rules"])
    name = data.draw(st.sampled_from(sorted(drawn["rules"])))
    changed = copy.deepcopy(drawn)
    rule = changed["rules"][name]
    kind = data.draw(st.sampled_from(["priority", "description", "then", "for"]))
    if kind == "priority":
        rule["priority"] = (rule.get("priority", 100) + 1) % 1001
    elif kind == "description":
        rule["description"] = rule.get("description", "") + "!"
    elif kind == "then":
        rule["then"] = {"mute": True, "deafen": True}
    else:
        rule["for"] = {"time": "10000s"}
    assert _plain(changed) != _plain(drawn)
