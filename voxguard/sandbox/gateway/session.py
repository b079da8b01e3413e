"""A session: what one shard has been sent, kept so that a new connection can take it up."""

from collections import deque
from typing import Protocol

import orjson

from voxguard.model.ids import GuildId

REPLAY_LIMIT = 20_000
"""So many events are kept for a resume; with more missed the session is lost."""


class Outlet(Protocol):
    """A connection, as far as a session has to do with it."""

    def send(self, payload: bytes) -> None:
        """Send the payload after all that were sent before."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close the connection with a code."""
        ...


class Session:
    """One shard's session. `outlet` is its connection, None while there is none.

    `missing` are guilds that READY named and that are kept from it.
    """

    def __init__(self, session_id: str, *, intents: int, shard_id: int, shard_count: int) -> None:
        self.id = session_id
        self.intents = intents
        self.shard_id = shard_id
        self.shard_count = shard_count
        self.sequence = 0
        self.outlet: Outlet | None = None
        self.missing: set[GuildId] = set()
        self._sent: deque[tuple[int, bytes]] = deque(maxlen=REPLAY_LIMIT)

    def has_guild(self, guild_id: int) -> bool:
        """Whether the guild belongs to this shard."""
        return (guild_id >> 22) % self.shard_count == self.shard_id

    def dispatch(self, name: str, data: bytes) -> None:
        """Send an event, given as JSON, or keep it for a resume while nobody is connected."""
        self.sequence += 1
        payload = orjson.dumps({"op": 0, "t": name, "s": self.sequence, "d": orjson.Fragment(data)})
        self._sent.append((self.sequence, payload))
        if self.outlet is not None:
            self.outlet.send(payload)

    def can_replay(self, sequence: int) -> bool:
        """Whether everything after this sequence number is still there."""
        oldest = self._sent[0][0] if self._sent else self.sequence + 1
        return oldest <= sequence + 1

    def replay(self, sequence: int) -> int:
        """Send everything after this sequence number once more; says how much that was."""
        missed = [payload for number, payload in self._sent if number > sequence]
        if self.outlet is not None:
            for payload in missed:
                self.outlet.send(payload)
        return len(missed)
