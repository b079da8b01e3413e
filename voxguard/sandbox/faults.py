"""What is wrong with the stand-in at the moment: every fault is switched on and off here."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from voxguard.sandbox.route_faults import RouteFaults


class Outage(StrEnum):
    """How REST fails: with a status, or by never answering."""

    ERROR = "500"
    UNAVAILABLE = "503"
    SILENCE = "silence"


@dataclass(slots=True)
class Faults:
    """The faults that are on.

    `rest` makes every REST call fail; `delay_seconds` makes each wait before it is looked
    at; `gateway_refuses` answers 503 to new gateway connections; `zombie` leaves heartbeats
    unanswered on those that are there; `date_off_seconds` is how far the `Date` of answers is
    ahead of the clock; `routes` are what befalls single routes.
    """

    rest: Outage | None = None
    delay_seconds: float = 0.0
    gateway_refuses: bool = False
    zombie: bool = False
    date_off_seconds: float = 0.0
    routes: RouteFaults = field(default_factory=RouteFaults)
    _rest_is_back: asyncio.Event = field(default_factory=asyncio.Event)

    def set_rest(self, outage: Outage | None) -> None:
        """Begin or end an outage of REST; calls that wait in silence go on when it ends."""
        self.rest = outage
        if outage is Outage.SILENCE:
            self._rest_is_back.clear()
        else:
            self._rest_is_back.set()

    async def silence(self) -> None:
        """Wait until REST is no longer silent."""
        await self._rest_is_back.wait()

    def clear(self) -> None:
        """Switch everything off."""
        self.set_rest(None)
        self.delay_seconds = 0.0
        self.gateway_refuses = False
        self.zombie = False
        self.date_off_seconds = 0.0
        self.routes.end()
