"""The made-up life of a guild in Discord's own dispatches: the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Payload = dict[str, Any]
Dispatch = tuple[str, Payload]

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
PAUSE = timedelta(milliseconds=100)
"""Ten events a second, so that a million of them are a day and a bit."""

FIRST_USER = 300_000_000_000_000_000
FLAGS = ("self_mute", "self_deaf", "self_video", "self_stream")


@dataclass(slots=True)
class _Person:
    id: str
    roles: list[str]
    channel: str | None = None
    flags: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(FLAGS, False))


class Life:
    """Members who join, move, leave, mute themselves and are given roles.

    `guests` are ids that are among the members, and the channels are spread over the
    categories.
    """

    def __init__(
        self,
        guild_id: int,
        channels: Sequence[int],
        roles: Sequence[int],
        members: int = 2_000,
        guests: Sequence[int] = (),
        categories: Sequence[int] = (),
    ) -> None:
        self._random = random.Random(1)  # noqa: S311 - no secret
        self._guild_id = str(guild_id)
        self._channels = [str(channel) for channel in channels]
        self._categories = [str(category) for category in categories]
        self._roles = [str(role) for role in roles]
        ids = [*guests, *range(FIRST_USER, FIRST_USER + members - len(guests))]
        self._people = [_Person(str(user_id), self._some_roles()) for user_id in ids]

    def appearance(self) -> Dispatch:
        """The GUILD_CREATE that comes first; every tenth channel is a stage."""
        roles = [{"id": self._guild_id, "permissions": "0", "name": "@everyone"}]
        roles += [{"id": role, "permissions": "0", "name": f"r{role}"} for role in self._roles]
        channels: list[Payload] = [{"id": each, "type": 4} for each in self._categories]
        for number, channel in enumerate(self._channels):
            parent = self._categories[number % len(self._categories)] if self._categories else None
            kind = 13 if number % 10 == 5 else 2
            channels.append({"id": channel, "type": kind, "parent_id": parent})
        return "GUILD_CREATE", {
            "id": self._guild_id,
            "owner_id": "1",
            "afk_channel_id": None,
            "name": "a guild",
            "roles": roles,
            "channels": channels,
            "members": [self._member(person) for person in self._people],
            "voice_states": [],
        }

    def dispatches(self, count: int) -> Iterator[Dispatch]:
        """What happens, one dispatch after the other."""
        for _ in range(count):
            person = self._random.choice(self._people)
            chance = self._random.random()
            if chance < 0.02:
                person.roles = self._some_roles()
                yield (
                    "GUILD_MEMBER_UPDATE",
                    {"guild_id": self._guild_id, **self._member(person)},
                )
                continue
            if person.channel is None or chance < 0.25:
                person.channel = self._random.choice(self._channels)
            elif chance < 0.60:
                person.channel = None
            else:
                flag = self._random.choice(FLAGS)
                person.flags[flag] = not person.flags[flag]
            yield "VOICE_STATE_UPDATE", self._voice_state(person)

    def _some_roles(self) -> list[str]:
        return self._random.sample(self._roles, k=self._random.randint(0, min(5, len(self._roles))))

    def _member(self, person: _Person) -> Payload:
        return {
            "user": {
                "id": person.id,
                "username": f"user{person.id}",
                "global_name": None,
                "avatar": None,
                "discriminator": "0",
                "public_flags": 0,
            },
            "nick": None,
            "avatar": None,
            "roles": person.roles,
            "joined_at": "2025-06-01T12:00:00.000000+00:00",
            "premium_since": None,
            "pending": False,
            "mute": False,
            "deaf": False,
            "flags": 0,
        }

    def _voice_state(self, person: _Person) -> Payload:
        return {
            "guild_id": self._guild_id,
            "channel_id": person.channel,
            "user_id": person.id,
            "member": self._member(person),
            "session_id": "f1e2d3c4b5a697887766554433221100",
            "mute": False,
            "deaf": False,
            "suppress": False,
            "request_to_speak_timestamp": None,
            **person.flags,
        }


def instants(first: datetime = START) -> Iterator[datetime]:
    """When each of the dispatches comes."""
    at = first
    while True:
        yield at
        at += PAUSE
