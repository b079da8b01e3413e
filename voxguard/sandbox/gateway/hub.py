"""All sessions of the gateway: begun, taken up again, sent events, and ended."""

import secrets
from typing import Any

import orjson

from voxguard.model.ids import GuildId
from voxguard.sandbox.gateway import intents as intents_
from voxguard.sandbox.gateway.close_codes import ends_session
from voxguard.sandbox.gateway.connection import Connection
from voxguard.sandbox.gateway.mishaps import Mishaps
from voxguard.sandbox.gateway.session import Session
from voxguard.sandbox.journal import Journal, Source
from voxguard.sandbox.session_starts import SessionStarts
from voxguard.sandbox.world.payloads import application_flags, guild_create_json, own_user_json
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import Dispatch, World

MAX_LOST_SESSIONS = 8
"""So many sessions without a connection are kept for a resume, the latest ones."""


class Hub:
    """Knows the sessions and the connections; the world's events reach them through it."""

    def __init__(self, world: World, journal: Journal) -> None:
        self.world = world
        self.journal = journal
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.starts = SessionStarts(world.clock)
        self.mishaps = Mishaps(journal)
        self._withheld: set[GuildId] = set()

    def session_starts_left(self) -> int:
        """How many sessions may still be started."""
        return self.starts.left

    @property
    def is_ready(self) -> bool:
        """Whether some session has a connection."""
        return any(session.outlet is not None for session in self.sessions.values())

    def on_dispatch(self, dispatch: Dispatch) -> None:
        """Send an event of the world to every session that is to have it, barring mishaps."""
        self.mishaps.carry(dispatch, self._deliver)

    def withhold(self, guild: Guild) -> None:
        """Keep a guild from sessions that begin from now on, though READY names it."""
        self._withheld.add(guild.id)

    def hand_out(self, guild: Guild) -> None:
        """Let the guild appear to those who have missed it."""
        self._withheld.discard(guild.id)
        data = orjson.dumps(guild_create_json(self.world, guild))
        for session in self.sessions.values():
            if guild.id in session.missing and guild.is_available:
                session.missing.discard(guild.id)
                session.dispatch("GUILD_CREATE", data)

    def _deliver(self, dispatch: Dispatch) -> None:
        data: bytes | None = None
        for session in self.sessions.values():
            if (
                session.has_guild(dispatch.guild_id)
                and dispatch.guild_id not in session.missing
                and intents_.wants(session.intents, dispatch, self.world.bot)
            ):
                data = data or orjson.dumps(dispatch.data)
                session.dispatch(dispatch.name, data)
        self.journal.touch()

    def begin(
        self, connection: Connection, host: str, intents: int, shard: tuple[int, int]
    ) -> None:
        """Start a session on the connection: READY, then each guild of the shard."""
        self.starts.used += 1
        self._forget_oldest()
        session = Session(
            secrets.token_hex(16), intents=intents, shard_id=shard[0], shard_count=shard[1]
        )
        self.sessions[session.id] = session
        self._attach(session, connection)
        guilds = [g for g in self.world.guilds.values() if session.has_guild(g.id)]
        session.dispatch("READY", orjson.dumps(self._ready(session, host, [g.id for g in guilds])))
        session.missing |= self._withheld & {guild.id for guild in guilds}
        for guild in guilds:
            if guild.id in session.missing:
                continue
            if guild.is_available and intents & intents_.Intent.GUILDS:
                data = guild_create_json(self.world, guild)
                session.dispatch("GUILD_CREATE", orjson.dumps(data))
        self.journal.see(
            Source.GATEWAY,
            f"session begun: shard {shard[0]} of {shard[1]}, intents {intents}",
        )

    def resume(self, connection: Connection, session_id: str, sequence: int) -> bool:
        """Take a session up on a new connection; False when that is not possible any more."""
        session = self.sessions.get(session_id)
        if session is None or not session.can_replay(sequence):
            return False
        if session.outlet is not None:
            session.outlet.close(4000, "The session was resumed elsewhere.")
        self._attach(session, connection)
        count = session.replay(sequence)
        session.dispatch("RESUMED", orjson.dumps({}))
        self.journal.see(Source.GATEWAY, f"session resumed, {count} events sent again")
        return True

    def detach(self, connection: Connection, *, forget: bool) -> None:
        """Note that a connection is gone; `forget` ends its session too."""
        self.connections.discard(connection)
        session = connection.session
        if session is not None and session.outlet is connection:
            session.outlet = None
            if forget:
                self.sessions.pop(session.id, None)
        self.journal.see(Source.GATEWAY, "connection closed")

    def close_all(self, code: int, reason: str = "Closed by the sandbox.") -> None:
        """Close every connection with the code; sessions live on where Discord lets them."""
        for connection in list(self.connections):
            connection.close(code, reason)
            if ends_session(code) and connection.session is not None:
                self.sessions.pop(connection.session.id, None)

    def reconnect_all(self) -> None:
        """Ask every client to connect anew and resume (op 7)."""
        for connection in list(self.connections):
            connection.send_op(7)

    def invalidate_all(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for connection in list(self.connections):
            connection.send_op(9, data=resumable)
            if not resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)

    def drop_all(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.connections):
            connection.abort()

    def forget_all(self) -> None:
        """End every session, so that nothing can be resumed."""
        self.sessions.clear()

    def _forget_oldest(self) -> None:
        lost = [session.id for session in self.sessions.values() if session.outlet is None]
        for session_id in lost[:-MAX_LOST_SESSIONS]:
            del self.sessions[session_id]

    def _attach(self, session: Session, connection: Connection) -> None:
        session.outlet = connection
        connection.session = session

    def _ready(self, session: Session, host: str, guild_ids: list[GuildId]) -> dict[str, Any]:
        bot = self.world.bot
        return {
            "v": 10,
            "user": own_user_json(bot.user),
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in guild_ids],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"ws://{host}/gateway",
            "shard": [session.shard_id, session.shard_count],
            "application": {
                "id": str(bot.user.id),
                "flags": application_flags(bot),
            },
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
        }
