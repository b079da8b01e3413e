"""How the daemon stands, as those outside of it may ask."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One answer to the question whether the daemon does its work.

    `unready` says why it is not ready, one sentence each, and is empty when it is.
    `degraded` says what is amiss although it does its work. `revision` is the active one
    as people see it, None before the first. `database`, `discord` and `policies` tell the
    state of each in a word or two.
    """

    unready: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    revision: str | None = None
    database: str = "unknown"
    discord: str = "unknown"
    policies: str = "unknown"

    @property
    def ready(self) -> bool:
        """Whether every member in its guilds is moderated by the active revision."""
        return not self.unready


class HealthSource(Protocol):
    """Whoever knows how the daemon stands."""

    def health(self) -> Health:
        """How it stands now; answered at once, without waiting for anything."""
        ...
