"""The database as a memory: what the log of former days says, for whoever has lost their own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from voxguard.engine.history import Act
from voxguard.engine.recalled_leases import PastLease
from voxguard.model.ids import GuildId, UserId
from voxguard.model.visits import Visit

AWAY: Final = "the database is away"
"""The message of the UnreachableError while nothing is connected."""


@dataclass(frozen=True, slots=True)
class PastAct:
    """An episode in which a rule decided something of a member; `key` is rule and mode."""

    user_id: UserId
    key: str
    act: Act


@dataclass(frozen=True, slots=True)
class RecallStatus:
    """Whether the past is known as far back as the rules look.

    `guilds` are those of which something is still to be read; `reason` says why it has not
    been yet, None while it is being read. `rows` were read since the start, `leases` taken up
    again, and `closed` rows of a lost state directory closed.
    """

    guilds: tuple[GuildId, ...] = ()
    reason: str | None = None
    rows: int = 0
    leases: int = 0
    closed: int = 0

    def complaints(self) -> tuple[str, ...]:
        """What is amiss, one sentence each."""
        why = f" ({self.reason})" if self.reason else ""
        return tuple(
            f"the past of guild {guild_id} is not read from the database yet{why}: until it is, "
            "time_used does not match, escalate counts what is known, and what an earlier run "
            "holds is not released"
            for guild_id in self.guilds
        )


class Recollection(Protocol):
    """What is asked of the log; pages are some hundred rows, in an order of their own.

    Every method raises UnreachableError while the database is away.
    """

    async def caught_up(self) -> bool:
        """Wait a while until the database has every row that waits now; whether it has."""
        ...

    def visits(
        self, guild_id: GuildId, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[Visit]]:
        """The visits that began before `until_at` and did not end before `since_at`.

        They come in the order in which they began. Of one that began more than a week before
        `since_at` nothing is said.
        """
        ...

    def acts(
        self, guild_id: GuildId, rule: str, since_at: datetime, until_at: datetime
    ) -> AsyncIterator[Sequence[PastAct]]:
        """The episodes in which a rule decided something in that time."""
        ...

    def leases(
        self, guild_id: GuildId, before: datetime
    ) -> AsyncIterator[Sequence[tuple[UserId, PastLease]]]:
        """What rules held of members at an instant, as far as anybody knows."""
        ...

    async def close(self, guild_id: GuildId, before: datetime) -> int:
        """Close the rows that nobody will close any more; how many there were.

        Visits that went on at that instant end as lost, when the last row tells of a daemon
        that lived; decisions without a final outcome have one nobody knows.
        """
        ...
