"""Random policies in which every key of the language stands somewhere."""

import json
from itertools import combinations
from typing import Any, Final

from hypothesis import strategies as st

PLACES: Final = ["lobby", "afk", "music", "stage", "category", "outside"]
LISTS: Final = ["short", "timed"]
ROLES: Final = ["staff", "dj"]
SCHEDULES: Final = ["minutes", "once"]

DEFINITIONS: Final = {
    "lists": {
        "short": {"entries": ["501"]},
        "timed": {
            "entries": [
                {"id": "501", "until": "2026-03-02T12:03:00Z"},
                {"id": "502", "until": "2026-03-02T12:05:30Z"},
                "503",
            ]
        },
    },
    "schedules": {
        "minutes": {"windows": [{"start": "*/3 * * * *", "for": "90s"}]},
        "once": {"windows": [{"from": "2026-03-02T12:02", "to": "2026-03-02T12:04:10"}]},
    },
}


def names(of: list[str]) -> st.SearchStrategy[Any]:
    """A name set in one of its forms."""
    some = st.lists(st.sampled_from(of), min_size=1, max_size=2, unique=True)
    sets = st.fixed_dictionaries({}, optional={"any": some, "all": some, "none": some})
    none = st.builds(lambda one: {"none": [one]}, st.sampled_from(of))
    return st.one_of(st.sampled_from(of), none, some, sets.filter(bool))


def ages(at_start: str) -> st.SearchStrategy[dict[str, str]]:
    """Bounds that are reached while a life goes on, for those of an age at its start."""
    some = [f"{at_start}{more}" for more in ("1s", "1m30s", "3m", "5m7s")]
    one = st.builds(
        lambda key, age: {key: age}, st.sampled_from(["min", "max"]), st.sampled_from(some)
    )
    two = st.sampled_from(list(combinations(some, 2)))
    return st.one_of(one, two.map(lambda pair: {"min": pair[0], "max": pair[1]}))


_RECENT: Final = st.fixed_dictionaries(
    {"min": st.integers(1, 4), "within": st.sampled_from(["20s", "45s", "2m"])}
)
_USED: Final = st.fixed_dictionaries(
    {
        "min": st.sampled_from(["5s", "40s", "100s"]),
        "per": st.sampled_from(["day", "60s", "3m", "1h"]),
    }
)
_FLAGS: Final = ["guild_mute", "self_mute", "guild_deaf", "suppressed", "camera"]
_WHO: Final = {
    "lists": names(LISTS),
    "roles": names(ROLES),
    "members": st.sampled_from([["501"], ["502", "503"]]),
    "account_age": ages("4078d12h"),
    "membership_age": ages("1d"),
}
_WHERE: Final = {
    "channels": names(PLACES),
    "kinds": st.sampled_from(["voice", "stage"]),
    "occupancy": st.sampled_from([{"max": 1}, {"min": 2}, {"min": 3}, {"min": 2, "max": 2}]),
}
_WHEN: Final = {
    "schedule": names(SCHEDULES),
    "state": st.dictionaries(st.sampled_from(_FLAGS), st.booleans(), min_size=1, max_size=2),
    "entries": _RECENT,
    "channel_entries": _RECENT,
    "time_used": _USED,
}


def _block(keys: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(st.sampled_from(sorted(keys)), min_size=1, max_size=2, unique=True)
    return some.flatmap(lambda few: st.fixed_dictionaries({key: keys[key] for key in few}))


_BLOCKS: Final = {"who": _block(_WHO), "where": _block(_WHERE), "when": _block(_WHEN)}


def blocks() -> st.SearchStrategy[dict[str, Any]]:
    """Some of who, where and when."""
    # What `one_of` is given twice it takes no more often.
    some = st.sampled_from([(), (), ("where",), ("where",), ("when",), ("who",), tuple(_BLOCKS)])
    return some.flatmap(lambda keys: st.fixed_dictionaries({key: _BLOCKS[key] for key in keys}))


HELD: Final = ("mute", "deafen", "suppress", "grant")
"""What a `hold` may stand beside, where it is not `false`."""

PLACING: Final = ("disconnect", "move")

_ROLE: Final = st.sampled_from(["dj", "staff", ["dj", "staff"], "admin"])
_EFFECTS: Final = {
    "mute": st.sampled_from([True, True, False]),
    "deafen": st.sampled_from([True, True, False]),
    "suppress": st.just(True),
    "grant": _ROLE,
    "timeout": st.sampled_from(["1m", "10m"]),
    "warn": st.sampled_from(["one", "two"]),
    "announce": st.just({"channel": "lobby", "text": "{member}"}),
    "disconnect": st.just(True),
    "move": st.sampled_from(["afk", "music"]),
    "allow": st.just(True),
}
# What is held has a life of its own, and what places keeps much of it from beginning.
_OFTEN: Final = [*_EFFECTS, *HELD, "mute", "deafen", "mute", "grant"]


@st.composite
def thens(draw: st.DrawFn, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Some effects, at most one of which places."""
    keys = [key for key in _OFTEN if key not in without]
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=4, unique=True))
    then = {key: draw(_EFFECTS[key]) for key in chosen}
    if {"disconnect", "move"} <= then.keys():
        del then["move"]
    if any(then.get(key) for key in HELD) and draw(st.integers(0, 2)) == 0:
        then["hold"] = draw(st.sampled_from(["15s", "2m"]))
    return then


LASTING: Final = st.sampled_from(
    ["10s", "90s", {"time": "100s", "across_channels": True}, {"time": "2m"}]
)


@st.composite
def rules(draw: st.DrawFn, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """One rule; `without` some effects."""
    rule = dict(draw(blocks()), priority=draw(st.integers(1, 3)))
    if draw(st.integers(0, 3)) == 0:
        steps = st.lists(thens(without=("allow", *without)), min_size=2, max_size=3)
        forget_after = draw(st.sampled_from(["30s", "3m"]))
        rule["escalate"] = {"forget_after": forget_after, "steps": draw(steps)}
    else:
        rule["then"] = draw(thens(without=without))
    rule["mode"] = draw(st.sampled_from([*["enforce"] * 6, "observe", "observe", "off"]))
    seldom: dict[str, st.SearchStrategy[Any]] = {
        "for": LASTING,
        "unless": blocks().filter(bool),
        "cooldown": st.sampled_from(["15s", "70s", "5m"]),
        "existing": st.just("spare"),
    }
    for key, value in seldom.items():
        if draw(st.integers(0, 4)) == 0:
            rule[key] = draw(value)
    return rule


def named_rules() -> st.SearchStrategy[dict[str, Any]]:
    """Some rules by name."""
    return st.lists(rules(), min_size=2, max_size=7).map(
        lambda some: {f"r{number}": rule for number, rule in enumerate(some)}
    )


def as_yaml(named: dict[str, Any]) -> str:
    """The body of a policy file: YAML, since JSON is."""
    body = {**DEFINITIONS, "rules": named}
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in body.items())


def policies() -> st.SearchStrategy[str]:
    """The body of a policy file."""
    return named_rules().map(as_yaml)
