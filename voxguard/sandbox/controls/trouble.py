"""What goes wrong between the bot and Discord."""

from voxguard.sandbox.faults import Faults, Outage
from voxguard.sandbox.gateway.hub import Hub
from voxguard.sandbox.journal import Journal, Source
from voxguard.sandbox.limits import Limit, RateLimiter
from voxguard.sandbox.world.world import UnknownNameError


class TroubleControls:
    """What goes wrong between the bot and Discord."""

    hub: Hub
    journal: Journal
    limiter: RateLimiter
    faults: Faults

    def close_gateway(self, code: int) -> None:
        """Close every gateway connection with this code."""
        self.hub.close_all(code)

    def reconnect_gateway(self) -> None:
        """Ask every client to connect anew (op 7)."""
        self.hub.reconnect_all()

    def invalidate_gateway(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid (op 9)."""
        self.hub.invalidate_all(resumable=resumable)

    def drop_gateway(self, *, forget_sessions: bool = False) -> None:
        """Cut every gateway connection without a word; without sessions no resume helps."""
        self.hub.drop_all()
        if forget_sessions:
            self.hub.forget_all()

    def set_limit(self, route: str, *, limit: int, within_seconds: float) -> None:
        """Change a bucket's size; `UnknownNameError` for a bucket that there is not."""
        if route not in self.limiter.limits:
            names = ", ".join(self.limiter.limits)
            raise UnknownNameError(f"there is no rate limit {route!r}; there are {names}")
        self.limiter.set(route, Limit(limit, within_seconds))

    def set_outage(self, *, rest: Outage | None = None, gateway: bool = False) -> None:
        """Begin or end outages: how REST fails, and whether the gateway refuses."""
        self.faults.set_rest(rest)
        self.faults.gateway_refuses = gateway
        where = [*([f"REST {rest}"] if rest else []), *(["gateway"] if gateway else [])]
        self.journal.see(Source.WORLD, f"outage: {' and '.join(where) or 'over'}")

    def set_delay(self, seconds: float) -> None:
        """Let every REST call wait this long before it is looked at."""
        self.faults.delay_seconds = seconds

    def set_zombie(self, *, zombie: bool) -> None:
        """Leave heartbeats unanswered, or answer them again."""
        self.faults.zombie = zombie
