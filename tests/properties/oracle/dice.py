"""Chance from one number: the same seed gives the same case, on every machine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tests.properties.oracle.clock import DISCORD_EPOCH_MS, SECOND, micros

T = TypeVar("T")
Doc = dict[str, Any]

CONDITIONS = (
    *("lists", "roles", "members", "bot", "account_age", "membership_age"),
    *("channels", "kinds", "occupancy"),
    *("schedule", "state", "entries", "channel_entries", "time_used"),
)
EFFECTS = (
    *("mute", "deafen", "suppress", "grant", "disconnect", "move", "timeout", "warn"),
    *("announce", "allow", "lift"),
)
WORDS = ("for", "unless", "observe", "hold", "cooldown", "escalate", "spare")
SETTINGS = ("exempt", "shared", "guilds", "limits", "humans")
HAPPENINGS = (
    *("human", "members", "snapshots", "removals", "role-deletes", "channel-deletes"),
    *("guild-deletes", "channel-moves", "owners", "fractions"),
)
KEYS = frozenset({*CONDITIONS, *EFFECTS, *WORDS, *SETTINGS, *HAPPENINGS})
"""All that a random case can be made of."""

THEMES = (
    frozenset({"mute", "lift", "hold", "observe", "state", "human", "allow", "members"}),
    frozenset({"mute", "deafen", "escalate", "hold", "cooldown", "state", "channels", "allow"}),
    frozenset({"grant", "roles", "hold", "observe", "state", "members", "role-deletes"}),
    frozenset({"suppress", "mute", "hold", "observe", "kinds", "state", "move", "human"}),
    frozenset({"mute", "lift", "move", "disconnect", "state", "channels", "observe", "hold"}),
    frozenset({"time_used", "entries", "channel_entries", "channels", "for", "unless", "warn"}),
    frozenset({"schedule", "lists", "account_age", "membership_age", "for", "unless", "mute"}),
)
"""Keys that are about each other: a case that keeps to them is full of corners."""

DURATIONS = ("5s", "10s", "15s", "20s", "30s", "45s", "1m", "1m30s", "2m")
AGES = ("30s", "1m", "1m30s", "2m", "3m", "4m", "5m")


class Dice:
    """What is thrown for a case, and what may be in it."""

    def __init__(self, seed: int, keys: frozenset[str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a case, no secret
        self.keys = keys

    def chance(self, share: float) -> bool:
        """True in that share of throws."""
        return self._random.random() < share

    def may(self, key: str, share: float) -> bool:
        """True in that share of throws, if the key may be used at all."""
        return self.chance(share) and key in self.keys

    def number(self, low: int, high: int) -> int:
        """A whole number, the bounds included."""
        return self._random.randint(low, high)

    def pick(self, some: Sequence[T]) -> T:
        """One of them."""
        return self._random.choice(some)

    def some(self, among: Sequence[T], low: int, high: int) -> list[T]:
        """Some of them, none twice, in any order."""
        return self._random.sample(among, min(len(among), self.number(low, high)))

    def used(self, among: Sequence[str]) -> list[str]:
        """Those of some keys that may be used."""
        return [key for key in among if key in self.keys]


@dataclass(frozen=True)
class Scene:
    """When and where a case begins, and the zones that its clocks may have."""

    at: datetime
    zones: tuple[str, ...]

    @property
    def start(self) -> int:
        """The instant at which it begins."""
        return micros(self.at)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that matters most in it."""
        return ZoneInfo(self.zones[0])


def _scene(year: int, month: int, day: int, hour: int, minute: int, *zones: str) -> Scene:
    return Scene(datetime(year, month, day, hour, minute, tzinfo=UTC), (*zones, "UTC"))


SCENES = (
    _scene(2026, 3, 2, 12, 0, "Europe/Moscow"),
    _scene(2026, 3, 2, 20, 57, "Europe/Moscow"),
    _scene(2026, 3, 29, 0, 57, "Europe/Berlin", "Europe/Moscow"),
    _scene(2026, 10, 25, 0, 58, "Europe/Berlin"),
    _scene(2026, 10, 24, 22, 57, "Europe/Berlin", "Europe/London"),
    _scene(2026, 4, 23, 21, 57, "Africa/Cairo"),
    _scene(2026, 11, 1, 4, 57, "America/Havana", "America/New_York"),
    _scene(2026, 2, 28, 18, 28, "Asia/Kolkata"),
)
"""An ordinary noon, and instants shortly before midnights and changes of clocks."""


@dataclass(frozen=True)
class Cast:
    """A guild of the case: what there is in it, by the names that policies give it.

    Aliases are the same in every guild, ids are not. `nowhere` and `none` do not exist.
    """

    id: int
    channels: dict[str, int]
    kinds: dict[str, tuple[int, str | None]]
    roles: dict[str, int]


_CHANNELS = {
    "hall": (4, None),
    "lobby": (2, "hall"),
    "music": (2, "hall"),
    "vip": (2, None),
    "afk": (2, None),
    "stage": (13, "hall"),
    "forum": (13, None),
    "mod-log": (0, None),
}
ROOMS = ("lobby", "music", "vip", "afk", "stage", "forum")
ROLES = ("staff", "dj", "guest", "chief")


def cast(number: int) -> Cast:
    """The n-th guild, from 1 on."""
    base = number * 1000
    channels = {name: base + 1 + n for n, name in enumerate((*_CHANNELS, "nowhere"))}
    roles = {name: base + 51 + n for n, name in enumerate((*ROLES, "none"))}
    return Cast(base, channels, dict(_CHANNELS), roles | {"everyone": base})


def users(dice: Dice, scene: Scene) -> list[int]:
    """Ids of users: old accounts, and such as were made shortly before the scene begins."""
    found = [501, 502, 503]
    for n in range(dice.number(0, 2)):
        made = scene.start - dice.number(1, 40) * 5 * SECOND
        if dice.may("fractions", 0.3):
            made += 250_000
        found.append(((made // 1000 - DISCORD_EPOCH_MS) << 22) + n)
    return found
