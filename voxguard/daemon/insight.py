"""What can be looked at of a daemon at work, by whoever answers questions about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from voxguard.daemon.core import Core
from voxguard.daemon.loop_lag import LoopLag
from voxguard.daemon.reload.status import LoadCounts
from voxguard.daemon.vitals import Policies, Vitals
from voxguard.engine.engine import Engine
from voxguard.ports.discord import Gateway
from voxguard.ports.outbox import Handover


class CountedPolicies(Policies, Protocol):
    """Whoever loads the policies, and counts it."""

    counts: LoadCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """The parts of a daemon, for status, metrics and the calls of the control socket.

    `set_aside` is the latest of the damaged outboxes that lay there when the daemon started.
    """

    core: Core
    gateway: Gateway
    handover: Handover
    policies: CountedPolicies
    set_aside: Path | None
    vitals: Vitals
    now: Callable[[], datetime]
    started_at: datetime
    lag: LoopLag = field(default_factory=LoopLag)

    @property
    def engine(self) -> Engine:
        """The engine, to be read only."""
        return self.core.moderator.engine
