"""One simulation: the world, the disk, and one process after the other, until all is quiet."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from uuid import UUID

from tests.simulation import scenes, trouble
from tests.simulation.delivery import Delivery
from tests.simulation.disk import Disk
from tests.simulation.gateway import Gateway
from tests.simulation.hands import Hands
from tests.simulation.life import HEARTBEAT_SECONDS, Life, make_loop
from tests.simulation.people import GUILDS, make_world
from tests.simulation.plot import Happening, Plot
from tests.simulation.rest import Rest
from tests.simulation.rulebook import compiled
from tests.simulation.timeline import Killed, StuckError, Timeline, abandoned
from tests.simulation.watch import Watch
from voxguard.engine.restart import LONGEST_ABSENCE
from voxguard.model.ids import GuildId, UserId

POLL_SECONDS = 5.0
HEALING_SECONDS = 70.0
"""A refused kind of edit is probed once a minute."""

LONGEST_QUIET_SECONDS = 1_200.0
DOWN_SECONDS = 2.0

Check = Callable[["Simulation"], None]


class Simulation:
    """Everything of a run; `checks` look at it whenever it is quiet."""

    def __init__(self, plot: Plot, *, told: bool = False) -> None:
        self.plot = plot
        self.timeline = Timeline()
        self.watch = Watch(self.timeline, told)
        self.dice = Random(plot.seed ^ 0x5EED)  # noqa: S311 - a case, no secret
        self.world = make_world(self.timeline)
        self.world.subscribe(lambda _: None, self.watch.tell)
        self.hands = Hands(self.timeline.now)
        self.disk = Disk(before=lambda: self._die_at_write("before"), after=self._written)
        self.rest = Rest(self.timeline, self.world, self.hands, self.dice)
        self.gateway = Gateway(self.timeline, self.world, self.dice)
        self.gateway.around = Delivery(self).take
        self.life: Life | None = None
        self.lives = 0
        self.policies = plot.policies[0]
        self.dies_in: tuple[int, str] | None = None
        self.is_over = False
        self.checks: list[Check] = []
        self.was_sent: dict[UUID, set[int]] = {}
        self.came_to: set[UUID] = set()
        self.decided_in: dict[UUID, int] = {}
        self.exempt_since: dict[tuple[GuildId, UserId], datetime] = {}
        self._start_due = True
        self._down = DOWN_SECONDS
        self._quiet_since: tuple[int, float] | None = None
        self._healed_at = 0.0

    def run(self) -> None:
        """From the first chapter to the last."""
        self._begin(0)
        try:
            while not self.is_over:
                if self._start_due:
                    self._live()
                else:
                    self.timeline.run_next()
        except StuckError as error:
            self.watch.violated("stuck", str(error))

    def die(self, down_seconds: float) -> None:
        """Kill the process, if there is one; it is started again after a while."""
        if self.life is not None:
            self._down = max(DOWN_SECONDS, down_seconds)
            raise Killed

    def stop(self, down_seconds: float) -> None:
        """Ask the process to stop in order."""
        if self.life is not None:
            self._down = max(DOWN_SECONDS, down_seconds)
            self.life.stopping.set()

    def _live(self) -> None:
        self._start_due = False
        self.lives += 1
        life = Life(self.lives, self.timeline, self.disk, self.rest, self.gateway)
        self.life = life
        self.hands.another_process()
        if self._down + HEARTBEAT_SECONDS >= LONGEST_ABSENCE.total_seconds():
            for ids in GUILDS:
                self.hands.leave_stages(ids.guild)
        self.watch.tell(f"process {life.number} starts")
        with abandoned(make_loop(life, self.timeline, self.watch)) as loop:
            try:
                loop.run_until_complete(life.run(compiled(self.policies)))
                self.watch.tell(f"process {life.number} has stopped")
            except Killed:
                self.watch.tell(f"process {life.number} is killed")
            finally:
                life.end()
                self.life = None
        self.dies_in = None
        if not self.is_over:
            self.timeline.after(self._down, self._start)

    def _start(self) -> None:
        self._start_due = True

    def _written(self) -> None:
        for decision in self.disk.journal[-1].decisions:
            self.decided_in[decision.id] = self.lives
        self._die_at_write("after")

    def _die_at_write(self, when: str) -> None:
        if self.dies_in is not None and self.dies_in[1] == when:
            left = self.dies_in[0] - 1
            self.dies_in = (left, when) if left else None
            if not left:
                self.watch.tell(f"killed {when} a write")
                self.die(DOWN_SECONDS)

    def _begin(self, number: int) -> None:
        self.watch.tell(f"chapter {number}")
        last = 0.0
        for happening in self.plot.chapters[number]:
            last = max(last, happening.at)
            self.timeline.after(happening.at, partial(self._play, happening))
        self.timeline.after(last + 1.0, lambda: self._heal(number))

    def _play(self, happening: Happening) -> None:
        handler = trouble.TROUBLES.get(happening.kind)
        if handler is not None:
            self.watch.tell(f"! {str(happening).strip()}")
            handler(self, happening)
        elif scenes.play(self.world, self.hands, happening):
            self.watch.tell(f". {str(happening).strip()}")

    def _heal(self, number: int) -> None:
        self.watch.tell("everything is well again")
        trouble.heal(self)
        self._healed_at = self.timeline.monotonic()
        self._quiet_since = None
        self.timeline.after(HEALING_SECONDS, lambda: self._poll(number))

    def _poll(self, number: int) -> None:
        now = self.timeline.monotonic()
        marks = len(self.disk.decisions)
        busy = self._busy()
        if busy and now - self._healed_at > LONGEST_QUIET_SECONDS:
            self.watch.violated("never quiet", busy)
        elif busy or self._quiet_since is None or self._quiet_since[0] != marks:
            self._quiet_since = None if busy else (marks, now)
            self.timeline.after(POLL_SECONDS, lambda: self._poll(number))
            return
        self._check()
        if number + 1 < len(self.plot.chapters):
            self._begin(number + 1)
        else:
            self.is_over = True
            if self.life is not None:
                self.life.stopping.set()

    def _check(self) -> None:
        self.watch.tell("quiet")
        if self.life is not None and self.life.has_started:
            for check in self.checks:
                check(self)

    def _busy(self) -> str:
        """Why it is not quiet yet; empty when it is."""
        life = self.life
        if life is None or not life.has_started or life.stopping.is_set():
            return "there is no process"
        if not self.gateway.is_idle:
            return "events are on their way"
        core = life.core
        stats = core.enforcement.stats
        if stats.in_flight or stats.waiting > stats.pending:
            return f"{stats.in_flight} requests under way, {stats.waiting - stats.pending} wait"
        if core.moderator.engine.unfinished or not core.ledger._idle.is_set():
            return "what was decided is not on disk"
        return ""
