"""A guild full of people who come, go and change channel, two hundred times a second."""

import asyncio
import random
import time
from collections import defaultdict
from contextlib import suppress

from tests.end_to_end.harbour import GUILD, Harbour
from voxguard.sandbox.world.world import Dispatch, RefusedError

CHANNELS = ("lobby", "music")
BLOCKED = [str(90000000000000000 + number) for number in range(40)]
SILENCED = [str(91000000000000000 + number) for number in range(12)]
GUESTS = [str(92000000000000000 + number) for number in range(12)]
RUDE = [str(93000000000000000 + number) for number in range(8)]
OTHERS = [str(94000000000000000 + number) for number in range(100)]
EVERYBODY = BLOCKED + SILENCED + GUESTS + RUDE + OTHERS
HUMANS_OWN = GUESTS[0]
"""A moderator has muted this one."""

BLOCKED_PAUSE_SECONDS = 31.0
"""Who is disconnected more often within a minute is made to wait longer and longer."""

# How often in a thousand acts it is one of these.
_SHARES = ((BLOCKED, 8), (SILENCED, 20), (GUESTS, 20), (RUDE, 2), (OTHERS, 950))


class Crowd:
    """Members of a guild, and when each of them entered which channel.

    `acts` counts what they did, `acted_at` is when each did something last, and `entries`
    are the instants at which a member entered a channel, all on the steady clock.
    """

    def __init__(self, harbour: Harbour, choice: random.Random) -> None:
        self.harbour = harbour
        self.acts = 0
        self.acted_at: dict[str, float] = dict.fromkeys(EVERYBODY, 0.0)
        self.entries: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._choice = choice
        self._blocked_at = dict.fromkeys(BLOCKED, -BLOCKED_PAUSE_SECONDS)
        self._places: dict[str, str | None] = {}
        for name in EVERYBODY:
            harbour.sandbox.add_member(GUILD, name, user_id=int(name))
        harbour.sandbox.world.subscribe(self._see, lambda _: None)

    async def live(self, acts_per_second: float) -> None:
        """Act at this rate until cancelled, catching up when the machine was busy."""
        began, before = time.monotonic(), self.acts
        while True:
            due = before + int((time.monotonic() - began) * acts_per_second)
            while self.acts < due:
                self._act()
            await asyncio.sleep(1 / acts_per_second)

    def present(self, names: list[str]) -> list[str]:
        """Those who are in voice."""
        return [name for name in names if self.harbour.place(name) is not None]

    def muted(self, names: list[str]) -> list[str]:
        """Those who are muted, whether they are there or not."""
        return [name for name in names if self.harbour.member(name).guild_mute]

    def astray(self, name: str) -> str | None:
        """What of a member is not as the policies want it at this moment."""
        member, place = self.harbour.member(name), self.harbour.place(name)
        if name == HUMANS_OWN and not member.guild_mute:
            return "was unmuted, though a moderator had muted them"
        if name in GUESTS and ("dj" in self.harbour.roles(name)) != (place == "music"):
            return f"plays, or does not, in {place}"
        if place is None:
            return None
        if name in BLOCKED:
            return "is blocked and in voice"
        if place == "hall":
            return "is in the hall"
        if member.guild_mute != (name == HUMANS_OWN or (name in SILENCED and place == "lobby")):
            return f"is {'' if member.guild_mute else 'not '}muted in {place}"
        return None

    def _act(self) -> None:
        names = self._choice.choices([each for each, _ in _SHARES], [many for _, many in _SHARES])
        name = self._choice.choice(names[0])
        with suppress(RefusedError):
            if name in BLOCKED:
                self._blocked_enters(name)
            else:
                self._lives(name)

    def _blocked_enters(self, name: str) -> None:
        now = time.monotonic()
        if now - self._blocked_at[name] >= BLOCKED_PAUSE_SECONDS:
            self._blocked_at[name] = now
            self.harbour.join(name, self._choice.choice((*CHANNELS, "hall")))
            self._acted(name)

    def _lives(self, name: str) -> None:
        place, chance = self.harbour.place(name), self._choice.random()
        if place is None or chance < 0.3:
            target = "hall" if chance < 0.005 else self._choice.choice(CHANNELS)
            if target == place:
                return
            self.harbour.join(name, target)
        elif chance < 0.4:
            self.harbour.leave(name)
        else:
            voice = self.harbour.member(name).voice
            is_mute = voice is not None and voice.self_mute
            self.harbour.sandbox.set_flags(GUILD, name, self_mute=not is_mute)
        self._acted(name)

    def _acted(self, name: str) -> None:
        self.acts += 1
        self.acted_at[name] = time.monotonic()

    def _see(self, dispatch: Dispatch) -> None:
        """Note entries, those by the daemon's hand included."""
        if dispatch.name != "VOICE_STATE_UPDATE":
            return
        name, channel = dispatch.data["user_id"], dispatch.data["channel_id"]
        before, self._places[name] = self._places.get(name), channel
        if channel is not None and channel != before:
            self.entries[name, channel].append(time.monotonic())
        if channel is not None and before is None:
            self.entries[name, ""].append(time.monotonic())
