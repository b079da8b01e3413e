"""What is known of every guild's past, over changes of revision and over restarts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from voxguard.engine.index import RuleIndex
from voxguard.engine.known import Since, Spans, known_under, missing, spans, with_read
from voxguard.model.ids import GuildId
from voxguard.ports.outbox import OutboxState

log = structlog.get_logger("voxguard.recall")

META_KEY: Final = "recall"

_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class GuildPast:
    """Of one guild: how far back rules look, and from when on that is known.

    `orphaned` says that rows of a lost state directory may be open in the database still.
    """

    since: Since = field(default_factory=dict)
    wanted: Spans = field(default_factory=dict)
    orphaned: bool = False

    def missing(self, at: datetime) -> Since:
        """What rules ask for and nobody knows."""
        return missing(self.since, self.wanted, at)


class PastKnowledge:
    """Reads and writes itself as a text in the outbox's meta table.

    `born_at` is when the state directory began; None where an earlier release began it, which
    looked back as far as its rules did.
    """

    def __init__(self, state: OutboxState, at: datetime) -> None:
        """Go on with what an earlier run has left behind."""
        self.guilds: dict[GuildId, GuildPast] = {}
        self.born_at: datetime | None = at
        self._is_older = False
        text = state.meta.get(META_KEY)
        if text is None:
            self._is_older = state.alive_at is not None
        else:
            try:
                self._read(json.loads(text))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                # No traceback: nothing of the program is the cause.
                log.error("what is known of the past is damaged", why=repr(error))  # noqa: TRY400
                self.guilds.clear()
                self._is_older = True
        if self._is_older:
            self.born_at = None

    def text(self) -> str:
        """All of it as JSON."""
        guilds = {
            str(guild_id): {
                "since": {kind: at.isoformat() for kind, at in guild.since.items()},
                "wanted": {kind: span.total_seconds() for kind, span in guild.wanted.items()},
                "orphaned": guild.orphaned,
            }
            for guild_id, guild in self.guilds.items()
        }
        born_at = None if self.born_at is None else self.born_at.isoformat()
        return json.dumps({"born_at": born_at, "guilds": guilds}, separators=(",", ":"))

    def turn_to(self, index: RuleIndex, at: datetime) -> None:
        """Look back as another revision does."""
        for guild_id, guild_index in index.guilds.items():
            after = spans(guild_index.lookback)
            known = self.guilds.get(guild_id)
            if known is None:
                known = self.guilds[guild_id] = GuildPast(orphaned=self.born_at is not None)
                if self._is_older:
                    known.since, known.wanted = dict.fromkeys(after, _ALWAYS), after
            known.since = known_under(known.since, known.wanted, after, at)
            known.wanted = after
        self._is_older = False
        for guild_id in self.guilds.keys() - index.guilds.keys():
            # Nothing is kept of a guild without rules; whoever is held there is released.
            self.guilds[guild_id].since, self.guilds[guild_id].wanted = {}, {}

    def shift(self, past: Callable[[datetime], datetime]) -> None:
        """The wall clock was stepped: what is remembered is told by other instants now."""
        for guild in self.guilds.values():
            guild.since = {kind: past(at) for kind, at in guild.since.items()}

    def read(self, guild_id: GuildId, read: Since) -> None:
        """So much of a guild's past has been read."""
        known = self.guilds[guild_id]
        known.since = with_read(known.since, read)

    def _read(self, memory: Mapping[str, Any]) -> None:
        born_at = memory["born_at"]
        self.born_at = None if born_at is None else datetime.fromisoformat(born_at)
        for guild_id, each in memory["guilds"].items():
            self.guilds[GuildId(int(guild_id))] = GuildPast(
                since={k: datetime.fromisoformat(at) for k, at in each["since"].items()},
                wanted={k: timedelta(seconds=span) for k, span in each["wanted"].items()},
                orphaned=bool(each["orphaned"]),
            )
