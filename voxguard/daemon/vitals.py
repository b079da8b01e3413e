"""How the daemon stands: ready, and if not why not."""

from collections.abc import Callable, Iterable
from typing import Protocol

from voxguard.daemon.ledger import Ledger
from voxguard.daemon.reload.status import ReloadStatus
from voxguard.engine.engine import Engine
from voxguard.model.ids import GuildId
from voxguard.ports.discord import Gateway
from voxguard.ports.health import Health
from voxguard.ports.outbox import Handover

SHORT_REVISION = 12


class Policies(Protocol):
    """Whoever loads the policies."""

    @property
    def status(self) -> ReloadStatus:
        """What became of the latest load."""
        ...

    @property
    def waiting(self) -> str | None:
        """What a load that is due waits for, if it is worth telling."""
        ...


class Vitals:
    """Answers how things stand from the parts themselves, when asked."""

    def __init__(
        self,
        engine: Engine,
        gateway: Gateway,
        handover: Handover,
        ledger: Ledger,
        policies: Policies,
        complaints: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """Look at these parts; `complaints` are what else is amiss although it works."""
        self._engine = engine
        self._gateway = gateway
        self._handover = handover
        self._ledger = ledger
        self._policies = policies
        self._complaints = complaints

    def awaited_guilds(self) -> tuple[GuildId, ...]:
        """The guilds of the policy set that the bot is in but has not been shown yet."""
        announced = self._gateway.status.announced
        return tuple(
            guild_id
            for guild_id in self._engine.index.guilds
            if guild_id in announced
            and ((guild := self._engine.guild(guild_id)) is None or not guild.available)
        )

    def health(self) -> Health:
        """How it stands now."""
        discord = self._gateway.status
        database = self._handover.status
        revision = self._engine.index.revision
        unready = []
        if not revision:
            unready.append("no policy set is active yet")
        if not discord.is_connected:
            why = discord.last_error or "still connecting"
            unready.append(f"not connected to Discord: {why}")
        unready += [f"guild {guild_id} has not been seen yet" for guild_id in self.awaited_guilds()]
        if self._ledger.failure is not None:
            unready.append(f"nothing can be recorded: {self._ledger.failure}")
        degraded = list(discord.warnings)
        if not database.connected:
            why = database.last_error or "still connecting"
            degraded.append(
                f"database away ({why}); {database.waiting_rows} rows wait in the outbox"
            )
        if database.refused_rows:
            degraded.append(f"the database refused {database.refused_rows} rows")
        if self._ledger.left_out:
            degraded.append(f"{self._ledger.left_out} records could not be kept: see the log")
        degraded += self._complaints()
        policies = self._policies.status
        degraded += policy_complaints(policies)
        if self._policies.waiting is not None:
            degraded.append(f"the policy files are not read yet: {self._policies.waiting}")
        return Health(
            unready=tuple(unready),
            degraded=tuple(degraded),
            revision=revision[:SHORT_REVISION] or None,
            database="connected" if database.connected else "away",
            discord="connected" if discord.is_connected else "away",
            policies=policies.word(),
        )


def policy_complaints(status: ReloadStatus) -> list[str]:
    """What is amiss with the policies, one sentence each."""
    complaints = []
    if status.from_last_good:
        complaints.append("the policy set did not load: the last good revision is in force")
    if status.failure is not None:
        complaints.append(f"the policy files could not be loaded: {status.failure}")
    if status.errors:
        first = status.errors[0]
        more = f" (and {len(status.errors) - 1} more)" if len(status.errors) > 1 else ""
        complaints.append(f"the policy files are not in force: {first.mark}: {first.message}{more}")
    if status.staged:
        complaints.append(f"revision {status.staged[:SHORT_REVISION]} waits to be applied")
    if status.not_kept is not None:
        complaints.append(f"the active revision would not survive a restart: {status.not_kept}")
    return complaints
