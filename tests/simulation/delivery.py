"""What a process is told, looked at as it takes it in: so that it is known what it knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.simulation.people import GUILDS, NAMES
from tests.simulation.reported import FLAGS, reported, signed
from voxguard.model.ids import GuildId, UserId

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

STAFF = {ids.guild: f"role:{ids.roles['staff']}" for ids in GUILDS}
ROLES = {ids.guild: {f"role:{role}" for role in ids.roles.values()} for ids in GUILDS}
OURS = "_ours"
SENT_AT = "_sent_at"


class Delivery:
    """Notes whose doing each event is, and what the process knows once it has it."""

    def __init__(self, run: Simulation) -> None:
        self._run = run
        run.world.subscribe(lambda dispatch: self._sign(dispatch.data), lambda _: None)

    def take(self, name: str, payload: dict[str, Any], take: Callable[[], None]) -> None:
        """Let the process take a dispatch in."""
        before = self._entries(name, payload)
        take()
        if payload.get(OURS) and self._entries(name, payload) > before:
            who = NAMES[UserId(int(payload["user_id"]))]
            self._run.watch.violated("echo", f"a move of ours counts as an entry of {who}")
        sent_at = payload.get(SENT_AT, self._run.timeline.now())
        for guild_id, user_id, marks in reported(name, payload):
            self._told(guild_id, user_id, marks, sent_at)
        if name == "GUILD_AUDIT_LOG_ENTRY_CREATE":
            self._run.hands.signed.update(signed(payload))

    def _sign(self, payload: dict[str, Any]) -> None:
        """Note on the event, under keys that nobody knows, when it set out and whose it is."""
        payload[SENT_AT] = self._run.timeline.now()
        if self._run.hands.moving:
            payload[OURS] = True

    def _told(self, guild_id: GuildId, user_id: UserId, marks: set[str], sent_at: datetime) -> None:
        hands = self._run.hands
        for mark in marks:
            hands.reported((guild_id, user_id, mark))
        off = (ROLES[guild_id] if "roles" in marks else FLAGS) - marks
        hands.reported_off([(guild_id, user_id, mark) for mark in off], sent_at)
        if STAFF[guild_id] in marks:
            self._run.exempt_since.setdefault((guild_id, user_id), self._run.timeline.now())
        elif "roles" in marks:
            self._run.exempt_since.pop((guild_id, user_id), None)

    def _entries(self, name: str, payload: dict[str, Any]) -> int:
        life = self._run.life
        if name != "VOICE_STATE_UPDATE" or life is None:
            return 0
        guild = life.core.moderator.engine.guild(GuildId(int(payload["guild_id"])))
        member = None if guild is None else guild.members.get(UserId(int(payload["user_id"])))
        return 0 if member is None else len(member.history.entries)
