"""Discord's gateway as the daemon meets it: late, cut, resumed, begun anew, lossy, and twice."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Protocol

from tests.simulation.people import GUILDS
from tests.simulation.timeline import Timeline
from voxguard.ports.discord import GatewayStatus
from voxguard.sandbox.gateway.intents import Intent, wants
from voxguard.sandbox.world.payloads import guild_create_json
from voxguard.sandbox.world.world import Dispatch, World

INTENTS = Intent.GUILDS | Intent.GUILD_MODERATION | Intent.GUILD_VOICE_STATES
LOSABLE = ("VOICE_STATE_UPDATE", "GUILD_MEMBER_UPDATE")
CONNECTED = GatewayStatus(
    shard_count=1, connected=frozenset({0}), announced=frozenset(ids.guild for ids in GUILDS)
)


Around = Callable[[str, dict[str, Any], Callable[[], None]], None]
"""Called with each dispatch, and with what hands it to the process."""


class Receiver(Protocol):
    """The core, as far as the gateway has to do with it."""

    def dispatch(
        self, name: str, payload: dict[str, Any], watched_at: datetime | None = None
    ) -> None:
        """Take in one dispatch."""

    def gateway_changed(self, status: GatewayStatus) -> None:
        """Take in how the connection stands."""


class Gateway:
    """One shard's session with whichever process lives.

    A session keeps its events: what was not delivered when the connection is cut comes when it
    is resumed. `lose` and `double` are how many of the next events are lost, or come twice.
    `around` may look at the process before and after it takes a dispatch in.
    """

    def __init__(self, timeline: Timeline, world: World, dice: Random) -> None:
        self._timeline = timeline
        self._world = world
        self._dice = dice
        self._receiver: Receiver | None = None
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._connection = 0
        self._connected = False
        self._last_at = 0.0
        self._watched_at: datetime | None = None
        self.intents = INTENTS | (Intent.GUILD_MEMBERS if dice.random() < 0.7 else 0)
        self.lag = 0.0
        self.lose = 0
        self.double = 0
        self.around: Around = lambda _name, _payload, take: take()
        world.subscribe(self._on_dispatch, lambda _: None)

    @property
    def is_idle(self) -> bool:
        """Whether the process knows everything that Discord has told."""
        return self._connected and not self._events

    def detach(self) -> None:
        """The process is gone, and its session with it."""
        self._watched_at = None
        self._end()

    def _end(self) -> None:
        self._receiver = None
        self._connected = False
        self._connection += 1
        self._events.clear()

    def identify(self, receiver: Receiver) -> None:
        """Begin a session: everybody is shown anew, since the last one was watched."""
        if self._receiver is receiver and self._connected:
            self._watched_at = self._timeline.now()
        self._end()
        self._receiver = receiver
        self._connected = True
        self._last_at = self._timeline.monotonic()
        bot = self._world.bot.user
        guilds = [guild for guild in self._world.guilds.values() if guild.is_available]
        self._push("READY", {"user": {"id": str(bot.id)}, "guilds": []})
        for guild in guilds:
            self._push("GUILD_CREATE", guild_create_json(self._world, guild))

    def cut(self, seconds: float, *, resumes: bool) -> None:
        """Cut the connection; after so long it is resumed, or begun anew."""
        receiver = self._receiver
        if receiver is None or not self._connected:
            return
        self._connected = False
        self._watched_at = self._timeline.now()
        self._connection += 1
        connection = self._connection
        receiver.gateway_changed(GatewayStatus(shard_count=1, last_error="cut"))

        def again() -> None:
            if self._connection != connection or self._receiver is not receiver:
                return
            if not resumes:
                self.identify(receiver)
                return
            self._connected = True
            self._events.append(("RESUMED", {}))
            for _ in self._events:
                self._schedule()

        self._timeline.after(seconds, again)

    def _on_dispatch(self, dispatch: Dispatch) -> None:
        if self._receiver is not None and wants(self.intents, dispatch, self._world.bot):
            self._push(dispatch.name, dispatch.data)

    def _push(self, name: str, payload: dict[str, Any]) -> None:
        self._events.append((name, payload))
        if self._connected:
            self._schedule()

    def _schedule(self) -> None:
        """Deliver the next event in order, on this connection or not at all."""
        now = self._timeline.monotonic()
        # No two are taken in within one microsecond.
        at = max(self._last_at + 5e-5, now + self.lag + self._dice.uniform(0.002, 0.06))
        self._last_at = at
        connection = self._connection

        def deliver() -> None:
            if self._connection == connection and self._events:
                self._deliver(*self._events.pop(0))

        self._timeline.after(at - now, deliver)

    def _deliver(self, name: str, payload: dict[str, Any]) -> None:
        receiver = self._receiver
        if receiver is None:
            return
        if self.lose and name in LOSABLE:
            self.lose -= 1
            return
        watched_at = self._watched_at if name == "GUILD_CREATE" else None
        self.around(name, payload, lambda: receiver.dispatch(name, payload, watched_at))
        if self.double and name in LOSABLE:
            self.double -= 1
            receiver.dispatch(name, payload, None)
        if name in {"READY", "RESUMED"}:
            receiver.gateway_changed(CONNECTED)
