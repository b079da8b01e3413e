"""Where the story takes place: hands for what it does, and patience for what must follow."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from voxguard.daemon.demo.chronicle import Chronicle
from voxguard.daemon.demo.files import PolicyFiles
from voxguard.daemon.demo.tables import channels_of, timers_of
from voxguard.daemon.demo.view import DecisionView, EditView, News, View
from voxguard.daemon.runner import Daemon
from voxguard.daemon.vitals import SHORT_REVISION
from voxguard.errors import VoxguardError
from voxguard.sandbox.sandbox import Sandbox

GUILD: Final = "harbour"
PATIENCE_SECONDS: Final = 15.0
_DRAWING_SECONDS: Final = 0.1
_REACTION_SECONDS: Final = 0.05


class StoryError(VoxguardError):
    """Something that the story counts on has not happened."""


class Stage:
    """The parts of the demonstration, and what is said of it."""

    def __init__(self, sandbox: Sandbox, files: PolicyFiles, daemon: Daemon, speed: float) -> None:
        """Take the parts; `speed` shortens the pauses."""
        self.sandbox = sandbox
        self.files = files
        self._daemon = daemon
        self._speed = speed
        self._began_at = sandbox.clock.now()
        self._caption = ""
        self._news: list[News] = []
        self._edits: list[EditView] = []
        self._shown = asyncio.Event()
        self._staying: asyncio.Task[None] | None = None
        self.chronicle = Chronicle(sandbox, daemon.core.moderator.engine, self._decided)
        daemon.core.ledger.subscribe(self.chronicle.read)

    @property
    def edits(self) -> tuple[EditView, ...]:
        """What was done to the files."""
        return tuple(self._edits)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return (self.sandbox.clock.now() - self._began_at).total_seconds()

    @property
    def staying(self) -> asyncio.Task[None] | None:
        """The daemon's stay with Discord, once it has begun; it ends only by a failure."""
        return self._staying

    def tell(self, caption: str) -> None:
        """Go on with the story."""
        self._caption = caption
        self._say("story", caption)

    async def pause(self, seconds: float) -> None:
        """Leave time to read."""
        await asyncio.sleep(seconds / self._speed)

    async def connect(self) -> None:
        """Let the daemon meet Discord, and wait until it is ready."""
        self._staying = asyncio.create_task(self._daemon.stay(), name="daemon")
        await self.until(lambda: self._daemon.vitals.health().ready, "the daemon is ready")

    async def do(self, deed: Callable[[Sandbox], object]) -> None:
        """Let somebody do something in the world, when the screen has just been drawn.

        Drawing takes longer than deciding: else it would be measured too.
        """
        self._shown.clear()
        await self._shown.wait()
        deed(self.sandbox)

    def edit(self, edit: EditView) -> EditView:
        """Make known what was done to a file."""
        self._edits.append(edit)
        self.chronicle.edit = edit
        self._say("file", f"{edit.file} is saved: {edit.change}")
        return edit

    async def in_force(self, edit: EditView) -> None:
        """Wait until what was saved is what is done."""
        status = self._daemon.reloader.status
        before = status.digest
        await self.until(
            lambda: (
                (now := self._daemon.reloader.status).digest != before
                and now.in_force
                and self.revision == now.revision[:SHORT_REVISION]
            ),
            f"the edit of {edit.file} is in force",
        )
        seconds = (self.sandbox.clock.now() - edit.saved_at).total_seconds()
        edit.verdict = f"in force after {seconds:.1f} s, revision {self.revision}"
        self._say("file", f"{edit.file}: {edit.verdict}")

    async def refused(self, edit: EditView) -> None:
        """Wait until the daemon has said what is wrong with it."""
        await self.until(
            lambda: self._daemon.reloader.status.errors, f"the edit of {edit.file} is refused"
        )
        first = self._daemon.reloader.status.errors[0]
        edit.refused = True
        edit.verdict = f"refused: {first.mark}: {first.message}"
        self._say("file", edit.verdict)

    async def expect(
        self, rule: str, effect: str, *members: str, after: datetime | None = None
    ) -> None:
        """Wait until this was decided of each of them and has been applied."""
        since_at = after or self._began_at
        what = f"{rule}: {effect} for {', '.join(members)}"

        def applied() -> bool:
            found = {
                view.member
                for view in self.chronicle.decisions
                if (view.rule, view.effect, view.outcome) == (rule, effect, "applied")
                and view.at >= since_at
            }
            return found.issuperset(members)

        await self.until(applied, what, PATIENCE_SECONDS + self.files.seconds(40))

    async def until(
        self, holds: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until it is so.

        Raises:
            StoryError: It has not become so in time.

        """
        try:
            await self.sandbox.wait_for(holds, seconds)
        except TimeoutError:
            raise StoryError(
                f"the story waited {seconds:g} seconds in vain until: {what}",
                hint="the machine may be very busy: run it again",
            ) from None

    @property
    def revision(self) -> str:
        """The active one, as people see it."""
        return self._daemon.core.moderator.engine.index.revision[:SHORT_REVISION]

    def view(self) -> View:
        """How everything stands."""
        engine = self._daemon.core.moderator.engine
        guild_id = self.sandbox.world.guild(GUILD).id
        guild = engine.guild(guild_id)
        now = self.sandbox.clock.now()
        health = self._daemon.vitals.health()
        self.chronicle.revision = engine.index.revision
        news, self._news = tuple(self._news), []
        return View(
            at=now,
            began_at=self._began_at,
            caption=self._caption,
            guild=GUILD,
            state="ready" if health.ready else "connecting",
            revision=self.revision,
            channels=() if guild is None else channels_of(guild),
            timers=timers_of(engine, guild_id, now),
            decisions=self.chronicle.decisions,
            edits=self.edits,
            news=news,
        )

    def shown(self) -> None:
        """The screen has been drawn; who waits may look again."""
        self._shown.set()
        self.sandbox.journal.touch()

    def now(self) -> datetime:
        """The present instant."""
        return self.sandbox.clock.now()

    @property
    def busy_seconds(self) -> float:
        """How long not to draw, because something is due that drawing would hold up."""
        wake_at = self._daemon.core.moderator.engine.wake_at
        if wake_at is None:
            return 0.0
        left = (wake_at - self.now()).total_seconds()
        return left + _REACTION_SECONDS if 0 < left < _DRAWING_SECONDS else 0.0

    def _decided(self, view: DecisionView) -> None:
        what = f"{view.rule}: {view.effect} {view.member}: {view.outcome}"
        self._say("decided", f"{what}, {view.latency}" if view.latency else what)

    def _say(self, kind: str, text: str) -> None:
        self._news.append(News(self.sandbox.clock.now(), kind, text))
