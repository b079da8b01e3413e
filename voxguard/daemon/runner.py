"""The daemon as a whole: what is started in which order, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from voxguard.daemon.background import Background
from voxguard.daemon.clock import WallClock
from voxguard.daemon.control.server import serve_control
from voxguard.daemon.core import Core
from voxguard.daemon.handing_over import handing_over, recollection_of
from voxguard.daemon.insight import Insight
from voxguard.daemon.lock import hold_state_directory
from voxguard.daemon.metrics.catalogue import DaemonMetrics
from voxguard.daemon.policy_log import log_problems, log_status
from voxguard.daemon.reconcile import Reconciler, Surroundings
from voxguard.daemon.recorder import Recorder
from voxguard.daemon.reload.loader import Loader
from voxguard.daemon.reload.reloader import Reloader
from voxguard.daemon.reload.start import NoPoliciesError, Start, load_initial
from voxguard.daemon.reload.status import Candidate
from voxguard.daemon.reminder import remind
from voxguard.daemon.revisions import Revisions
from voxguard.daemon.signals import on_hangup, on_signals
from voxguard.daemon.vitals import SHORT_REVISION, Vitals
from voxguard.discord.app import open_app
from voxguard.discord.gateway import HikariGateway
from voxguard.discord.rest import DiscordActor
from voxguard.discord.voice_reads import DiscordVoices
from voxguard.errors import UnreachableError
from voxguard.settings import Settings
from voxguard.store.embedded.server import CACHE_DIR
from voxguard.store.outbox import FILE_NAME, FileOutbox
from voxguard.web.app import create_app
from voxguard.web.server import serve

log = structlog.get_logger("voxguard.daemon")


@dataclass(frozen=True, slots=True)
class Options:
    """What `voxguard run` was asked for.

    `cache_dir` takes the programs of an embedded database that has to run as another user,
    where that user cannot read them.
    """

    policies: Path
    settings: Settings
    observe: bool = False
    record: Path | None = None
    cache_dir: Path = CACHE_DIR


@dataclass(frozen=True, slots=True)
class Daemon:
    """The parts of a daemon at work that whoever started it may look at."""

    core: Core
    gateway: HikariGateway
    reloader: Reloader
    vitals: Vitals
    background: Background

    async def stay(self) -> None:
        """Stay connected until cancelled.

        Raises:
            UnreachableError: Discord refuses the token.

        """
        connected = asyncio.create_task(self.gateway.run(), name="gateway")
        refused = asyncio.create_task(self.core.token_refused.wait(), name="token")
        broken = asyncio.create_task(self.background.failure(), name="failure")
        ends: tuple[asyncio.Task[object], ...] = (connected, broken, refused)
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                if end.done():
                    end.result()
            raise UnreachableError(
                "Discord refuses the token", hint="set DISCORD_TOKEN to a new one"
            )
        finally:
            # The gateway says goodbye after the last request, when the parts are closed.
            refused.cancel()
            broken.cancel()
            for end in ends:
                if end.done() and not end.cancelled():
                    end.exception()


async def run_daemon(options: Options) -> None:
    """Moderate until a signal comes, and end with everything in order.

    Raises:
        UsageError: A setting is missing, an address or the state directory cannot be used.
        PolicyError: The policies do not load, and no last good revision exists.
        LockedError: Another daemon holds the state directory.
        UnreachableError: Discord refuses the token.

    """
    options.settings.require_token()
    running = asyncio.create_task(_run(options))
    with on_signals(running.cancel):
        try:
            await running
        except asyncio.CancelledError:
            log.info("stopped")


async def _run(options: Options) -> None:
    async with open_daemon(options) as daemon:
        with on_hangup(lambda: _reload(daemon.reloader)):
            await daemon.stay()


@asynccontextmanager
async def open_daemon(options: Options) -> AsyncIterator[Daemon]:
    """Every part at work but the connection to Discord, which is there while one stays.

    Raises what `run_daemon` does; signals are the caller's to take.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(hold_state_directory(options.settings.state_dir))
        loader = Loader()
        stack.push_async_callback(loader.close)
        revisions = Revisions(options.settings.state_dir / "revisions")
        try:
            start = await load_initial(options.policies, loader, revisions)
        except NoPoliciesError as error:
            log_problems(error.problems)
            raise
        log_status(start.status)
        log.info("policies in force", revision=start.status.revision[:SHORT_REVISION])
        yield await _assemble(options, stack, start, loader, revisions)


async def _assemble(
    options: Options, stack: AsyncExitStack, start: Start, loader: Loader, revisions: Revisions
) -> Daemon:
    """Start every part in the order in which they need each other; they end in reverse."""
    settings = options.settings
    clock, background = WallClock(), Background()
    recorder = None if options.record is None else stack.enter_context(Recorder(options.record))
    outbox = await FileOutbox.open(settings.state_dir / FILE_NAME)
    stack.push_async_callback(outbox.close)
    handover = await stack.enter_async_context(
        handing_over(settings, options.cache_dir, outbox, background)
    )
    app = await stack.enter_async_context(open_app(settings.require_token(), settings.discord_api))
    core = Core(
        outbox,
        DiscordActor(app),
        clock,
        recorder=recorder,
        recollection=recollection_of(handover),
        observe=options.observe,
    )
    core.take_up(await outbox.load())
    core.activate(start.candidate.index)
    reloader = Reloader(
        loader,
        revisions,
        start,
        activate=lambda candidate: _activate(core, candidate),
        changed=log_status,
        now=clock.now,
        automatic=settings.reload == "auto",
    )
    gateway = HikariGateway(app, core.dispatch, core.gateway_changed, now=clock.now)
    stack.push_async_callback(gateway.close)
    core.overflow.start_over = gateway.start_over
    core.clockwork.on_sleep = gateway.start_over
    vitals = Vitals(
        core.moderator.engine,
        gateway,
        handover,
        core.ledger,
        reloader,
        lambda: (*outbox.status.complaints(), *core.recalled.complaints()),
    )
    insight = Insight(
        core=core,
        gateway=gateway,
        handover=handover,
        policies=reloader,
        set_aside=next(reversed(outbox.status.set_aside), None),
        vitals=vitals,
        now=clock.now,
        started_at=clock.now(),
    )
    await stack.enter_async_context(_answering(insight, settings, background))
    await stack.enter_async_context(background.running("reload", reloader.run()))
    reconciler = Reconciler(
        core.moderator.engine,
        DiscordVoices(app),
        core.dispatch,
        core.reconciliation,
        Surroundings(gateway, lambda: core.enforcement.stats),
    )
    await stack.enter_async_context(background.running("reconciliation", reconciler.run()))
    # Entered last, since at a stop nothing may delay the end of new actions.
    await stack.enter_async_context(core.running(background))
    return Daemon(core, gateway, reloader, vitals, background)


@asynccontextmanager
async def _answering(
    insight: Insight, settings: Settings, background: Background
) -> AsyncIterator[None]:
    """Answer whoever asks how things stand, and say it unasked where they stand badly."""
    web = create_app(insight.vitals, DaemonMetrics(insight))
    async with (
        serve(web, settings.http_host, settings.http_port) as served,
        serve_control(insight, settings.state_dir),
        background.running("loop lag", insight.lag.run()),
        background.running("reminders", remind(insight)),
    ):
        log.info("listening", url=served.url)
        yield


async def _activate(core: Core, candidate: Candidate) -> bool:
    log.info("policies in force", revision=candidate.revision[:SHORT_REVISION])
    core.activate(candidate.index)
    return True


def _reload(reloader: Reloader) -> None:
    log.info("asked to reload")
    task = asyncio.ensure_future(reloader.reload_now())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
