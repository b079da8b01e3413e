"""Discord's REST as the daemon meets it: slow, broken, refusing, or silent after it has done it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from tests.simulation.calls import Asked, asked, perform
from tests.simulation.hands import Change, Hand, Hands
from tests.simulation.timeline import Timeline
from voxguard.daemon.enforcement.requests import Request
from voxguard.model.ids import GuildId, UserId
from voxguard.ports.discord import (
    Act,
    Answer,
    MemberEdit,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)
from voxguard.sandbox.limits import DEFAULT_LIMITS, Limit, RateLimiter
from voxguard.sandbox.rest.call import Backend
from voxguard.sandbox.session_starts import SessionStarts
from voxguard.sandbox.world.world import World

TIMEOUT_SECONDS = 15.0
MOST_LATE_SECONDS = 1.5
"""How long a request may be on its way; a killed process is started again after that."""


@dataclass(slots=True, eq=False)
class Sent:
    """A request that has left.

    `forced` is the fault that it meets, if it meets one; `wrote` says that it has become a
    message that was not there before. `knew` are the marks of the member that the process knew
    to be a human's when it left.
    """

    guild_id: GuildId
    user_id: UserId
    act: Act
    request: Request
    asked: Asked
    life: int
    at: float
    forced: str = ""
    wrote: bool = False
    knew: frozenset[str] = frozenset()


class Inspector(Protocol):
    """Who looks at each request as it is sent, done and answered."""

    def sent(self, sent: Sent) -> None:
        """It leaves."""

    def done(self, sent: Sent, answer: Answer, change: Change | None, *, limited: bool) -> None:
        """Discord has taken it in, with this change of the member."""

    def answered(self, sent: Sent, answer: Answer) -> None:
        """The process has its answer."""


@dataclass(slots=True)
class Rest:
    """Takes requests of whichever process lives."""

    timeline: Timeline
    world: World
    hands: Hands
    dice: Random
    backend: Backend = field(init=False)
    limiter: RateLimiter = field(init=False)
    faults: dict[str, float] = field(default_factory=dict)
    inspectors: list[Inspector] = field(default_factory=list)
    limits_changed_at: float = 0.0

    def __post_init__(self) -> None:
        self.backend = Backend(self.world, lambda: 1_000, SessionStarts(self.timeline))
        self.limiter = RateLimiter(self.timeline, dict(DEFAULT_LIMITS))

    def fault(self, name: str, seconds: float) -> None:
        """Let requests meet a fault now and then, for so long."""
        self.faults[name] = self.timeline.monotonic() + seconds

    def limit(self, limits: dict[str, Limit]) -> None:
        """Change the sizes of buckets, of which only answers tell."""
        if any(self.limiter.limits[name] != limit for name, limit in limits.items()):
            self.limiter.limits.update(limits)
            self.limits_changed_at = self.timeline.monotonic()

    def send(self, sent: Sent, tell: Callable[[Answer], None], alive: Callable[[], bool]) -> None:
        """Let a request go its way; what a killed process has sent arrives, or it does not."""
        sent.forced = self._fate()
        for each in self.inspectors:
            each.sent(sent)
        dice = self.dice
        arrives = dice.random() < 0.5
        slow = sent.forced == "slow"
        out = dice.uniform(0.4, MOST_LATE_SECONDS) if slow else dice.uniform(0.01, 0.12)
        back = dice.uniform(1.0, 12.0) if slow else dice.uniform(0.01, 0.12)

        def arrive() -> None:
            if not alive() and not arrives:
                return
            answer, wait = self._answer(sent)
            self.timeline.after(wait + back, lambda: hear(answer))

        def hear(answer: Answer) -> None:
            if alive():
                for each in self.inspectors:
                    each.answered(sent, answer)
                tell(answer)

        self.timeline.after(out, arrive)

    def _fate(self) -> str:
        now = self.timeline.monotonic()
        active = [name for name, until in self.faults.items() if now < until]
        return self.dice.choice(active) if active and self.dice.random() < 0.6 else ""

    def _answer(self, sent: Sent) -> tuple[Answer, float]:
        """What the client will see, and after which wait."""
        match sent.forced:
            case "refused connection":
                return Unreachable("connection refused", in_doubt=False), 0.0
            case "error":
                return Unreachable("Discord answers 503", in_doubt=True), 0.0
            case "lost":
                return Unreachable("no answer in time", in_doubt=True), TIMEOUT_SECONDS
            case "403":
                return Refused(403, 50013, "Missing Permissions"), 0.0
            case "429 user" | "429 shared" | "429 global":
                scope = Scope(sent.forced.removeprefix("429 "))
                return RateLimited(self.dice.uniform(1.0, 8.0), scope), 0.0
            case _:
                pass
        answer = self._do(sent)
        if sent.forced == "answer lost":
            return Unreachable("no answer in time", in_doubt=True), TIMEOUT_SECONDS
        if sent.forced == "error after":
            return Unreachable("Discord answers 500", in_doubt=True), 0.0
        return answer, 0.0

    def _do(self, sent: Sent) -> Answer:
        guild = self.world.guilds[sent.guild_id]
        member = guild.members.get(sent.user_id)
        changes: list[Change] = []
        letters = len(self.backend.mailbox.messages)
        if member is None:
            answer, limited = self._perform(sent)
        else:
            self.hands.moving = isinstance(sent.act, MemberEdit) and sent.act.place is not None
            with self.hands.acting(guild, member, Hand.OURS) as changes:
                answer, limited = self._perform(sent)
            self.hands.moving = False
        change = changes[0] if changes else None
        sent.wrote = len(self.backend.mailbox.messages) > letters
        for each in self.inspectors:
            each.done(sent, answer, change, limited=limited)
        return answer

    def _perform(self, sent: Sent) -> tuple[Answer, bool]:
        return perform(self.backend, self.limiter, sent.asked, sent.request.reason)


@dataclass(slots=True)
class SimulatedActor:
    """One process's `ports.discord.Actor`; `request_of` finds what an act was made of."""

    rest: Rest
    life: int
    alive: Callable[[], bool]
    request_of: Callable[[Act], Request]

    async def act(self, guild_id: GuildId, user_id: UserId, act: Act, reason: str) -> Answer:
        """See `ports.discord.Actor.act`."""
        del reason
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        request = self.request_of(act)
        call = asked(guild_id, user_id, act)
        at = self.rest.timeline.monotonic()
        sent = Sent(guild_id, user_id, act, request, call, self.life, at)

        def tell(answer: Answer) -> None:
            if not future.done():
                future.set_result(answer)

        self.rest.send(sent, tell, self.alive)
        return await future
