"""What is not remembered is read from the database, in the background, page by page."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from voxguard.daemon.knowledge import META_KEY, GuildPast, PastKnowledge
from voxguard.daemon.ledger import Ledger
from voxguard.daemon.moderator import Moderator
from voxguard.daemon.pasts import Visitors, of_acts, of_leases
from voxguard.engine.index import RuleIndex
from voxguard.engine.known import ACTS, ENTRIES, STAYS, Since, earliest, rules_in
from voxguard.errors import UnreachableError, VoxguardError
from voxguard.model.events import Event, GuildAppeared
from voxguard.model.ids import GuildId
from voxguard.ports.outbox import OutboxState
from voxguard.ports.recall import AWAY, RecallStatus, Recollection

log = structlog.get_logger("voxguard.recall")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0


class Recall:
    """Finds out what rules ask for that nobody remembers, reads it, and gives it to the engine.

    That is so when the state directory is new, or its outbox was damaged: then what an
    earlier run holds is taken up, too, and the rows that it left open are closed. And it is
    so when a new revision looks back further than what was kept. Enforcement waits for none
    of it.
    """

    def __init__(
        self,
        moderator: Moderator,
        ledger: Ledger,
        recollection: Recollection,
        now: Callable[[], datetime],
        *,
        observe: bool = False,
    ) -> None:
        """Give what is read to this moderator.

        With `observe` what an earlier run has begun is left to one that may end it.
        """
        self._moderator = moderator
        self._ledger = ledger
        self._recollection = recollection
        self._now = now
        self._observe = observe
        self._changed = asyncio.Event()
        self._knowledge = PastKnowledge(OutboxState(), now())
        self._status = RecallStatus()

    @property
    def status(self) -> RecallStatus:
        """How far it is now."""
        waiting = [guild_id for guild_id in self._knowledge.guilds if self._lacks(guild_id)]
        return replace(self._status, guilds=tuple(sorted(waiting)))

    def take_up(self, state: OutboxState) -> None:
        """Go on with what an earlier run knew."""
        self._knowledge = PastKnowledge(state, self._now())

    def turn_to(self, index: RuleIndex) -> None:
        """Look back as another revision does, which is about to become the active one."""
        self._knowledge.turn_to(index, self._now())
        self._tell_engine()
        self._changed.set()

    def shift(self, past: Callable[[datetime], datetime]) -> None:
        """The wall clock was stepped, and what is known with it."""
        self._knowledge.shift(past)
        self._ledger.record(meta={META_KEY: self._knowledge.text()})
        self._changed.set()

    def event(self, event: Event) -> None:
        """A guild that is there can be given its past."""
        if isinstance(event, GuildAppeared):
            self._changed.set()

    async def run(self) -> None:
        """Read whatever is missing, until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            self._changed.clear()
            guild_id = self._next()
            if guild_id is None:
                await self._changed.wait()
                continue
            reason = await self._attempt(guild_id)
            self._status = replace(self._status, reason=reason)
            if reason is None:
                pause = FIRST_PAUSE_SECONDS
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _attempt(self, guild_id: GuildId) -> str | None:
        """Read what is missing of a guild; why that did not succeed."""
        try:
            await self._read(guild_id)
        except VoxguardError as error:
            reason = str(error)
        except Exception as error:
            # A daemon that ends because it cannot look back would be worse.
            log.exception("reading the past failed", guild=str(guild_id))
            reason = f"{type(error).__name__}: {error}"
        else:
            return None
        # That nothing is connected is said by whoever hands rows over.
        if reason not in {AWAY, self._status.reason}:
            log.warning("the past cannot be read yet", guild=str(guild_id), why=reason)
        return reason

    def _lacks(self, guild_id: GuildId) -> bool:
        guild = self._knowledge.guilds[guild_id]
        if guild_id not in self._moderator.engine.index.guilds:
            return False
        return self._is_orphaned(guild) or bool(guild.missing(self._now()))

    def _is_orphaned(self, guild: GuildPast) -> bool:
        return guild.orphaned and not self._observe

    def _next(self) -> GuildId | None:
        """A guild that is there and whose past is not known."""
        engine = self._moderator.engine
        for guild_id in self._knowledge.guilds:
            guild = engine.guild(guild_id)
            if guild is not None and guild.available and self._lacks(guild_id):
                return guild_id
        return None

    async def _read(self, guild_id: GuildId) -> None:
        if not await self._recollection.caught_up():
            raise UnreachableError("rows that wait are not in the database yet")
        before = self._status
        known, born_at = self._knowledge.guilds[guild_id], self._knowledge.born_at
        if self._is_orphaned(known) and born_at is not None:
            await self._take_leases(guild_id, born_at)
            await self._recorded()
            closed = await self._recollection.close(guild_id, born_at)
            self._status = replace(self._status, closed=self._status.closed + closed)
            known.orphaned = False
        wanted = known.missing(self._now())
        await self._read_visits(guild_id, wanted)
        await self._read_acts(guild_id, wanted)
        await self._recorded()
        self._knowledge.read(guild_id, wanted)
        self._tell_engine()
        log.info(
            "the past is read",
            guild=str(guild_id),
            rows=self._status.rows - before.rows,
            leases=self._status.leases - before.leases,
            closed=self._status.closed - before.closed,
        )

    async def _take_leases(self, guild_id: GuildId, born_at: datetime) -> None:
        async for page in self._recollection.leases(guild_id, born_at):
            self._count(len(page), leases=len(page))
            self._moderator.recollect(guild_id, of_leases(page))

    async def _read_visits(self, guild_id: GuildId, wanted: Since) -> None:
        since_at = earliest(wanted, STAYS, ENTRIES)
        if since_at is None:
            return
        visitors = Visitors(earliest(wanted, ENTRIES), earliest(wanted, STAYS))
        async for page in self._recollection.visits(guild_id, since_at, self._now()):
            self._count(len(page))
            self._moderator.recollect(guild_id, visitors.pasts(page))

    async def _read_acts(self, guild_id: GuildId, wanted: Since) -> None:
        for rule in rules_in(wanted):
            since_at = wanted[ACTS + rule]
            async for page in self._recollection.acts(guild_id, rule, since_at, self._now()):
                self._count(len(page))
                self._moderator.recollect(guild_id, of_acts(page))

    def _count(self, rows: int, *, leases: int = 0) -> None:
        status = self._status
        self._status = replace(status, rows=status.rows + rows, leases=status.leases + leases)

    async def _recorded(self) -> None:
        """Wait until what was taken up is on disk: what says that it was comes after it."""
        recorded = asyncio.Event()
        self._ledger.afterwards(recorded.set)
        await recorded.wait()

    def _tell_engine(self) -> None:
        """Have the engine and the next start know what is known."""
        for guild_id, guild in self._knowledge.guilds.items():
            self._moderator.know_stays(guild_id, _stays_from(guild, self._now()))
        self._ledger.record(meta={META_KEY: self._knowledge.text()})


def _stays_from(guild: GuildPast, at: datetime) -> datetime | None:
    """From when on stays are known; None where that is as far as any rule looks."""
    return earliest(guild.since, STAYS) if STAYS in guild.missing(at) else None
