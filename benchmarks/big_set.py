"""Policy sets of any number of rules, in which every kind of condition and effect is used."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.life import FIRST_USER, Life

GUILD = 400_000_000_000_000_000
# As many as Discord lets a guild have: 500 channels and categories, 250 roles.
CHANNELS = range(410_000_000_000_000_000, 410_000_000_000_000_450)
CATEGORIES = range(420_000_000_000_000_000, 420_000_000_000_000_050)
ROLES = range(430_000_000_000_000_000, 430_000_000_000_000_250)
MEMBERS = 5_000
LISTS = 50
SCHEDULES = ("night", "weekend", "holidays")

Conditions = dict[str, Any]


def big_life() -> Life:
    """Five thousand members in all those channels, with some of those roles each."""
    return Life(GUILD, CHANNELS, ROLES, MEMBERS, categories=CATEGORIES)


def write_set(root: Path, rules: int, seed: int = 1) -> Path:
    """A guild's policies, a thousand rules a file; the directory."""
    root.mkdir(parents=True, exist_ok=True)
    some = random.Random(seed)  # noqa: S311 - no secret
    channels = {f"c{number}": str(each) for number, each in enumerate((*CHANNELS, *CATEGORIES))}
    roles = {f"r{number}": str(each) for number, each in enumerate(ROLES)}
    guild = {"id": str(GUILD), "channels": channels, "roles": roles}
    _write(root / "guild.yaml", {"guild": guild})
    _write(root / "lists.yaml", {"lists": {f"l{n}": _list(some, n) for n in range(LISTS)}})
    _write(root / "schedules.yaml", {"schedules": _schedules()})
    for start in range(0, rules, 1_000):
        numbers = range(start, min(start + 1_000, rules))
        _write(
            root / f"rules-{start:05}.yaml", {"rules": {f"n{n}": _rule(some, n) for n in numbers}}
        )
    return root


def _write(file: Path, body: Conditions) -> None:
    """As people write YAML, one thing a line: JSON would be read more quickly."""
    file.write_text("version: 1\n" + "".join(_block(body, 0)), encoding="utf-8")


def _block(body: Conditions, depth: int) -> list[str]:
    lines = []
    for key, value in body.items():
        if isinstance(value, dict) and depth < 2:
            lines += [f"{'  ' * depth}{key}:\n", *_block(value, depth + 1)]
        else:
            lines.append(f"{'  ' * depth}{key}: {json.dumps(value)}\n")
    return lines


def _list(some: random.Random, number: int) -> Conditions:
    ids = some.sample(range(FIRST_USER, FIRST_USER + MEMBERS), k=20)
    entries: list[Any] = [str(user_id) for user_id in ids]
    if number % 10 == 0:
        entries.append({"id": str(FIRST_USER), "until": "2026-03-02T16:00:00Z"})
    return {"entries": entries}


def _schedules() -> Conditions:
    return {
        "night": {"windows": [{"start": "0 22 * * *", "end": "0 8 * * *"}]},
        "weekend": {"windows": [{"start": "0 18 * * fri", "end": "0 6 * * mon"}]},
        "holidays": {"windows": [{"from": "2026-12-24T00:00", "to": "2027-01-02T00:00"}]},
    }


def _pick(some: random.Random, prefix: str, count: int, most: int) -> list[str]:
    return [f"{prefix}{some.randrange(count)}" for _ in range(some.randint(1, most))]


def _rule(some: random.Random, number: int) -> Conditions:
    """Each kind of rule in turn; the rarer the effect on a real guild, the rarer here."""
    rule = dict(KINDS[number % len(KINDS)](some))
    rule["description"] = f"What rule {number} of these is good for, in a sentence."
    if number % 5 == 0:
        rule["for"] = f"{some.randint(1, 120)}m"
    if number % 7 == 0:
        rule["unless"] = {"who": {"roles": _pick(some, "r", len(ROLES), 2)}}
    if number % 11 == 0:
        rule["mode"] = "observe"
    if number % 13 == 0:
        rule["cooldown"] = "10m"
    if number % 17 == 0:
        rule["existing"] = "spare"
    rule["priority"] = some.randint(1, 200)
    if number % 19 == 0:
        rule["escalate"] = {"forget_after": "7d", "steps": some.sample(STEPS, k=3)}
    else:
        rule["then"] = some.choice(EFFECTS)
    return rule


def _channel(some: random.Random) -> str:
    return f"c{some.randrange(len(CHANNELS))}"


KINDS: tuple[Callable[[random.Random], Conditions], ...] = (
    lambda some: {"where": _pick(some, "c", len(CHANNELS), 3)},
    lambda some: {"who": {"lists": _pick(some, "l", LISTS, 2)}, "where": [_channel(some)]},
    lambda some: {"who": {"roles": _pick(some, "r", len(ROLES), 2), "bot": False}},
    lambda some: {"who": {"members": [str(FIRST_USER + some.randrange(MEMBERS))]}},
    lambda some: {
        "where": [f"c{len(CHANNELS) + some.randrange(len(CATEGORIES))}"],
        "who": {"roles": {"none": _pick(some, "r", len(ROLES), 2)}},
    },
    lambda some: {"where": [_channel(some)], "when": {"schedule": some.choice(SCHEDULES)}},
    lambda some: {"where": [_channel(some)], "when": {"state": {"self_deaf": True}}},
    lambda some: {
        "where": {"kinds": "stage", "channels": [_channel(some)]},
        "who": {"lists": {"none": _pick(some, "l", LISTS, 2)}},
    },
    lambda some: {"where": [_channel(some)], "who": {"account_age": {"max": "30d"}}},
    lambda some: {"where": [_channel(some)], "who": {"membership_age": {"max": "7d"}}},
    lambda some: {"where": {"channels": [_channel(some)], "occupancy": {"max": 1}}},
    lambda some: {
        "where": [_channel(some)],
        "when": {"entries": {"min": some.randint(3, 9), "within": "1m"}},
    },
    lambda some: {
        "where": [_channel(some)],
        "when": {"channel_entries": {"min": some.randint(3, 9), "within": "1m"}},
    },
    lambda some: {
        "where": _pick(some, "c", len(CHANNELS), 3),
        "when": {"time_used": {"min": "2h", "per": some.choice(["day", "24h"])}},
    },
)
STEPS: tuple[Conditions, ...] = (
    {"mute": True},
    {"mute": True, "hold": "10m"},
    {"deafen": True},
    {"move": "c0"},
    {"disconnect": True},
    {"grant": "r0"},
    {"suppress": True},
    {"timeout": "10m"},
    {"warn": "Please mind the rules of this channel."},
    {"announce": {"channel": "c1", "text": "{member} in {channel}: {reason}"}},
    {"mute": False},
)
EFFECTS = (*STEPS, {"allow": True})
