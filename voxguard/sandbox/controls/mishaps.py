"""What befalls single calls and single events."""

from voxguard.sandbox.faults import Faults
from voxguard.sandbox.gateway.hub import Hub
from voxguard.sandbox.gateway.mishaps import EventFault, Mishap
from voxguard.sandbox.journal import Journal, Source
from voxguard.sandbox.limits import RateLimiter
from voxguard.sandbox.route_faults import RouteFault, RouteTrouble
from voxguard.sandbox.world.world import Ref, UnknownNameError, World


class MishapControls:
    """What befalls single calls and single events."""

    world: World
    hub: Hub
    journal: Journal
    limiter: RateLimiter
    faults: Faults

    def add_route_fault(
        self,
        how: RouteTrouble,
        *,
        route: str | None = None,
        field: str | None = None,
        seconds: float = 1.0,
        jitter: float = 0.0,
        times: int | None = None,
    ) -> None:
        """Let something befall REST calls, by default all and for good.

        `route` is a bucket (`UnknownNameError` where there is none), `field` one that the body
        has to have, `times` how many calls. `seconds` is what a 429 asks to wait or how long a
        slow call waits, and `jitter` is the most that chance adds to the latter.
        """
        if route is not None and route not in self.limiter.limits:
            names = ", ".join(self.limiter.limits)
            raise UnknownNameError(f"there is no rate limit {route!r}; there are {names}")
        fault = RouteFault(how, route, field, seconds, jitter, times)
        self.faults.routes.add(fault)
        self.journal.see(Source.WORLD, f"{how} befalls {route or 'every route'}")

    def end_route_faults(self, route: str | None = None) -> None:
        """End what befalls a bucket's routes, or all of it."""
        self.faults.routes.end(route)
        self.journal.see(Source.WORLD, f"nothing befalls {route or 'any route'} any more")

    def add_event_fault(
        self,
        how: Mishap,
        *,
        event: str | None = None,
        seconds: float = 1.0,
        times: int | None = None,
    ) -> None:
        """Let something befall gateway events, by default all and for good.

        `event` is a name such as VOICE_STATE_UPDATE, `seconds` how late a late one comes.
        """
        self.hub.mishaps.add(EventFault(how, event, seconds, times))

    def end_event_faults(self) -> None:
        """Let all gateway events through; what is late still comes."""
        self.hub.mishaps.end()

    def withhold_guild(self, guild: Ref, *, withheld: bool) -> None:
        """Keep a guild from sessions that begin, though READY names it; or hand it out."""
        where = self.world.guild(guild)
        if withheld:
            self.hub.withhold(where)
        else:
            self.hub.hand_out(where)

    def set_session_starts(
        self, *, left: int | None = None, reset_after: float = 86_400.0, shards: int | None = None
    ) -> None:
        """Say how many sessions may still be started, and how many shards are recommended."""
        if left is not None:
            self.hub.starts.set(left, reset_after)
        if shards is not None:
            self.hub.starts.shards = shards

    def set_date(self, *, ahead: float = 0.0, behind: float = 0.0) -> None:
        """Let the Date of REST answers be off by so many seconds, or right again."""
        self.faults.date_off_seconds = ahead - behind
